import type { Migration, Table } from "./migration.ts";
import { searchText } from "./search-text.ts";

/**
 * For tables of many columns that take thousands of rows a second; measured with inserts of 5,000
 * rows of 2 kB and of 1,500 rows of 20 kB. Parts of one file while they are small: an insert costs
 * half (22 instead of 47 µs of CPU a row) and a third of the memory. Eight parts a merge instead of
 * five: rows are merged less often (0.9 instead of 1.5 times in the first gigabyte), and each merge
 * costs more than the insert. Column after column in all but the smallest merges: half the memory
 * (270 instead of 590 MB for nine parts of 30 MB). Granules of 1,024 rows: the index of words is used from the first part
 * on, and it is made at insert: merges put such indexes together, so in sum it costs nothing (288 and 287 µs a span).
 */
const LARGE = {
  index_granularity: 1024,
  min_bytes_for_wide_part: 128 << 20,
  vertical_merge_algorithm_min_rows_to_activate: 4096,
  merge_selector_base: 8,
};

/**
 * One row per version of a span. `row` = batch << 20 | index in batch: unique, rising.
 * A newer version of a span puts the old row's number into `superseded`; readers leave those out,
 * and merges drop them in time (same sorting key, lower row).
 */
const spanRows: Table = {
  name: "span_rows",
  columns: `
    row UInt64 CODEC(Delta, ZSTD(1)),
    project LowCardinality(String),
    -- The hour of start_time, or of arrival when the sender's clock is more than 30 days behind or 1 day ahead.
    hour DateTime('UTC') CODEC(Delta, ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    parent_span_id String CODEC(ZSTD(1)),
    service_name LowCardinality(String),
    name String CODEC(ZSTD(1)),
    kind LowCardinality(String),
    operation LowCardinality(String),
    start_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    end_time Nullable(DateTime64(9, 'UTC')) CODEC(Delta, ZSTD(1)),
    status LowCardinality(String),
    error_type LowCardinality(String),
    error_message String CODEC(ZSTD(1)),
    provider LowCardinality(String),
    request_model LowCardinality(String),
    response_model LowCardinality(String),
    response_id String CODEC(ZSTD(1)),
    service_tier LowCardinality(String),
    input_tokens Nullable(Int64),
    output_tokens Nullable(Int64),
    cache_read_tokens Nullable(Int64),
    cache_write_tokens Nullable(Int64),
    reasoning_tokens Nullable(Int64),
    -- JSON of UsageLine[] and of Cost (model package); empty when there is none.
    usage String CODEC(ZSTD(1)),
    cost String CODEC(ZSTD(1)),
    cost_nanos Nullable(Int64),
    -- billed, aggregate, shadow or none: only billed counts in totals.
    billing LowCardinality(String),
    time_to_first_token_ns Nullable(Int64),
    finish_reason LowCardinality(String),
    session_id String CODEC(ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    tags Array(LowCardinality(String)),
    agent_name LowCardinality(String),
    tool_name LowCardinality(String),
    tool_call_id String CODEC(ZSTD(1)),
    prompt_name LowCardinality(String),
    prompt_version LowCardinality(String),
    -- messages, documents, json, text, masked or ''; content as JSON, or the text itself.
    input_type LowCardinality(String),
    input String CODEC(ZSTD(3)),
    output_type LowCardinality(String),
    output String CODEC(ZSTD(3)),
    input_preview String CODEC(ZSTD(1)),
    output_preview String CODEC(ZSTD(1)),
    attributes JSON(max_dynamic_paths = 256) CODEC(ZSTD(1)),
    -- JSON text: few distinct values, one per sending process.
    resource LowCardinality(String),
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),
    -- JSON text of SpanEvent[] and SpanLink[]; empty when there are none.
    events String CODEC(ZSTD(1)),
    links String CODEC(ZSTD(1)),
    dialect LowCardinality(String),
    -- A correction reads rows by number: those of a batch are in one part, among others of its time.
    INDEX row_index row TYPE minmax GRANULARITY 1,
    INDEX trace_id_index trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX session_id_index session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX user_id_index user_id TYPE bloom_filter(0.01) GRANULARITY 1,
    -- Words in content. Used by hasToken, hasAllTokens, hasAnyTokens and LIKE '%…%' of four letters or more, over
    -- exactly this expression, also several joined by OR; never by ILIKE, match or hasTokenCaseInsensitive. A part of
    -- a single granule is read without it.
    INDEX input_text ${searchText("input")} TYPE text(tokenizer = 'splitByNonAlpha'),
    INDEX output_text ${searchText("output")} TYPE text(tokenizer = 'splitByNonAlpha')
`,
  engine: "ReplacingMergeTree(row)",
  order: "PARTITION BY toYYYYMMDD(hour) ORDER BY (project, hour, trace_id, start_time, span_id)",
  settings: LARGE,
  shardBy: "cityHash64(trace_id)",
};

