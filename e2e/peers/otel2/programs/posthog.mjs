/* A program on PostHog's SDK: its processor sends the spans that an instrumentation of the client makes. */
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { PostHogSpanProcessor } from "@posthog/ai/otel";
import OpenAI from "openai";
import { ask, clientOptions } from "./ask.mjs";

const processor = new PostHogSpanProcessor({ projectToken: "any", host: process.env.POSTHOG_HOST });
const sdk = new NodeSDK({ spanProcessors: [processor] });
sdk.start();
const instrumentation = new OpenAIInstrumentation();
instrumentation.manuallyInstrument(OpenAI);
await ask(new OpenAI(clientOptions));
await sdk.shutdown();
