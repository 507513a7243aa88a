/* A program on OpenLLMetry's SDK. */
import * as traceloop from "@traceloop/node-server-sdk";
import OpenAI from "openai";
import { ask, clientOptions } from "./ask.mjs";

traceloop.initialize({
  appName: "peer",
  disableBatch: true,
  instrumentModules: { openAI: OpenAI },
  silenceInitializationMessage: true,
});
await traceloop.withWorkflow({ name: "answer" }, () => ask(new OpenAI(clientOptions)));
await traceloop.forceFlush();
