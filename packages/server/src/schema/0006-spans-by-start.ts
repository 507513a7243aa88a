import type { Migration } from "./migration.ts";

/**
 * A search begins with the newest spans, and parts that are older than them are passed over: by hour they would be only
 * where none of that hour is left to merge. Parts from before the step are read whole until they are merged.
 */
const START_INDEX = `
ALTER TABLE telltale_data.span_rows{{local}} {{on cluster}}
ADD INDEX IF NOT EXISTS start_time_index start_time TYPE minmax GRANULARITY 1`;

/** The times of spans in an index. */
export const spansByStart: Migration = { number: 6, name: "spans by start", tables: [], statements: [START_INDEX] };
