/**
 * For every read of `trace_summaries FINAL`: versions of a trace share the second they are filed under and so their partition,
 * and a partition in one part needs no merging at all.
 */
export const FINAL_SETTINGS = "SETTINGS do_not_merge_across_partitions_select_final = 1";
