import { type FileProblem, problemLine } from "../disk/file-problem.ts";
import type { RewriteParts } from "../front/store-entry.ts";
import { readCustomPrices } from "../price/custom-prices-schema.ts";
import { PriceFile } from "../price/price-file.ts";
import { QueryError } from "../query.ts";
import { type Api, refuseOtherMethods } from "./api-route.ts";
import { readJsonBody, readJsonFields, requireJson, routeOf } from "./operation.ts";
import {
  type CatalogueInput,
  catalogueInput,
  type EstimateInput,
  estimateInput,
  estimateUnknown,
  removePrices,
  type RepriceInput,
  repriceInput,
  repriceSpans,
  searchCatalogue,
  showPrices,
  writePrices,
} from "./price-operations.ts";
import { inputReader, readSearch } from "./read-input.ts";

/** Bytes of a file of prices at most. */
const MOST_BYTES = 1_000_000;

/** Somebody's own prices, shown, written and taken away; and stored calls priced again, where there is a journal. */
export function addPriceRoutes(app: Api, path: string, parts: RewriteParts | undefined): void {
  const prices = new PriceFile(path);
  app.get(routeOf(showPrices), (context) => {
    const { file, problems } = prices.state();
    return context.json({ file, problems });
  });
  app.put(routeOf(writePrices), async (context) => {
    requireJson(context.req.header("content-type"));
    const file = await readJsonBody(context.env.incoming, MOST_BYTES, '{"prices": []}');
    refuseProblems(prices.write(file));
    return context.json({ file, problems: [] });
  });
  app.delete(routeOf(removePrices), (context) => {
    prices.remove();
    return context.json({ file: null, problems: [] });
  });
  refuseOtherMethods(app, routeOf(showPrices), ["GET", "PUT", "DELETE"]);
  addCatalogue(app, prices);
  if (!parts) return;
  addReprice(app, prices, parts);
  addEstimate(app, prices, parts);
}

function refuseProblems(problems: readonly FileProblem[]): void {
  if (problems.length === 0) return;
  const hint = "nothing was changed; see docs/guides/prices.md for the form";
  throw new QueryError(400, "bad-prices", problemLine(problems), hint);
}

function addCatalogue(app: Api, prices: PriceFile): void {
  const reader = inputReader({ input: catalogueInput });
  const path = routeOf(searchCatalogue);
  app.get(path, async (context) => {
    const input = readSearch(reader, context.req.url) as CatalogueInput;
    const { catalogueModels } = await import("../price/catalogue.ts");
    return context.json(catalogueModels(input, new Date(), prices.state().content));
  });
  refuseOtherMethods(app, path, ["GET"]);
}

function addEstimate(app: Api, prices: PriceFile, { reader: store }: RewriteParts): void {
  const reader = inputReader({ input: estimateInput });
  const path = routeOf(estimateUnknown);
  app.get(path, async (context) => {
    const input = readSearch(reader, context.req.url) as EstimateInput;
    const { estimateCost } = await import("../estimate/estimate-cost.ts");
    return context.json(await estimateCost(input, store, prices.state().content));
  });
  refuseOtherMethods(app, path, ["GET"]);
}

function addReprice(app: Api, prices: PriceFile, parts: RewriteParts): void {
  const reader = inputReader({ input: repriceInput });
  const path = routeOf(repriceSpans);
  app.post(path, async (context) => {
    requireJson(context.req.header("content-type"));
    const fields = await readJsonFields(context.env.incoming, MOST_BYTES, '{"from": 1795564800000}');
    const input = reader.read(new Map(fields)) as RepriceInput;
    // It brings the catalogue, which a front that only takes telemetry need not load.
    const { reprice } = await import("../price/reprice.ts");
    return context.json(await reprice({ ...input, prices: pricesFor(input, prices) }, parts));
  });
  refuseOtherMethods(app, path, ["POST"]);
}

function pricesFor({ prices: tried, apply }: RepriceInput, file: PriceFile): ReturnType<PriceFile["current"]> {
  if (tried === undefined) return file.state().content;
  if (apply)
    throw new QueryError(400, "bad-input", "prices to try cannot be applied", "PUT them to /api/v1/prices first");
  const read = readCustomPrices(tried, "prices to try");
  if (read.problems) refuseProblems(read.problems);
  return read.content;
}
