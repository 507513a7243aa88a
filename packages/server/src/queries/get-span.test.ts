import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SpanDetail } from "../api-types.ts";
import { WrittenAnswer } from "../query.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { insertTrace, TEST_START, testSpanId, testTraceId } from "../query/testing/trace-rows.ts";
import { getSpan } from "./get-span.ts";

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
});

afterAll(() => test.close());

async function span(columns: { [column: string]: unknown }, id: string): Promise<SpanDetail> {
  await insertTrace(test, { id, spans: [{ id: "1", columns }] });
  const answer = await getSpan.run({ traceId: testTraceId(id), spanId: testSpanId("1") }, test.reader);
  const json = answer instanceof WrittenAnswer ? Buffer.concat(answer.pieces).toString() : JSON.stringify(answer);
  return getSpan.output.parse(JSON.parse(json));
}

describe("get-span", () => {
  it("gives everything that is known of a span", async () => {
    const messages = [{ role: "user", parts: [{ type: "text", content: 'Hi \u2028 "you"\n' }] }];
    const detail = await span(
      {
        parent_span_id: testSpanId("9"),
        name: "chat",
        kind: "llm",
        usage: JSON.stringify([{ model: "gpt-4o", buckets: { input: 10 } }]),
        cost: JSON.stringify({
          nanos: "25000",
          currency: "USD",
          lines: [
            {
              model: "gpt-4o",
              bucket: "input",
              tokens: 10,
              nanosPerMillion: "2500000000",
              price: "openai/gpt-4o@1",
              source: "list",
            },
          ],
        }),
        billing: "billed",
        time_to_first_token_ns: "1500000",
        tags: ["a", "b"],
        input_type: "messages",
        input: JSON.stringify(messages),
        output_type: "text",
        output: 'line\n"</script>" \\ é',
        attributes: { http: { route: "/x", status_code: 429 }, list: [1, "two"], big: 9007199254740993n.toString() },
        resource: JSON.stringify({ "service.name": "checkout" }),
        events: JSON.stringify([{ name: "e", time: `${TEST_START}500000`, attributes: { "a.b": 1 } }]),
        links: JSON.stringify([{ traceId: testTraceId("7"), spanId: testSpanId("8") }]),
        dialect: "gen-ai/1",
      },
      "1",
    );
    expect(detail).toMatchObject({
      traceId: testTraceId("1"),
      parentSpanId: testSpanId("9"),
      startTime: TEST_START,
      endTime: TEST_START + 10,
      status: "ok",
      usage: [{ model: "gpt-4o", buckets: { input: 10 } }],
      cost: { nanos: "25000", lines: [{ nanosPerMillion: "2500000000" }] },
      billing: "billed",
      timeToFirstTokenMs: 1.5,
      tags: ["a", "b"],
      input: { type: "messages", messages },
      output: { type: "text", text: 'line\n"</script>" \\ é' },
      attributes: { "http.route": "/x", "http.status_code": 429, list: [1, "two"], big: "9007199254740993" },
      resource: { "service.name": "checkout" },
      events: [{ name: "e", time: TEST_START + 0.5, attributes: { "a.b": 1 } }],
      links: [{ traceId: testTraceId("7"), spanId: testSpanId("8") }],
    });
  });

  it("tells no content, masked content and broken content apart", async () => {
    const empty = await span(
      { end_time: null, cost: JSON.stringify({ currency: "USD", lines: [], reason: "no-price" }) },
      "2",
    );
    expect(empty).toMatchObject({
      input: null,
      output: null,
      endTime: null,
      cost: { nanos: null, reason: "no-price" },
    });
    const odd = await span({ input_type: "masked", output_type: "json", output: '{"cut": "of' }, "3");
    expect(odd).toMatchObject({ input: { type: "masked" }, output: { type: "text", text: '{"cut": "of' } });
    const kinds = await span(
      {
        input_type: "documents",
        input: '[{"id":"1","score":0.5}]',
        output_type: "json",
        output: '{"__proto__":{"a":1}}',
      },
      "4",
    );
    expect(kinds.input).toEqual({ type: "documents", documents: [{ id: "1", score: 0.5 }] });
    expect(JSON.stringify(kinds.output)).toBe('{"type":"json","value":{"__proto__":{"a":1}}}');
  });

  it("keeps hostile attribute keys as keys", async () => {
    const { attributes } = await span({ attributes: { a: { __proto__: 1, constructor: { prototype: 2 } } } }, "5");
    expect(attributes).toEqual({ "a.constructor.prototype": 2 });
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it("keeps megabytes of content whole", async () => {
    const text = '0123456789 \n"é'.repeat(200_000);
    const detail = await span({ input_type: "json", input: JSON.stringify([text]) }, "6");
    expect(detail.input).toEqual({ type: "json", value: [text] });
  });

  it("says so when there is no such span", async () => {
    const asked = getSpan.run({ traceId: testTraceId("1"), spanId: testSpanId("99") }, test.reader);
    await expect(asked).rejects.toMatchObject({ status: 404, code: "unknown-span" });
  });
});
