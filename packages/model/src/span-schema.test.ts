import { expect, it } from "vitest";
import { parseSpanId, parseTraceId } from "./ids.ts";
import { spanSchema } from "./span-schema.ts";
import { durationBetween, formatInstant, fromMilliseconds, toMilliseconds } from "./time.ts";

const span = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  project: "default",
  serviceName: "shop",
  name: "chat gpt-4o",
  kind: "llm",
  startTime: 1n,
  endTime: 2n,
  status: "ok",
  usage: [{ model: "gpt-4o", buckets: { input: 3, output: 4 } }],
  input: { type: "messages", messages: [{ role: "user", parts: [{ type: "text", content: "hi" }] }] },
  output: { type: "json", value: { answer: [1, null, "x"] } },
  tags: [],
  attributes: new Map<string, unknown>([["a", new Map([["b", [1n, new Uint8Array(1)]]])]]),
  resource: new Map(),
  scopeName: "",
  scopeVersion: "",
  events: [{ name: "exception", time: 1n, attributes: new Map() }],
  links: [],
  dialect: "gen-ai/1",
};

it("accepts a canonical span and names the field that is wrong in another", () => {
  expect(spanSchema.safeParse(span).error).toBeUndefined();
  const wrong = spanSchema.safeParse({ ...span, kind: "LLM", attributes: {}, modle: "x" });
  expect(wrong.error?.issues.map((issue) => issue.path[0] ?? issue.code)).toEqual(
    expect.arrayContaining(["kind", "attributes", "unrecognized_keys"]),
  );
});

it("reads ids in any case and refuses zero and short ones", () => {
  expect(parseTraceId("0AF7651916CD43DD8448EB211C80319C")).toBe(span.traceId);
  expect([
    parseTraceId("0".repeat(32)),
    parseTraceId("abc"),
    parseSpanId("0".repeat(16)),
    parseSpanId("zz".repeat(8)),
  ]).toEqual([undefined, undefined, undefined, undefined]);
});

it("keeps nanoseconds where a number would lose them", () => {
  const instant = 1_795_514_400_123_456_789n;
  expect(formatInstant(instant)).toBe("2026-11-24T10:00:00.123456789Z");
  expect(fromMilliseconds(toMilliseconds(instant))).toBe(1_795_514_400_123_456_000n);
  expect(durationBetween(5n, 3n)).toBe(0n);
});
