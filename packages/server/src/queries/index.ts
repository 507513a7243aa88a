// Written by `npm run lists` from the files of this folder.
import type { Query } from "../query.ts";
import { cost } from "./cost.ts";
import { facets } from "./facets.ts";
import { getRelatedTraces } from "./get-related-traces.ts";
import { getSpan } from "./get-span.ts";
import { getTrace } from "./get-trace.ts";
import { getTraceOtlp } from "./get-trace-otlp.ts";
import { getTraceScores } from "./get-trace-scores.ts";
import { listTraces } from "./list-traces.ts";
import { query } from "./query.ts";
import { reconcile } from "./reconcile.ts";
import { spend } from "./spend.ts";

/** Every part of this folder, by name. */
export const queries: readonly Query[] = [
  cost,
  facets,
  getRelatedTraces,
  getSpan,
  getTrace,
  getTraceOtlp,
  getTraceScores,
  listTraces,
  query,
  reconcile,
  spend,
];