const superseded: Table = {
  name: "superseded",
  columns: `
    row UInt64,
    batch UInt64
`,
  engine: "MergeTree",
  order: "ORDER BY row",
  shardBy: "row",
};

/** One row per version of a trace's summary; `bucket` is the hour in which its first span to arrive began. */
export const traceRows: Table = {
  name: "trace_rows",
  columns: `
    row UInt64,
    project LowCardinality(String),
    bucket DateTime('UTC'),
    trace_id String,
    root_name String,
    root_kind LowCardinality(String),
    service_name LowCardinality(String),
    start_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    end_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    status LowCardinality(String),
    span_count UInt32,
    llm_calls UInt32,
    tool_calls UInt32,
    error_count UInt32,
    input_tokens Nullable(Int64),
    output_tokens Nullable(Int64),
    cost_nanos Nullable(Int64),
    -- Billed calls whose price or usage nobody knows: the cost above is then a lower bound.
    unpriced_calls UInt32,
    models Array(LowCardinality(String)),
    agents Array(LowCardinality(String)),
    tags Array(LowCardinality(String)),
    session_id String,
    user_id String,
    input_preview String CODEC(ZSTD(1)),
    output_preview String CODEC(ZSTD(1)),
    INDEX trace_id_index trace_id TYPE bloom_filter(0.01) GRANULARITY 1
`,
  engine: "ReplacingMergeTree(row)",
  order: "PARTITION BY toYYYYMMDD(bucket) ORDER BY (project, bucket, trace_id)",
  shardBy: "cityHash64(trace_id)",
};

/** Signed sums of billed spans; corrections are negative rows, so a sum is always exact. */
const spendRows: Table = {
  name: "spend_rows",
  columns: `
    project LowCardinality(String),
    hour DateTime('UTC'),
    provider LowCardinality(String),
    model LowCardinality(String),
    service_name LowCardinality(String),
    agent_name LowCardinality(String),
    user_id String,
    calls Int64,
    errors Int64,
    unpriced_calls Int64,
    input_tokens Int64,
    output_tokens Int64,
    cache_read_tokens Int64,
    cache_write_tokens Int64,
    reasoning_tokens Int64,
    cost_nanos Int64
`,
  engine: "SummingMergeTree",
  order: "ORDER BY (project, hour, provider, model, service_name, agent_name, user_id)",
  shardBy: "cityHash64(project, hour)",
};

/** Log records, with or without a span. */
const logRows: Table = {
  name: "log_rows",
  columns: `
    row UInt64,
    project LowCardinality(String),
    hour DateTime('UTC'),
    trace_id String,
    span_id String,
    time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    name LowCardinality(String),
    severity LowCardinality(String),
    service_name LowCardinality(String),
    -- The record as JSON with OTLP's value typing, so that it can be told to a dialect again.
    record String CODEC(ZSTD(3)),
    INDEX trace_id_index trace_id TYPE bloom_filter(0.01) GRANULARITY 1
`,
  engine: "MergeTree",
  order: "PARTITION BY toYYYYMMDD(hour) ORDER BY (project, hour, trace_id, time)",
  settings: LARGE,
  shardBy: "cityHash64(trace_id)",
};

const metricRows: Table = {
  name: "metric_rows",
  columns: `
    row UInt64,
    project LowCardinality(String),
    hour DateTime('UTC'),
    time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    name LowCardinality(String),
    unit LowCardinality(String),
    type LowCardinality(String),
    service_name LowCardinality(String),
    value Nullable(Float64),
    count Nullable(Float64),
    sum Nullable(Float64),
    attributes JSON(max_dynamic_paths = 64)
`,
  engine: "MergeTree",
  order: "PARTITION BY toYYYYMMDD(hour) ORDER BY (project, name, hour, time)",
  shardBy: "cityHash64(name)",
};

/** Spans, traces, spend, logs and metrics. */
export const spans: Migration = {
  number: 1,
  name: "spans",
  tables: [spanRows, superseded, traceRows, spendRows, logRows, metricRows],
  statements: [],
};
