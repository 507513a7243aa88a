import { openChdb } from "../../stores/chdb.ts";

/*
 * Inserts batches of 1,000 rows under rising tokens into the directory it is given, and tells each
 * that is durable. Run by fork; ended by a kill at any moment, or by itself after the last batch.
 */

const [directory = "", last = "0"] = process.argv.slice(2);
const store = openChdb({ directory });
await store.exec("CREATE DATABASE IF NOT EXISTS telltale_data");
await store.exec(
  `CREATE TABLE IF NOT EXISTS telltale_data.killed (id UInt64) ENGINE = MergeTree PARTITION BY id % 3 ORDER BY id
  SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`,
);
for (let batch = 0; batch < Number(last); batch++) {
  const ids = BigUint64Array.from({ length: 1000 }, (_, index) => BigInt(batch * 1000 + index));
  await store.insert({
    table: "telltale_data.killed",
    target: [{ column: "id", expression: "assumeNotNull(id)" }],
    batch: { rows: 1000, columns: [{ name: "id", type: "u64", data: ids }] },
    token: String(batch),
  });
  process.send?.(batch);
}
const answer = await store.read("SELECT count(), uniqExact(id) FROM telltale_data.killed", {}, { format: "TSV" });
await store.close();
process.send?.(Buffer.from(answer).toString().trim(), () => process.exit(0));
