import type { Cost } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costFromJson, costJson } from "./cost-json.ts";
import { mergeRows } from "./merge-rows.ts";
import type { SpanRow } from "./span-row.ts";

const EMPTY: SpanRow = {
  row: 0,
  project: "default",
  hour: 3600,
  trace_id: "t",
  span_id: "s",
  parent_span_id: "",
  service_name: "",
  name: "",
  kind: "span",
  operation: "",
  start_time: 5n,
  end_time: null,
  status: "unset",
  error_type: "",
  error_message: "",
  provider: "",
  request_model: "",
  response_model: "",
  response_id: "",
  service_tier: "",
  input_tokens: null,
  output_tokens: null,
  cache_read_tokens: null,
  cache_write_tokens: null,
  reasoning_tokens: null,
  usage: "",
  cost: "",
  cost_nanos: null,
  billing: "none",
  time_to_first_token_ns: null,
  finish_reason: "",
  session_id: "",
  user_id: "",
  tags: "",
  agent_name: "",
  tool_name: "",
  tool_call_id: "",
  prompt_name: "",
  prompt_version: "",
  input_type: "",
  input: "",
  output_type: "",
  output: "",
  input_preview: "",
  output_preview: "",
  attributes: "{}",
  resource: "",
  scope_name: "",
  scope_version: "",
  events: "",
  links: "",
  dialect: "",
};

const NO_USAGE: Cost = { currency: "USD", lines: [], reason: "no-usage" };
const REPORTED = { nanos: 9n, source: "gen_ai.usage.cost" };
const COSTS: readonly (Cost | undefined)[] = [
  undefined,
  NO_USAGE,
  { ...NO_USAGE, reported: REPORTED },
  { nanos: 5n, currency: "USD", lines: [] },
  { nanos: 5n, currency: "USD", lines: [], reason: "partial-usage" },
];

function columnsOf(cost: Cost | undefined): Pick<SpanRow, "cost" | "cost_nanos"> {
  return { cost: cost ? costJson(cost) : "", cost_nanos: cost?.nanos ?? null };
}

const rows: fc.Arbitrary<SpanRow> = fc
  .record({
    name: fc.constantFrom("", "a", "b"),
    kind: fc.constantFrom("span", "llm", "tool"),
    end_time: fc.constantFrom(null, 10n, 20n),
    status: fc.constantFrom("unset", "ok", "error"),
    input: fc.constantFrom("", "short", "a longer one"),
    output_tokens: fc.constantFrom(null, 0, 7),
    cost: fc.constantFrom(...COSTS),
    attributes: fc.constantFrom("{}", '{"a.b":1}', '{"a":{"b":1},"c":"x"}', '{"c":"y"}'),
  })
  .map(({ cost, ...fields }) => ({
    ...EMPTY,
    ...fields,
    ...columnsOf(cost),
    input_type: fields.input ? "text" : "",
    input_preview: fields.input,
  }));

describe("mergeRows", () => {
  it("fills what was open and lets the newer telling win", () => {
    const started = { ...EMPTY, name: "chat", input_type: "text", input: "question", status: "unset" };
    const ended = {
      ...EMPTY,
      name: "chat gpt-4o",
      end_time: 9n,
      output_type: "text",
      output: "answer",
      output_tokens: 3,
    };
    expect(mergeRows(started, ended)).toMatchObject({
      name: "chat gpt-4o",
      input: "question",
      output: "answer",
      end_time: 9n,
      output_tokens: 3,
    });
  });

  it("says of an amount that stays nothing that a telling without usage says of its own", () => {
    const priced = { ...EMPTY, ...columnsOf({ nanos: 5n, currency: "USD", lines: [] }) };
    const later = { ...EMPTY, ...columnsOf({ ...NO_USAGE, reported: REPORTED }), end_time: 9n };
    const wanted = columnsOf({ nanos: 5n, currency: "USD", lines: [], reported: REPORTED });
    expect(mergeRows(priced, later)).toMatchObject(wanted);
    expect(mergeRows(priced, { ...later, ...columnsOf(NO_USAGE) })).toMatchObject(
      columnsOf({ nanos: 5n, currency: "USD", lines: [] }),
    );
    fc.assert(
      fc.property(rows, rows, (old, next) => {
        const { cost, cost_nanos } = mergeRows(old, next);
        expect(costFromJson(cost)?.nanos ?? null).toBe(cost_nanos);
      }),
    );
  });

  it("keeps an error, an end and a kind that were told once", () => {
    const failed = { ...EMPTY, status: "error", end_time: 20n, kind: "llm" };
    expect(mergeRows(failed, { ...EMPTY, status: "ok", end_time: 10n })).toMatchObject({
      status: "error",
      end_time: 20n,
      kind: "llm",
    });
  });

  it("is idempotent: the same telling again changes nothing", () => {
    fc.assert(
      fc.property(rows, rows, (old, next) => {
        const once = mergeRows(old, next);
        expect(mergeRows(once, next)).toEqual(once);
        expect(mergeRows(old, old)).toEqual(old);
      }),
    );
  });

  it("sees that nested text read back says the same as flat text as sent", () => {
    const stored = { ...EMPTY, attributes: '{"gen_ai":{"request":{"model":"m"}},"n":1}' };
    expect(mergeRows(stored, { ...EMPTY, attributes: '{"gen_ai.request.model":"m","n":1}' }).attributes).toBe(
      stored.attributes,
    );
  });
});
