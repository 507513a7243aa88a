/**
 * For every read of `trace_summaries FINAL`: versions of a trace share the second they are filed under and so their partition,
 * and a partition in one part needs no merging at all.
 */
export const FINAL_SETTINGS = "SETTINGS do_not_merge_across_partitions_select_final = 1";

/** For reads of a few rows: a second thread costs more than it takes over (27 instead of 45 ms for one trace of a million spans). */
export const ONE_THREAD = "SETTINGS max_threads = 1";

/**
 * For reads of one place of `span_rows`, found by its sort key: an index over so few granules is looked into beforehand, in one
 * go; beside the reading it takes longer (20 instead of 27 ms for a trace of ten spans in 17 parts).
 */
export const ONE_PLACE: string = `${ONE_THREAD}, use_skip_indexes_on_data_read = 0`;
