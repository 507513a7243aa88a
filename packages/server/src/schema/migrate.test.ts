import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../store.ts";
import { openTestChdb, type TestEngine } from "../store/testing/open-test-engines.ts";
import { createTable } from "./create-table.ts";
import { migrate, MIGRATIONS } from "./migrate.ts";
import { searchText } from "./search-text.ts";

const NEXT = MIGRATIONS.length + 1;

const TABLE = {
  name: "things",
  columns: "a UInt64",
  engine: "ReplacingMergeTree(a)",
  order: "ORDER BY a",
  shardBy: "a",
};

describe("migrate", () => {
  let engine: TestEngine;
  let store: Store;
  beforeEach(async () => {
    engine = await openTestChdb();
    store = engine.store;
  });
  afterEach(() => engine.close());

  const lines = async (sql: string) =>
    Buffer.from(await store.read(sql, {}, { format: "TSVRaw" }))
      .toString()
      .trimEnd()
      .split("\n");

  it("applies every step once", async () => {
    await migrate(store);
    await migrate(store);
    expect(await lines("SELECT number FROM telltale_data.migrations ORDER BY number")).toEqual(
      MIGRATIONS.map(({ number }) => String(number)),
    );
  });

  it("does a step again that a crash cut off", async () => {
    const broken = { number: NEXT, name: "broken", tables: [TABLE], statements: ["SELECT throwIf(1)"] };
    await expect(migrate(store, {}, [...MIGRATIONS, broken])).rejects.toThrow(/throwIf/);
    await migrate(store, {}, [...MIGRATIONS, { ...broken, statements: [] }]);
    expect(await lines("SELECT max(number), count() FROM telltale_data.migrations")).toEqual([`${NEXT}\t${NEXT}`]);
  });

  it("refuses data of a newer release and says what to do", async () => {
    await migrate(store, {}, [...MIGRATIONS, { number: NEXT, name: "later", tables: [], statements: [] }]);
    await expect(migrate(store)).rejects.toThrow(
      new RegExp(`newer Telltale \\(schema ${NEXT}; this one knows ${NEXT - 1}\\).*data directory`),
    );
  });

  it("takes the summaries of an older schema along, each trace once", async () => {
    await migrate(store, {}, MIGRATIONS.slice(0, 2));
    const insert = (row: number, trace: string, start: string, bucket: string) =>
      store.exec(
        `INSERT INTO telltale_data.trace_rows (row, project, bucket, trace_id, start_time, end_time) VALUES (${row}, 'p', '${bucket}', '${trace}', '${start}', '${start}')`,
      );
    await insert(1, "a", "2026-11-20 10:30:05", "2026-11-20 10:00:00");
    await insert(2, "a", "2026-11-20 10:30:04", "2026-11-20 10:00:00");
    await insert(3, "b", "2026-11-20 09:59:59", "2026-11-20 10:00:00");
    await migrate(store);
    expect(
      await lines("SELECT trace_id, row, filed_at FROM telltale_data.trace_summaries FINAL ORDER BY trace_id"),
    ).toEqual(["a\t2\t2026-11-20 10:30:04", "b\t3\t2026-11-20 10:00:00"]);
    expect(await lines("SELECT count() FROM telltale_v1.traces")).toEqual(["2"]);
    expect(await lines("EXISTS TABLE telltale_data.trace_rows")).toEqual(["0"]);
  });

  it("takes the spend of an older schema along, without users, and counts the calls of its traces", async () => {
    await migrate(store, {}, MIGRATIONS.slice(0, 3));
    const hour = "'2026-11-20 10:00:00'";
    await store.exec(
      `INSERT INTO telltale_data.spend_rows (project, hour, model, user_id, calls, cost_nanos) VALUES ('p', ${hour}, 'm', 'ada', 2, 20), ('p', ${hour}, 'm', 'bob', 1, 7), ('p', ${hour}, 'm', 'bob', -1, -7), ('p', ${hour}, 'm', 'cy', 1, 1)`,
    );
    await store.exec(
      `INSERT INTO telltale_data.span_rows (row, project, hour, trace_id, span_id, start_time, billing) VALUES (1, 'p', ${hour}, 'a', '1', ${hour}, 'billed'), (2, 'p', ${hour}, 'a', '2', ${hour}, 'billed'), (3, 'p', ${hour}, 'a', '2', ${hour}, 'billed'), (4, 'p', ${hour}, 'b', '1', ${hour}, 'none')`,
    );
    await store.exec("INSERT INTO telltale_data.superseded VALUES (2, 1)");
    await store.exec(
      `INSERT INTO telltale_data.trace_summaries (row, project, filed_at, trace_id, span_count, session_id) VALUES (3, 'p', ${hour}, 'a', 2, 's'), (4, 'p', ${hour}, 'b', 1, '')`,
    );
    // Cut off before its record, the step is done again.
    const cut = { ...MIGRATIONS[3]!, statements: [...MIGRATIONS[3]!.statements, "SELECT throwIf(1)"] };
    await expect(migrate(store, {}, [...MIGRATIONS.slice(0, 3), cut])).rejects.toThrow(/throwIf/);
    await migrate(store);
    expect(await lines("SELECT sum(calls), sum(cost_nanos) FROM telltale_data.spend_hours")).toEqual(["3\t21"]);
    const traces =
      "SELECT trace_id, calls, span_count, if(session_id = '', '-', session_id) FROM telltale_data.trace_summaries FINAL ORDER BY trace_id";
    expect(await lines(traces)).toEqual(["a\t2\t2\ts", "b\t0\t1\t-"]);
    expect(await lines("EXISTS TABLE telltale_data.spend_rows")).toEqual(["0"]);
  });

  it("gives the summaries of an older schema as one column, too", async () => {
    await migrate(store, {}, MIGRATIONS.slice(0, 7));
    const columns =
      "row, project, filed_at, trace_id, root_name, start_time, end_time, input_tokens, cost_nanos, models";
    const insert = (row: number) =>
      store.exec(
        `INSERT INTO telltale_data.trace_summaries (${columns}) VALUES (${row}, 'p', 0, '${row}', 'a "b" \\n c', 1, 3, NULL, 9007199254740993, ['m'])`,
      );
    await insert(1);
    await migrate(store);
    await insert(2);
    const told = await lines("SELECT DISTINCT summary FROM telltale_data.trace_summaries");
    expect(told.map((line) => JSON.parse(line) as unknown)).toEqual([
      [
        'a "b" \n c',
        "",
        "",
        "1",
        "3",
        "",
        0,
        0,
        0,
        0,
        null,
        null,
        "9007199254740993",
        0,
        ["m"],
        [],
        [],
        "",
        "",
        "",
        "",
      ],
    ]);
  });

  it("numbers its steps without gaps", () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it("finds words by the text indexes once parts are merged", async () => {
    await migrate(store);
    await store.exec(
      "INSERT INTO telltale_data.span_rows (row, project, hour, trace_id, span_id, start_time, input, output) " +
        "SELECT number, 'p', toDateTime('2026-01-01 00:00:00', 'UTC'), toString(number), 's', now64(9), concat('Order ', toString(number), ' REFUNDED'), 'fine' " +
        "FROM system.numbers LIMIT 20000",
    );
    // The engine leaves indexes aside in a part of one granule: 20,000 rows make three.
    await store.exec("OPTIMIZE TABLE telltale_data.span_rows FINAL");
    for (const predicate of [
      `hasToken(${searchText("input")}, '77')`,
      `hasAllTokens(${searchText("input")}, ['order', '77'])`,
      `${searchText("input")} LIKE '%order 77 refund%'`,
      `(hasAllTokens(${searchText("input")}, ['77']) OR hasAllTokens(${searchText("output")}, ['77']))`,
    ]) {
      const from = `FROM telltale_data.span_rows WHERE ${predicate}`;
      expect(await lines(`SELECT count() ${from}`)).toEqual(["1"]);
      expect((await lines(`EXPLAIN indexes = 1 SELECT count() ${from}`)).join("\n")).toContain("input_text");
    }
  });
});

describe("createTable", () => {
  it("makes one durable table on one server", () => {
    expect(createTable(TABLE, {})).toEqual([
      "CREATE TABLE IF NOT EXISTS telltale_data.things\n(a UInt64)\nENGINE = ReplacingMergeTree(a)\nORDER BY a\n" +
        "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000",
    ]);
  });

  it("makes a replicated and a distributed table on a cluster", () => {
    const [local, all] = createTable(TABLE, { cluster: "main" });
    expect(local).toContain("telltale_data.things_local ON CLUSTER 'main'");
    expect(local).toContain(
      "ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/telltale_data/things', '{replica}', a)",
    );
    expect(all).toContain("ENGINE = Distributed('main', telltale_data, things_local, a)");
    const [plain] = createTable({ ...TABLE, engine: "MergeTree" }, { cluster: "main" });
    expect(plain).toContain("ReplicatedMergeTree('/clickhouse/tables/{shard}/telltale_data/things', '{replica}')");
  });
});
