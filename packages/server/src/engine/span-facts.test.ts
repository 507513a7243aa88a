import { expect, test } from "vitest";
import { fingerprintOf } from "./span-facts.ts";
import type { SpanRow } from "./span-row.ts";

const row = {
  parent_span_id: "00f067aa0ba902b7",
  end_time: 1_790_000_000_123_456_789n,
  status: "ok",
  name: "chat gpt-4o",
  input: '[{"role":"user","parts":[]}]',
  output: "[]",
  attributes: "{}",
  events: "",
  usage: '[{"bucket":"input","tokens":"12"}]',
  dialect: "gen-ai/1",
} as unknown as SpanRow;

test("two tellings of the same have one fingerprint", () => {
  expect(fingerprintOf({ ...row })).toBe(fingerprintOf(row));
});

test("whatever differs between two tellings, their fingerprints do", () => {
  const changes: Partial<SpanRow>[] = [
    { parent_span_id: "" },
    { end_time: null },
    { end_time: 1_790_000_000_123_456_790n },
    { status: "error" },
    { name: "chat gpt-4" },
    { input: "" },
    { input: `${row.input} ` },
    { output: "[1]" },
    { input: row.output, output: row.input },
    { attributes: '{"a":1}' },
    { events: "[]" },
    { usage: '[{"bucket":"input","tokens":"13"}]' },
    { dialect: "gen-ai/2" },
    { name: "chat gpt-4ok", status: "" },
  ];
  const fingerprints = [row, ...changes.map((change) => ({ ...row, ...change }))].map(fingerprintOf);
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
});
