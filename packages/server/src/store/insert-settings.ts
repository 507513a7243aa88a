/** What both engines are told for every insert of a batch. */
export const INSERT_SETTINGS: Readonly<Record<string, number | string>> = {
  insert_deduplicate: 1,
  max_insert_threads: 1,
  // One part for each day of a batch; more days than this in a batch is a broken clock that filing by arrival missed.
  max_partitions_per_insert_block: 1000,
  // Rows that replace each other are rare within a batch, and merges find them.
  optimize_on_insert: 0,
  // A batch must stay one block for its token to stand for all of it.
  max_block_size: 1 << 20,
  max_insert_block_size: 1 << 20,
  min_insert_block_size_rows: 1 << 20,
  min_insert_block_size_bytes: 1 << 30,
};
