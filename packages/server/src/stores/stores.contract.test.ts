import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "../schema/migrate.ts";
import type { Column, Parameter, ReadOptions, Store } from "../store.ts";
import { TEST_ENGINES, type TestEngine } from "../store/testing/open-test-engines.ts";

const TABLE = "telltale_data.contract";

const text = (name: string, values: readonly (string | Uint8Array)[]): Column => {
  const parts = values.map((value) => (typeof value === "string" ? Buffer.from(value) : value));
  const offsets = new Int32Array(parts.length + 1);
  for (const [index, part] of parts.entries()) offsets[index + 1] = offsets[index]! + part.length;
  return { name, type: "text", offsets, bytes: Buffer.concat(parts) };
};

const numbers = (name: string, values: readonly bigint[]): Column => ({
  name,
  type: "u64",
  data: BigUint64Array.from(values),
});

/** Rows `id` and `content`. */
function insertText(store: Store, token: string, ids: readonly bigint[], contents: readonly (string | Uint8Array)[]) {
  return store.insert({
    table: TABLE,
    target: [
      { column: "id", expression: "assumeNotNull(id)" },
      { column: "content", expression: "assumeNotNull(content)" },
    ],
    batch: { rows: ids.length, columns: [numbers("id", ids), text("content", contents)] },
    token,
  });
}

