/* A program on Phoenix's SDK. */
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { register } from "@arizeai/phoenix-otel";
import OpenAI from "openai";
import { ask, clientOptions } from "./ask.mjs";

const provider = register({ projectName: "peer", batch: false });
const instrumentation = new OpenAIInstrumentation({ tracerProvider: provider });
instrumentation.manuallyInstrument(OpenAI);
await ask(new OpenAI(clientOptions));
await provider.forceFlush();
await provider.shutdown();
