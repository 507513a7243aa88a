import type { Hook } from "../hook.ts";
import { LangchainHandler } from "../langchain/callback-handler.ts";
import { registerHandler } from "../langchain/tracing-storage.ts";

/** LangChain.js and LangGraph, by their callbacks: every run of every copy, without a line in the program. */
export const langchain: Hook = {
  name: "langchain",
  install(): () => void {
    const handler = new LangchainHandler();
    return registerHandler(handler, handler.runInside);
  },
};
