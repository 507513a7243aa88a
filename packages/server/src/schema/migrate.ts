import { type Store, StoreError } from "../store.ts";
import { spans } from "./0001-spans.ts";
import { views } from "./0002-views.ts";
import { tracesByTime } from "./0003-traces-by-time.ts";
import { spendByHour } from "./0004-spend-by-hour.ts";
import { withoutSpendByUser } from "./0005-without-spend-by-user.ts";
import { spansByStart } from "./0006-spans-by-start.ts";
import { estimates } from "./0007-estimates.ts";
import { summariesInOneColumn } from "./0008-summaries-in-one-column.ts";
import { costByHour } from "./0009-cost-by-hour.ts";
import { firstRow } from "../engine/row-number.ts";
import { createTable } from "./create-table.ts";
import type { Migration, SchemaTarget } from "./migration.ts";

/** Every step, in order. */
export const MIGRATIONS: readonly Migration[] = [
  spans,
  views,
  tracesByTime,
  spendByHour,
  withoutSpendByUser,
  spansByStart,
  estimates,
  summariesInOneColumn,
  costByHour,
];

const RECORD = "telltale_data.migrations";

/**
 * Makes the databases and applies the steps that were not applied yet. Safe to repeat, also after
 * a crash in the middle. Throws `failed` when the data was written by a newer release.
 */
export async function migrate(
  store: Store,
  target: SchemaTarget = {},
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const on = target.cluster === undefined ? "" : ` ON CLUSTER '${target.cluster}'`;
  await store.exec(`CREATE DATABASE IF NOT EXISTS telltale_data${on}`);
  await store.exec(`CREATE DATABASE IF NOT EXISTS telltale_v1${on}`);
  const record = { ...RECORD_TABLE, columns: "number UInt32, name String, applied DateTime DEFAULT now()" };
  for (const sql of createTable(record, target)) await store.exec(sql);
  const applied = await version(store);
  const known = migrations.length;
  if (applied > known) {
    throw new StoreError(
      "failed",
      `The data was written by a newer Telltale (schema ${applied}; this one knows ${known}). ` +
        "Start the newer release again, or choose another data directory.",
    );
  }
  for (const migration of migrations.slice(applied)) await apply(store, migration, target);
}

const RECORD_TABLE = { name: "migrations", engine: "MergeTree", order: "ORDER BY number", shardBy: "0" };

async function version(store: Store): Promise<number> {
  const bytes = await store.read(`SELECT max(number) FROM ${RECORD}`, {}, { format: "TSV" });
  return Number(new TextDecoder().decode(bytes).trim());
}

/** A statement of a step for this target. */
export function filledIn(statement: string, { cluster, redone }: SchemaTarget = {}): string {
  const on = cluster === undefined ? "" : `ON CLUSTER '${cluster}'`;
  // On a cluster the tables that hold the rows lie behind those that are asked.
  const local = cluster === undefined ? "" : "_local";
  const before = redone === undefined ? "1" : `row < ${firstRow(redone)}`;
  const batches = redone === undefined ? "" : ` WHERE batch < ${redone}`;
  const settled = `${before} AND row NOT IN (SELECT row FROM telltale_data.superseded${batches})`;
  return statement.replaceAll("{{on cluster}}", on).replaceAll("{{local}}", local).replaceAll("{{settled}}", settled);
}

async function apply(store: Store, migration: Migration, target: SchemaTarget): Promise<void> {
  for (const table of migration.tables) {
    for (const sql of createTable(table, target)) await store.exec(sql);
  }
  for (const sql of migration.statements) await store.exec(filledIn(sql, target));
  const { number, name } = migration;
  await store.exec(`INSERT INTO ${RECORD} (number, name) SELECT {number:UInt32}, {name:String}`, { number, name });
}
