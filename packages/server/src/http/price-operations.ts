import * as z from "zod";
import type { Catalogue, CostEstimate, Repricing } from "../api-types.ts";
import { fileProblemsSchema } from "../disk/file-problem.ts";
import { priceFileSchema } from "../price/custom-prices-schema.ts";
import type { Operation } from "./operation.ts";

const ownPrices = z.object({
  file: z.unknown().meta({ description: "As it is written; null where there is none, or it is no JSON" }),
  problems: fileProblemsSchema,
});
const nothing = z.strictObject({});

/** `GET /api/v1/prices` */
export const showPrices: Operation = {
  method: "GET",
  path: "/prices",
  name: "show-prices",
  summary: "One's own prices, and what is wrong with their file",
  input: nothing,
  output: ownPrices,
};

/** `PUT /api/v1/prices` */
export const writePrices: Operation = {
  method: "PUT",
  path: "/prices",
  name: "write-prices",
  summary: "Replaces one's own prices; changes nothing when something is wrong with them",
  input: priceFileSchema,
  output: ownPrices,
};

/** `DELETE /api/v1/prices` */
export const removePrices: Operation = {
  method: "DELETE",
  path: "/prices",
  name: "remove-prices",
  summary: "Takes one's own prices away: the catalogue's hold",
  input: nothing,
  output: ownPrices,
};

/** The input of `GET /api/v1/prices/catalogue`. */
export interface CatalogueInput {
  readonly search: string;
  readonly limit: number;
  readonly own: boolean;
}

/** Checks it. */
export const catalogueInput: z.ZodType<CatalogueInput> = z.strictObject({
  search: z.string().max(200).default("").meta({ description: "Words in the names of provider and model" }),
  limit: z.int().min(1).max(500).default(100),
  own: z.boolean().default(false).meta({ description: "Only models that one's own prices go before" }),
});

const bucketPrices = z.array(z.object({ bucket: z.string(), nanosPerMillion: z.string() }));

const catalogue: z.ZodType<Catalogue> = z.object({
  models: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      since: z.string(),
      source: z.string(),
      prices: bucketPrices,
      largeAbove: z.int().nullable(),
      otherRows: z.int(),
      own: z.array(z.object({ name: z.string(), tier: z.string(), prices: bucketPrices })),
    }),
  ),
  total: z.int(),
});

/** `GET /api/v1/prices/catalogue` */
export const searchCatalogue: Operation = {
  method: "GET",
  path: "/prices/catalogue",
  name: "search-catalogue",
  summary: "Models of the catalogue, what they cost now, and which of one's own prices go before that",
  input: catalogueInput,
  output: catalogue,
};

/** The input of `POST /api/v1/prices/reprice`. */
export interface RepriceInput {
  readonly from: number;
  readonly to?: number | undefined;
  readonly project?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly apply: boolean;
  readonly prices?: unknown;
  readonly cursor?: string | undefined;
}

const milliseconds = z.number().min(0).max(4_294_965_600_000);

/** Checks it. */
export const repriceInput: z.ZodType<RepriceInput> = z.strictObject({
  from: milliseconds.meta({ description: "Milliseconds since 1970, to the hour" }),
  to: milliseconds.optional().meta({ description: "Milliseconds since 1970, to the hour; now when absent" }),
  project: z.string().max(200).optional().meta({ description: "Only this project; every one when absent" }),
  provider: z.string().max(200).optional(),
  model: z.string().max(400).optional().meta({ description: "The model as spend names it" }),
  apply: z.boolean().default(false).meta({ description: "Store the new costs; a dry run when absent" }),
  prices: z.unknown().optional().meta({ description: "A file of prices to try in place of one's own; not with apply" }),
  cursor: z.string().max(2000).optional().meta({ description: "nextCursor of the answer before" }),
});

const counts = { calls: z.int(), changed: z.int() };
const repricedRow = z.object({
  day: z.string(),
  provider: z.string(),
  model: z.string(),
  ...counts,
  oldNanos: z.string(),
  newNanos: z.string(),
  differenceNanos: z.string(),
  unpricedBefore: z.int(),
  unpricedAfter: z.int(),
  prices: z.array(z.object({ from: z.string(), to: z.string(), calls: z.int() })),
});

const repricing: z.ZodType<Repricing> = z.object({
  applied: z.boolean(),
  rows: z.array(repricedRow),
  total: repricedRow,
  spans: z.int(),
  changedSpans: z.int(),
  nextCursor: z.string().nullable(),
});

/** `POST /api/v1/prices/reprice` */
export const repriceSpans: Operation = {
  method: "POST",
  path: "/prices/reprice",
  name: "reprice",
  summary: "What stored calls cost at the present prices, by day and model, and what differs; `apply` stores it",
  input: repriceInput,
  output: repricing,
};

/** The input of `GET /api/v1/cost/estimate`. */
export interface EstimateInput {
  readonly traceId?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly project?: string | undefined;
  readonly model?: string | undefined;
}

/** Checks it. */
export const estimateInput: z.ZodType<EstimateInput> = z
  .strictObject({
    traceId: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional()
      .meta({ description: "Only the calls of this trace; from and to are not needed then" }),
    from: milliseconds.optional().meta({ description: "Milliseconds since 1970, to the hour; needed without a trace" }),
    to: milliseconds.optional().meta({ description: "Milliseconds since 1970, to the hour; now when absent" }),
    project: z.string().max(200).optional(),
    model: z.string().max(400).optional().meta({ description: "The model as spend names it" }),
  })
  .refine(({ traceId, from }) => traceId !== undefined || from !== undefined, {
    error: "name a trace, or a time to begin at",
  });

const costEstimate: z.ZodType<CostEstimate> = z.object({
  quality: z.literal("estimated"),
  nanos: z.string(),
  calls: z.int(),
  uncountedCalls: z.int(),
  isComplete: z.boolean(),
  models: z.array(
    z.object({
      model: z.string(),
      counting: z.enum(["o200k_base", "cl100k_base", "bytes"]),
      calls: z.int(),
      inputTokens: z.int(),
      outputTokens: z.int(),
      nanos: z.string(),
      unpricedCalls: z.int(),
    }),
  ),
});

/** `GET /api/v1/cost/estimate` */
export const estimateUnknown: Operation = {
  method: "GET",
  path: "/cost/estimate",
  name: "estimate-cost",
  summary: "About what calls cost of which nobody told the tokens, counted from their text; in no other figure",
  input: estimateInput,
  output: costEstimate,
};

/** Every route of prices. */
export const PRICE_OPERATIONS: readonly Operation[] = [
  showPrices,
  writePrices,
  removePrices,
  searchCatalogue,
  estimateUnknown,
  repriceSpans,
];
