import { setImmediate as turn } from "node:timers/promises";
import type { Cost } from "@telltale/model";
import type { CustomPrices } from "@telltale/rules";
import type { Repricing } from "../api-types.ts";
import { costJson } from "../engine/cost-json.ts";
import { type NewCost, writeNewCosts } from "../engine/new-cost.ts";
import { type RewriteParts, storeEntry } from "../front/store-entry.ts";
import type { Reader } from "../query.ts";
import { numberOf, textOf } from "../query/row-value.ts";
import { costOfSpan } from "./cost-of-span.ts";
import { CostDifferences, isSameCost } from "./cost-differences.ts";
import { type PricedSelection, readPricedSpans, type StoredPricedSpan } from "./read-priced-spans.ts";

/** Spans read in one go. */
const PAGE = 4000;
/** An answer is given after this long, and says where to go on: nobody waits in the dark. */
const BUDGET_MS = 4000;
/** Pricing holds up nobody for longer than some milliseconds. */
const PRICED_AT_ONCE = 250;
/** Spans, and bytes of their content, of one entry: the engine reads and writes their rows whole. */
const ENTRY_SPANS = 2000;
const ENTRY_BYTES = 16 * 1024 * 1024;
/** Which spans, with which prices, and whether it is meant. */
export interface RepriceRequest extends PricedSelection {
  readonly apply: boolean;
  readonly prices: CustomPrices | undefined;
  readonly cursor?: string | undefined;
}

/**
 * Prices stored spans again and says what differs; with `apply` the differing ones get their new cost. New costs go
 * through the journal, so that they are applied once, whatever dies, and in order with live telemetry. A span that has
 * become another in the meantime keeps its cost, and differs when it is asked for again.
 */
export async function reprice(request: RepriceRequest, parts: RewriteParts): Promise<Repricing> {
  const deadline = performance.now() + BUDGET_MS;
  const differences = new CostDifferences();
  let cursor = request.cursor;
  do {
    const page = await readPricedSpans(parts.reader, request, cursor, PAGE);
    const changes = await changesOf(page.spans, request.prices, differences);
    if (request.apply) await apply(changes, parts);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && performance.now() < deadline);
  return { applied: request.apply, ...differences.answer(), nextCursor: cursor ?? null };
}

/** A span with the cost that it should have. */
interface Change {
  readonly stored: StoredPricedSpan;
  readonly cost: Cost;
}

async function changesOf(
  spans: readonly StoredPricedSpan[],
  prices: CustomPrices | undefined,
  differences: CostDifferences,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const [index, stored] of spans.entries()) {
    if (index % PRICED_AT_ONCE === PRICED_AT_ONCE - 1) await turn();
    const cost = costOfSpan(stored.span, prices);
    const isChanged = cost !== undefined && !isSameCost(stored.cost, cost);
    differences.add(stored, isChanged ? cost : stored.cost, isChanged);
    if (isChanged) changes.push({ stored, cost });
  }
  return changes;
}

async function apply(changes: readonly Change[], parts: RewriteParts): Promise<void> {
  for (let from = 0; from < changes.length; from += ENTRY_SPANS) {
    const some = changes.slice(from, from + ENTRY_SPANS);
    const sizes = await contentBytes(some, parts.reader);
    let entry: NewCost[] = [];
    let bytes = 0;
    for (const change of some) {
      const size = sizes.get(change.stored.row) ?? 0;
      if (entry.length > 0 && bytes + size > ENTRY_BYTES) {
        await storeEntry("new-costs", writeNewCosts(entry), parts);
        entry = [];
        bytes = 0;
      }
      entry.push(newCostOf(change));
      bytes += size;
    }
    await storeEntry("new-costs", writeNewCosts(entry), parts);
  }
}

function newCostOf({ stored, cost }: Change): NewCost {
  const { project, traceId, spanId, basis } = stored;
  return { project, traceId, spanId, basis, cost: costJson(cost), nanos: cost.nanos?.toString() ?? null };
}

/** Bytes of content by row: what an entry makes the engine carry. */
async function contentBytes(changes: readonly Change[], reader: Reader): Promise<Map<string, number>> {
  const rows = await reader.rows(
    `SELECT toString(row) AS number, length(input) + length(output) + length(events) AS bytes
    FROM telltale_data.span_rows WHERE row IN {rows:Array(UInt64)}`,
    { rows: changes.map(({ stored }) => stored.row) },
    { maxSeconds: 60 },
  );
  return new Map(rows.map((row) => [textOf(row, "number"), numberOf(row, "bytes")]));
}