describe.each(Object.entries(TEST_ENGINES))("%s", (_name, open) => {
  let engine: TestEngine;
  let store: Store;

  const read = async (sql: string, parameters: Record<string, Parameter> = {}, options: ReadOptions = {}) =>
    Buffer.from(await store.read(sql, parameters, { format: "JSONCompactEachRow", ...options })).toString();
  const rows = async (sql: string, parameters: Record<string, Parameter> = {}, options: ReadOptions = {}) =>
    (await read(sql, parameters, options))
      .split("\n")
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line));

  beforeAll(async () => {
    engine = await open();
    store = engine.store;
    await migrate(store);
    await store.exec(`DROP TABLE IF EXISTS ${TABLE}`);
    await store.exec(
      `CREATE TABLE ${TABLE} (id UInt64, content String, signed Nullable(Int64), ratio Nullable(Float64),
        json JSON, day Date DEFAULT toDate('2026-01-01') + (id % 3)) ENGINE = MergeTree PARTITION BY day ORDER BY id
        SETTINGS non_replicated_deduplication_window = 100`,
    );
  });

  afterAll(async () => {
    await store.exec(`DROP TABLE IF EXISTS ${TABLE}`);
    await engine.close();
  });

  it("gives back every type of column, with and without values", async () => {
    await store.insert({
      table: TABLE,
      target: ["id", "content", "signed", "ratio", "json"].map((column) => ({
        column,
        expression: column === "signed" || column === "ratio" ? column : `assumeNotNull(${column})`,
      })),
      batch: {
        rows: 3,
        columns: [
          numbers("id", [1n, 2n, 2n ** 64n - 1n]),
          text("content", ["", "a\0b", "naïve 🙂\n'\"\\"]),
          {
            name: "signed",
            type: "i64",
            data: new BigInt64Array([-(2n ** 63n), 0n, 5n]),
            nulls: Uint8Array.of(0, 1, 0),
          },
          { name: "ratio", type: "f64", data: new Float64Array([0.1, 2, 0]), nulls: Uint8Array.of(0, 0, 1) },
          text("json", ['{"a.b":1}', "{}", '{"x":"y"}']),
        ],
      },
      token: "types",
    });
    expect(await rows(`SELECT id, content, signed, ratio, json FROM ${TABLE} ORDER BY id`)).toEqual([
      ["1", "", String(-(2n ** 63n)), 0.1, { a: { b: "1" } }],
      ["2", "a\0b", null, 2, {}],
      [String(2n ** 64n - 1n), "naïve 🙂\n'\"\\", "5", null, { x: "y" }],
    ]);
  });

  it("keeps bytes that are no UTF-8, and texts of 20 MB", async () => {
    const broken = Uint8Array.of(0x61, 0xff, 0xc3, 0x28, 0x00);
    const large = Buffer.alloc(20_000_000, "abcdefgh ");
    await insertText(store, "bytes", [10n, 11n, 12n], [broken, large, "after"]);
    const [[hex]] = (await rows(`SELECT hex(content) FROM ${TABLE} WHERE id = 10`)) as [[string]];
    expect(hex).toBe("61FFC32800");
    const raw = await store.read(`SELECT content FROM ${TABLE} WHERE id = 11`, {}, { format: "RawBLOB" });
    expect(Buffer.from(raw).equals(large)).toBe(true);
    expect(await rows(`SELECT content FROM ${TABLE} WHERE id = 12`)).toEqual([["after"]]);
  });

  it("inserts nothing for a batch without rows", async () => {
    await insertText(store, "none", [], []);
    expect(await rows(`SELECT count() FROM ${TABLE} WHERE id BETWEEN 20 AND 29`)).toEqual([["0"]]);
  });

  it("inserts the same token once, other tokens again, over several partitions", async () => {
    const ids = [30n, 31n, 32n, 33n];
    const contents = ["a", "b", "c", "d"];
    await insertText(store, "once", ids, contents);
    await insertText(store, "once", ids, contents);
    expect(await rows(`SELECT count() FROM ${TABLE} WHERE id BETWEEN 30 AND 39`)).toEqual([["4"]]);
    await insertText(store, "twice", ids, contents);
    expect(await rows(`SELECT count() FROM ${TABLE} WHERE id BETWEEN 30 AND 39`)).toEqual([["8"]]);
  });

  it("reads any parameter as the value it is", async () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("'", "\\", "\\'", "\0", "{a:String}", "--", "\\N"),
    );
    await fc.assert(
      fc.asyncProperty(
        value,
        fc.array(value, { maxLength: 4 }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        async (one, many, unsigned, signed, ratio) => {
          const [found] = await rows(
            "SELECT {one:String}, {many:Array(String)}, {unsigned:UInt64}, {signed:Nullable(Int64)}, {ratio:Float64}, '{one:String}'",
            { one, many, unsigned, signed, ratio },
          );
          const sent = [one.toWellFormed(), many.map((item) => item.toWellFormed())];
          expect(found).toEqual([
            ...sent,
            String(unsigned),
            signed === null ? null : String(signed),
            ratio === 0 ? 0 : ratio,
            "{one:String}",
          ]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("reads lists of many thousand ids, small numbers, truths and names", async () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `${index}`.padStart(32, "0"));
    expect(await rows("SELECT length({ids:Array(String)})", { ids })).toEqual([[String(ids.length)]]);
    const parameters = { table: TABLE, yes: true, limit: 1, none: [] };
    const sql = "SELECT {yes:Bool}, {none:Array(UInt8)} FROM {table:Identifier} LIMIT {limit:UInt32}";
    expect(await rows(sql, parameters)).toEqual([[true, []]]);
  });

  it.each([
    ["a missing parameter", "SELECT {a:String}", {}],
    ["no integer", "SELECT 1 LIMIT {a:UInt32}", { a: "1; DROP TABLE x" }],
    ["no number", "SELECT {a:UInt64}", { a: "1; DROP TABLE x" }],
    ["no name", "SELECT * FROM {a:Identifier}", { a: "system.tables WHERE 1" }],
    ["wrong syntax", "SELEC 1", {}],
    ["an unknown column", "SELECT nope", {}],
    ["an unknown table", "SELECT * FROM nope.nope", {}],
    ["a write", `INSERT INTO ${TABLE} (id) VALUES (1)`, {}],
    ["a change of the schema", `DROP TABLE ${TABLE}`, {}],
  ])("refuses %s as a bad query", async (_what, sql, parameters) => {
    await expect(read(sql, parameters)).rejects.toMatchObject({ name: "StoreError", code: "bad-query", retry: false });
  });

  it.each([
    ["time", "SELECT count() FROM system.numbers", { maxSeconds: 0.2 }],
    ["rows", "SELECT * FROM system.numbers LIMIT 100", { maxResultRows: 10 }],
    [
      "memory",
      "SELECT groupArray(number) FROM (SELECT number FROM system.numbers LIMIT 10000000)",
      { maxMemoryBytes: 10_000_000 },
    ],
  ] as const)("stops a read at its limit of %s, and reads on", async (_what, sql, options) => {
    await expect(read(sql, {}, options)).rejects.toMatchObject({ code: "limit", retry: false });
    expect(await rows("SELECT 1")).toEqual([[1]]);
  });

  it("tells the engine's words without its noise", async () => {
    const error = await read("SELECT nope FROM telltale_v1.spans").catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining("nope") as string });
    expect(String(error)).not.toMatch(/DB::Exception|Code: |version|UNKNOWN_IDENTIFIER|Query failed/);
  });

  it("cuts a person's answer at its rows, knows the views by their bare names and changes nothing", async () => {
    const person = { lane: "person", maxResultRows: 3 } as const;
    expect(await rows("SELECT number FROM system.numbers LIMIT 100", {}, person)).toEqual([["0"], ["1"], ["2"]]);
    expect(await rows("SELECT count() FROM spans", {}, person)).toEqual([["0"]]);
    for (const sql of [
      `INSERT INTO ${TABLE} (id) VALUES (1)`,
      "SET readonly = 0",
      "SELECT 1 SETTINGS max_execution_time = 0",
      "CREATE TABLE t (a Int8) ENGINE = Memory",
    ]) {
      await expect(read(sql, {}, person)).rejects.toMatchObject({ code: "bad-query" });
    }
  });

  it("reads side by side while it inserts", async () => {
    const inserting = async () => {
      for (let batch = 0; batch < 10; batch++) {
        const ids = Array.from({ length: 500 }, (_, index) => BigInt(1_000_000 + batch * 500 + index));
        await insertText(store, `beside-${batch}`, ids, ids.map(String));
      }
    };
    const reading = Array.from({ length: 30 }, () => rows(`SELECT count() % 500 FROM ${TABLE} WHERE id >= 1000000`));
    const [, ...counts] = await Promise.all([inserting(), ...reading]);
    // A batch is seen in whole partitions, of which each has a third of it.
    for (const found of counts) expect(found).toHaveLength(1);
    expect(await rows(`SELECT count(), uniqExact(id) FROM ${TABLE} WHERE id >= 1000000 AND id < 2000000`)).toEqual([
      ["5000", "5000"],
    ]);
  });

  it("answers the views with the documented columns", async () => {
    const names = async (view: string) =>
      (await rows(`DESCRIBE TABLE telltale_v1.${view}`)).map((row) => (row as string[])[0]);
    expect(await names("traces")).toEqual(
      "trace_id project root_name start_time duration_ms status span_count llm_calls tool_calls error_count input_tokens output_tokens total_tokens cost_usd models session_id user_id".split(
        " ",
      ),
    );
    expect(await names("spans")).toEqual(
      "trace_id span_id parent_span_id project service_name name kind operation start_time end_time duration_ms status error_type error_message provider request_model response_model input_tokens output_tokens total_tokens cache_read_tokens cache_write_tokens reasoning_tokens cost_usd billed time_to_first_token_ms finish_reason session_id user_id agent_name tool_name tool_call_id input output attributes dialect estimated_input_tokens estimated_output_tokens estimated_cost_usd".split(
        " ",
      ),
    );
  });
});
