/** Levels of arrays and key-value lists below one attribute; real ones stay under 20, other decoders stop at about 50. */
export const MAX_VALUE_DEPTH = 64;

/**
 * Attributes, array items and list entries of one request in protobuf. At some 80 bytes of heap each
 * 240 MB, and yet 64 MiB of ordinary spans have a fifth of it.
 */
export const MAX_VALUES = 3_000_000;

/** `{`, `[` and `,` of one request in JSON, which bound its values in the same way before it is parsed. */
export const MAX_JSON_MARKS = 8_000_000;

/** Attributes of one record; the OpenTelemetry SDKs stop at 128. What comes after is counted as dropped. */
export const MAX_ATTRIBUTES = 4_096;

/** Bytes of one attribute key; a longer one is cut. The longest known real key has about 120. */
export const MAX_KEY_BYTES = 1_024;

/** Events (and links) of one span; the OpenTelemetry SDKs stop at 128. What comes after is counted as dropped. */
export const MAX_EVENTS = 10_000;

/** Records of one request: as small as they get they take about 500 bytes of heap each, so 100 MB. */
export const MAX_RECORDS = 200_000;

/** Resources and scopes of one request: real ones have some dozens. */
export const MAX_GROUPS = 100_000;

/** Different reasons told for one request; the count goes on. */
export const MAX_REASONS = 8;

/** Stands for what lay deeper than {@link MAX_VALUE_DEPTH}. */
export const TOO_DEEP: string = `[telltale: nested deeper than ${MAX_VALUE_DEPTH} levels]`;

/** Stands for what came after {@link MAX_VALUES}. */
export const TOO_MANY: string = `[telltale: more than ${MAX_VALUES} values in one request]`;

/** Stands for a value whose bytes make no sense. */
export const UNREADABLE = "[telltale: not decodable]";
