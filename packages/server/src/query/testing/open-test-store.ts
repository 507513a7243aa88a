import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonLines } from "../../json-lines.ts";
import type { Reader, Row } from "../../query.ts";
import { migrate } from "../../schema/migrate.ts";
import type { Store } from "../../store.ts";
import { checkPersonSql } from "../../store/person-sql.ts";
import { openChdb } from "../../stores/chdb.ts";

/** An embedded engine over a directory of its own, with the schema and a reader like the engine's. */
export interface TestStore {
  readonly store: Store;
  readonly reader: Reader;
  /** Statements that were read, newest last. */
  readonly statements: string[];
  /** Inserts one row, of which only some columns are told. */
  insert(
    table: "span_rows" | "trace_summaries" | "spend_hours" | "cost_hours" | "superseded" | "metric_rows",
    columns: { [column: string]: unknown },
  ): Promise<void>;
  close(): Promise<void>;
}

/** Opens one; at most one per process. */
export async function openTestStore(): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), "telltale-queries-"));
  const store = openChdb({ directory });
  await migrate(store);
  const statements: string[] = [];
  const reader: Reader = {
    async bytes(sql, parameters, options) {
      statements.push(sql);
      return store.read(options?.lane === "person" ? await checkPersonSql(sql, store) : sql, parameters, options);
    },
    async rows(sql, parameters, options) {
      return jsonLines<Row>(await reader.bytes(sql, parameters, { ...options, format: "JSONEachRow" }));
    },
  };
  return {
    store,
    reader,
    statements,
    async insert(table, columns) {
      const names = Object.keys(columns);
      await store.exec(
        `INSERT INTO telltale_data.${table} (${names.join(", ")}) SELECT ${names.join(", ")} FROM format(JSONEachRow, {rows:String})`,
        { rows: JSON.stringify(columns) },
      );
    },
    async close() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
