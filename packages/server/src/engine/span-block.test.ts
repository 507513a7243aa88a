import { expect, it } from "vitest";
import { makeSpanRequest, stamp } from "../../../../benchmarks/load/span-request.ts";
import { pipeline } from "../pipeline.ts";
import { decodeEntry, emptyBatch, rowOf } from "./decode-batch.ts";
import { readTraces } from "../otlp/read-traces.ts";
import { SpanBlock } from "./span-block.ts";

const RECEIVED = 1_790_000_000_000_000_000n;
const FIRST = 2 ** 20;
const origin = { project: "", receivedAt: RECEIVED };

function requestOf(seed: number): Buffer {
  const request = makeSpanRequest(40, 400, seed);
  stamp(request, 1, seed * 40, RECEIVED);
  return request.body;
}

it("gives every row back as it was, with its number and its billing, also in memory used before", () => {
  const block = new SpanBlock();
  for (const seed of [1, 2]) {
    const body = requestOf(seed);
    const batch = emptyBatch(block);
    decodeEntry({ signal: "traces", encoding: "protobuf", body, ...origin }, pipeline(), batch);
    const rows = readTraces(body, "protobuf").spans.map((span) => rowOf(span, [], origin, pipeline()));
    for (const place of rows.keys()) block.setBilling(place, place % 2 === 0 ? "billed" : "shadow");
    const insert = block.insert(FIRST);
    expect(insert.rows).toBe(40);
    expect(rows.map((_, place) => block.rowAt(place))).toEqual(
      rows.map((row, place) => ({ ...row, row: FIRST + place, billing: place % 2 === 0 ? "billed" : "shadow" })),
    );
    block.clear();
  }
});

it("leaves dropped rows out and keeps the numbers of the others", () => {
  const batch = emptyBatch();
  decodeEntry({ signal: "traces", encoding: "protobuf", body: requestOf(3), ...origin }, pipeline(), batch);
  for (const place of [0, 7, 39]) batch.block.drop(place);
  const { rows, columns } = batch.block.insert(FIRST);
  expect(rows).toBe(37);
  const numbers = columns(0, 37).columns.find((column) => column.name === "row");
  expect(numbers?.type === "u64" && Array.from(numbers.data.slice(0, 7), Number)).toEqual(
    [1, 2, 3, 4, 5, 6, 8].map((place) => FIRST + place),
  );
  // A part of the rows, as when the store refuses some of them.
  const names = columns(10, 20).columns.find((column) => column.name === "name");
  expect(names?.type === "text" && names.offsets.length).toBe(11);
});
