import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { countingHere, countingOf, countTokens, loadTokenizers, type TokenCounting } from "./count-tokens.ts";
import { estimateCost } from "./estimate-cost.ts";

const HOUR = Date.UTC(2026, 10, 20, 10);
/** The tokenizer is an optional dependency: an installation without it counts by bytes, and says so. */
const tokenizers = await loadTokenizers();
const hasTokenizer = countingHere("gpt-4o", tokenizers) === "o200k_base";
const count = (text: string, counting: TokenCounting): number =>
  countTokens(text, { counting, tokenizers, most: 200_000 });
let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  const time = "2026-11-20 10:00:00";
  let row = 0;
  const add = (columns: object): Promise<void> =>
    test.insert("span_rows", {
      row: ++row,
      project: "p",
      hour: time,
      trace_id: "1".repeat(32),
      span_id: String(row),
      start_time: time,
      kind: "llm",
      billing: "billed",
      provider: "openai",
      request_model: "gpt-4o",
      ...columns,
    });
  const messages = JSON.stringify([{ role: "user", parts: [{ type: "text", content: "hello world" }] }]);
  await add({ input_type: "messages", input: messages, output_type: "text", output: "hello world" });
  await add({ provider: "anthropic", request_model: "claude-sonnet-4-5", input_type: "text", input: "x".repeat(400) });
  await add({ request_model: "house-1", input_type: "text", input: "12345" });
  await add({ input_type: "masked" });
  await add({ usage: '[{"buckets":{"input":7}}]', input_type: "text", input: "told by the provider" });
  await add({ billing: "shadow", input_type: "text", input: "the same call in another layer" });
});

afterAll(() => test.close());

describe("an estimate", () => {
  it("counts the text of calls that told no tokens, and says by what", async () => {
    const told = await estimateCost({ from: HOUR }, test.reader, undefined);
    expect(told).toMatchObject({ quality: "estimated", calls: 3, uncountedCalls: 1, isComplete: true });
    const [input, output] = hasTokenizer ? [9, 2] : [3, 3];
    // "hello world" is two tokens; a message takes four beside its text, and an answer three.
    expect(told.models.find(({ model }) => model === "gpt-4o")).toEqual({
      model: "gpt-4o",
      counting: hasTokenizer ? "o200k_base" : "bytes",
      calls: 1,
      inputTokens: input,
      outputTokens: output,
      nanos: String(input * 2500 + output * 10_000),
      unpricedCalls: 0,
    });
    expect(told.models.find(({ model }) => model.startsWith("claude"))).toMatchObject({
      counting: "bytes",
      inputTokens: 100,
      nanos: "300000",
    });
    expect(told.models.find(({ model }) => model === "house-1")).toMatchObject({
      inputTokens: 2,
      nanos: "0",
      unpricedCalls: 1,
    });
    expect(told.nanos).toBe(String(input * 2500 + output * 10_000 + 300_000));
    const one = await estimateCost({ traceId: "1".repeat(32), model: "house-1" }, test.reader, undefined);
    expect(one.models.map(({ model }) => model)).toEqual(["house-1"]);
    expect(await estimateCost({ from: HOUR + 3_600_000 }, test.reader, undefined)).toMatchObject({
      calls: 0,
      models: [],
    });
  });
});

describe("counting", () => {
  it("knows the tokenizers of OpenAI's models, and claims none for others", () => {
    for (const model of [
      "gpt-4o",
      "gpt-4.1-mini",
      "gpt-5",
      "o3",
      "chatgpt-4o-latest",
      "openai/gpt-4o",
      "ft:gpt-4o:acme",
    ])
      expect([model, countingOf(model)]).toEqual([model, "o200k_base"]);
    for (const model of ["gpt-4", "gpt-4-turbo", "gpt-3.5-turbo", "text-embedding-3-small"])
      expect([model, countingOf(model)]).toEqual([model, "cl100k_base"]);
    for (const model of ["claude-sonnet-4-5", "gemini-2.5-pro", "llama3", "", "ollama"])
      expect([model, countingOf(model)]).toEqual([model, "bytes"]);
  });

  it.skipIf(!hasTokenizer)("takes no special token for one, and long runs for what they are", () => {
    expect(count("<|endoftext|>", "o200k_base")).toBeGreaterThan(1);
    expect(count("a".repeat(50_000), "o200k_base")).toBe(6250);
    const words = "the quick brown fox ".repeat(30_000);
    expect(count(words, "cl100k_base")).toBeGreaterThan(115_000);
    expect(count("", "bytes")).toBe(0);
    expect(count("äöü", "bytes")).toBe(2);
  });
});
