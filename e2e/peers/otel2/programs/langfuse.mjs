/* A program on version 5 of Langfuse's SDK. */
import { observeOpenAI } from "@langfuse/openai";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import { NodeSDK } from "@opentelemetry/sdk-node";
import OpenAI from "openai";
import { ask, clientOptions } from "./ask.mjs";

const sdk = new NodeSDK({ spanProcessors: [new LangfuseSpanProcessor()] });
sdk.start();
await ask(observeOpenAI(new OpenAI(clientOptions)));
await sdk.shutdown();
