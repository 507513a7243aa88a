/* Types of the answers of /api/v1/retranslate; see `api-types.ts`. */

/** Spans that one version of a dialect read, and what the present one makes of them. */
export interface RetranslatedDialect {
  /** As in the column `dialect`: `openinference/1`. */
  from: string;
  to: string;
  spans: number;
  /** Of these, the ones of which something besides the version differs. */
  changed: number;
}

/** One field of one span before and after; long values are cut. */
export interface RetranslatedSample {
  traceId: string;
  spanId: string;
  name: string;
  /** A column of the view `spans`, or another of the row. */
  field: string;
  before: string;
  after: string;
}

/** Answer of `POST /api/v1/retranslate`. */
export interface Retranslation {
  /** Whether the new rows were stored; a dry run only says what would differ. */
  applied: boolean;
  spans: number;
  changedSpans: number;
  dialects: RetranslatedDialect[];
  /** In how many spans each field differs. */
  fields: { field: string; spans: number }[];
  samples: RetranslatedSample[];
  /** Sent back as `cursor` with the same request it goes on behind these spans; null when all were looked at. */
  nextCursor: string | null;
}
