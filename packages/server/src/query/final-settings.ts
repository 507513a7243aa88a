/**
 * For every read of `trace_rows FINAL`: versions of a trace share its hour and so its partition,
 * and a partition in one part needs no merging at all.
 */
export const FINAL_SETTINGS = "SETTINGS do_not_merge_across_partitions_select_final = 1";
