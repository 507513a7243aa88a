import type { Content, Span, SpanKind } from "@telltale/model";
import { parseSpanId, parseTraceId } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { repeatedCall } from "./repeated-call.ts";

const traceId = parseTraceId("0af7651916cd43dd8448eb211c80319c")!;
let serial = 0;

interface Call {
  readonly kind?: SpanKind;
  readonly tool?: string;
  readonly agent?: string;
  readonly input?: string | Content;
  readonly output?: string;
}

function call({ kind = "tool", tool = "search", agent = "searcher", input, output }: Call): Span {
  serial++;
  return {
    traceId,
    spanId: parseSpanId(serial.toString(16).padStart(16, "0"))!,
    project: "default",
    serviceName: "test",
    name: tool,
    kind,
    startTime: BigInt(serial),
    endTime: BigInt(serial) + 1n,
    status: "ok",
    usage: [],
    tags: [],
    agentName: agent,
    toolName: tool,
    attributes: new Map(),
    resource: new Map(),
    scopeName: "",
    scopeVersion: "",
    events: [],
    links: [],
    dialect: "test/1",
    ...(input === undefined ? {} : { input: typeof input === "string" ? { type: "text", text: input } : input }),
    ...(output === undefined ? {} : { output: { type: "text", text: output } }),
  };
}

function findings(calls: readonly Call[]): ({ severity: string; count: number } | undefined)[] {
  const watch = repeatedCall.create();
  return calls.map((one) => {
    const found = watch.see(call(one));
    return found && { severity: found.severity, count: found.spanIds.length };
  });
}

const ROUND = [
  "refund policy for damaged items",
  "refund policy damaged item",
  "refund policy for a damaged item",
  "refund policy for the damaged items",
  "refund policy for damaged items?",
];

describe("repeatedCall", () => {
  test("warns at the third call with slightly changed words, and calls the fifth an error", () => {
    expect(findings(ROUND.map((input) => ({ input })))).toEqual([
      undefined,
      undefined,
      { severity: "warning", count: 3 },
      undefined,
      { severity: "error", count: 5 },
    ]);
  });

  test("names the tool, the spans in order and whether the answers were the same", () => {
    const watch = repeatedCall.create();
    const spans = ROUND.slice(0, 3).map((input) => call({ input, output: "no result" }));
    const found = spans.map((span) => watch.see(span)).at(-1);
    expect(found?.message).toBe(
      "search was called 3 times in a row with nearly the same input and gave nearly the same answer",
    );
    expect(found?.spanIds).toEqual(spans.map((span) => span.spanId));
    expect(found?.traceId).toBe(traceId);
  });

  test("says less when the answers differ: somebody may be polling", () => {
    const watch = repeatedCall.create();
    const outputs = ["queued", "running, 40 %", "done: 12 rows in table orders"];
    const found = outputs.map((output) => watch.see(call({ input: "status of job 7", output }))).at(-1);
    expect(found?.message).toBe("search was called 3 times in a row with nearly the same input");
  });

  test("begins again after a different question", () => {
    const calls = [ROUND[0], ROUND[1], "opening hours of the shop in Oslo", ROUND[2], ROUND[3]];
    expect(findings(calls.map((input) => ({ input: input! })))).toEqual(calls.map(() => undefined));
  });

  test("keeps tools and agents apart", () => {
    const calls = [..."abc"].flatMap((agent) => [..."xy"].map((tool) => ({ agent, tool, input: ROUND[0]! })));
    expect(findings(calls)).toEqual(calls.map(() => undefined));
  });

  test("looks at the last message of a model call, not at the conversation it carries", () => {
    const conversation = (last: string): Content => ({
      type: "messages",
      messages: [
        { role: "system", parts: [{ type: "text", content: "You are a helpful assistant. ".repeat(50) }] },
        { role: "user", parts: [{ type: "text", content: last }] },
      ],
    });
    const different = ["Who is the king of Norway?", "How many legs has a spider?", "Where is the nearest station?"];
    const ask = (last: string): Call => ({ kind: "llm", input: conversation(last) });
    expect(findings(different.map(ask))).toEqual([undefined, undefined, undefined]);
    expect(findings(["Try again.", "Try again.", "Try again."].map(ask)).at(-1)).toEqual({
      severity: "warning",
      count: 3,
    });
  });

  test("takes a batch of calls from one template for no loop", () => {
    const items = ["the parcel was wet", "great service", "my invoice is wrong"];
    const calls = items.map((item): Call => ({
      kind: "llm",
      input: `Classify the message as praise or complaint: ${item}`,
    }));
    expect(findings(calls)).toEqual([undefined, undefined, undefined]);
  });

  test("says nothing of spans that are no calls, or whose input is hidden or unknown", () => {
    const silent: Call[] = [
      { kind: "agent", input: "a" },
      { kind: "span", input: "a" },
      {},
      { input: { type: "masked" } },
    ];
    for (const one of silent) expect(findings(Array.from({ length: 6 }, () => one))).toEqual(Array(6).fill(undefined));
  });

  test("finds exactly the third and every call from the fifth on, for any input that is repeated as it is", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 12 }), (input, count) => {
        const counts = findings(Array.from({ length: count }, () => ({ input }))).map((found) => found?.count);
        expect(counts).toEqual(
          Array.from({ length: count }, (_, index) => (index === 2 || index >= 4 ? index + 1 : undefined)),
        );
      }),
    );
  });
});
