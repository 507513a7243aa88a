import type { SchemaTarget, Table } from "./migration.ts";

/** A crash may lose a merge, never a row: parts are on disk before an insert is answered. */
const DURABLE = { fsync_after_insert: 1, fsync_part_directory: 1 };
/** Inserts whose tokens are remembered, so that doing one again adds nothing. A redo reaches back one batch. */
const TOKENS_KEPT = 1000;

/** The statements that make a table; on a cluster a replicated one on each shard, and one over all of them. */
export function createTable(table: Table, target: SchemaTarget): string[] {
  const { name, columns, engine, order, settings = {} } = table;
  if (target.cluster === undefined) {
    const all = { ...DURABLE, non_replicated_deduplication_window: TOKENS_KEPT, ...settings };
    return [
      `CREATE TABLE IF NOT EXISTS telltale_data.${name}\n(${columns})\nENGINE = ${engine}\n${order}\n${settingsClause(all)}`,
    ];
  }
  const on = `ON CLUSTER '${target.cluster}'`;
  const local = `${name}_local`;
  const all = { ...DURABLE, replicated_deduplication_window: TOKENS_KEPT, ...settings };
  return [
    `CREATE TABLE IF NOT EXISTS telltale_data.${local} ${on}\n(${columns})\nENGINE = ${replicated(engine, name)}\n${order}\n${settingsClause(all)}`,
    `CREATE TABLE IF NOT EXISTS telltale_data.${name} ${on} AS telltale_data.${local}\n` +
      `ENGINE = Distributed('${target.cluster}', telltale_data, ${local}, ${table.shardBy})`,
  ];
}

/** `ReplacingMergeTree(row)` → `ReplicatedReplacingMergeTree('/path', '{replica}', row)`. */
function replicated(engine: string, table: string): string {
  const [, family = engine, parameters = ""] = /^(\w+)(?:\((.*)\))?$/.exec(engine) ?? [];
  const place = `'/clickhouse/tables/{shard}/telltale_data/${table}', '{replica}'`;
  return `Replicated${family}(${parameters ? `${place}, ${parameters}` : place})`;
}

function settingsClause(settings: Readonly<Record<string, number | string>>): string {
  const pairs = Object.entries(settings).map(
    ([name, value]) => `${name} = ${typeof value === "number" ? value : `'${value}'`}`,
  );
  return `SETTINGS ${pairs.join(", ")}`;
}
