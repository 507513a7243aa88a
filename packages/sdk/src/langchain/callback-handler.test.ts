import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Telltale } from "../index.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";
import { LangchainHandler } from "./callback-handler.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const SEQUENCE = { id: ["langchain_core", "runnables", "RunnableSequence"] };

let sink: SpanSink;

beforeEach(async () => {
  sink = await startSpanSink();
  Telltale.initialize({ endpoint: sink.endpoint });
});
afterEach(async () => {
  await Telltale.shutdown();
  await sink.stop();
});

describe("the handler of LangChain's callbacks", () => {
  it("ends a run that LangChain forgot, and keeps nothing that it was given", async () => {
    const handler = new LangchainHandler();
    const inputs = new WeakRef({ question: "Hello" });
    Telltale.withSpan("around", () => {
      handler.handleChainStart(SEQUENCE, inputs.deref(), "run-1", undefined, [], {}, undefined, "forgotten");
    });
    for (let round = 0; round < 50 && sink.spans.length < 2; round++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
      await Telltale.flush();
    }
    expect(inputs.deref()).toBeUndefined();
    expect(sink.spans.map(({ name, attributes }) => [name, attributes["telltale.outcome"]])).toEqual([
      ["around", undefined],
      ["forgotten", "abandoned"],
    ]);
  });

  it("takes anything, and ends what it did not understand", async () => {
    const handler = new LangchainHandler();
    const throwing = new Proxy(
      {},
      {
        get: () => {
          throw new Error("mine");
        },
      },
    );
    for (const odd of [undefined, null, 3, "text", [], {}, throwing]) {
      handler.handleChainStart(odd, odd, "chain", "nobody", odd, odd, odd, odd);
      handler.handleChatModelStart(odd, odd, "model", "chain", odd, odd, odd);
      handler.handleToolStart(odd, odd, "tool", "chain", odd, odd, odd, odd);
      handler.handleRetrieverStart(odd, odd, "retriever", "chain", odd, odd, odd);
      handler.handleLLMNewToken(odd, odd, "model");
      handler.handleLLMEnd(odd, "model", "chain", undefined, odd);
      handler.handleToolEnd(odd, "tool");
      handler.handleRetrieverEnd(odd, "retriever");
      handler.handleChainError(odd, "chain");
      handler.handleChainEnd(odd, "unknown");
    }
    await Telltale.flush();
    expect(Telltale.currentSpan()).toBeUndefined();
  });
});
