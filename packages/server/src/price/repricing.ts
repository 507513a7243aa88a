/* Types of answers about prices, and about what is not known; see `api-types.ts`. */

/** How prices changed for some calls of a day and a model: from and to are price rows, or why there is none. */
export interface RepricedPrice {
  from: string;
  to: string;
  calls: number;
}

/** The calls of one day and model at their stored and at the present prices. Money as decimal text. */
export interface RepricedRow {
  /** In UTC; empty in the total. */
  day: string;
  provider: string;
  /** As spend names it; `all` in the total. */
  model: string;
  /** Billed calls that were looked at, whether they differ or not. */
  calls: number;
  /** Of these, the ones whose cost or price row differs. */
  changed: number;
  /** Sums of what is known. */
  oldNanos: string;
  newNanos: string;
  differenceNanos: string;
  /** Calls whose cost is not wholly known. */
  unpricedBefore: number;
  unpricedAfter: number;
  /** Of the changed calls; the most frequent first. */
  prices: RepricedPrice[];
}

/** Answer of `POST /api/v1/prices/reprice`. */
export interface Repricing {
  /** Whether the new costs were stored; a dry run only says what would differ. */
  applied: boolean;
  rows: RepricedRow[];
  total: RepricedRow;
  /** Spans that were looked at, and those whose cost differs, also where they do not count. */
  spans: number;
  changedSpans: number;
  /** Sent back as `cursor` with the same request it goes on behind these spans; null when all were looked at. */
  nextCursor: string | null;
}

/** A model of the catalogue and what it costs now. Money in nano-dollars for a million, as decimal text. */
export interface CatalogueModel {
  provider: string;
  model: string;
  /** First day in UTC of the row; empty: since ever. */
  since: string;
  source: string;
  /** By kind of token, and by what is billed by number. */
  prices: { bucket: string; nanosPerMillion: string }[];
  /** Fewest input tokens from which on other prices hold; null where size does not matter. */
  largeAbove: number | null;
  /** Rows of the past and of other hours of the day beside this one. */
  otherRows: number;
  /** One's own prices that go before these, with what they make of them; `tier` is empty for the standard one. */
  own: { name: string; tier: string; prices: { bucket: string; nanosPerMillion: string }[] }[];
}

/** Answer of `GET /api/v1/prices/catalogue`. */
export interface Catalogue {
  models: CatalogueModel[];
  /** How many models fit, shown or not. */
  total: number;
}

/** What is known about some calls only by counting their text. Money as decimal text. */
export interface EstimatedShare {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  nanos: string;
  /** Of these calls, the ones whose cost is not wholly known even so. */
  unpricedCalls: number;
}

/** About what calls cost of which nobody told the tokens: `GET /api/v1/cost/estimate`. In no other figure. */
export interface CostEstimate {
  quality: "estimated";
  nanos: string;
  /** Calls whose text was counted. */
  calls: number;
  /** Calls whose text is hidden or was never told. */
  uncountedCalls: number;
  /** False when there are more calls than one answer counts. */
  isComplete: boolean;
  models: {
    model: string;
    /** The tokenizer; `bytes`: a token for each four bytes, where nobody publishes one. */
    counting: "o200k_base" | "cl100k_base" | "bytes";
    calls: number;
    inputTokens: number;
    outputTokens: number;
    nanos: string;
    unpricedCalls: number;
  }[];
}
