import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { UsageBuckets } from "@telltale/model";
import { calcPrice, findProvider } from "@pydantic/genai-prices";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { priceUsage } from "../pricing.ts";
import { prices } from "./index.ts";

/** The source's program, which has every provider as an object of one list. */
const sourceText = readFileSync(createRequire(import.meta.url).resolve("@pydantic/genai-prices"), "utf8");

/** Tokens by kind, as parts that do not overlap; each at most 300,000, so that some calls are above the sizes' tiers. */
const parts = fc.record({
  fresh: fc.nat(300_000),
  read: fc.nat(300_000),
  written: fc.nat(100_000),
  hour: fc.nat(100_000),
  output: fc.nat(100_000),
});
type Parts = { readonly [part in "fresh" | "read" | "written" | "hour" | "output"]: number };

/** Between the first of 2023 and the end of 2026. */
const time = fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2026, 11, 31) });

function theirs(provider: string, model: string, { fresh, read, written, hour, output }: Parts, at: number) {
  return calcPrice(
    {
      input_tokens: fresh + read + written + hour,
      cache_read_tokens: read,
      cache_write_tokens: written + hour,
      cache_write_1h_tokens: hour,
      output_tokens: output,
    },
    model,
    { providerId: provider, timestamp: new Date(at) },
  );
}

function ours(provider: string, model: string, { fresh, read, written, hour, output }: Parts, at: number) {
  const buckets: UsageBuckets = { input: fresh, cache_read: read, cache_write: written, cache_write_1h: hour, output };
  return priceUsage({ provider, responseModel: model, usage: [{ buckets }], time: BigInt(at) * 1_000_000n });
}

/** The part of our cost that is for tokens, in dollars. */
function tokenDollars(cost: ReturnType<typeof ours>): number | undefined {
  if (cost.nanos === undefined) return undefined;
  return cost.lines.reduce((sum, line) => sum + (line.tokens * Number(line.nanosPerMillion)) / 1e15, 0);
}

const models = prices.flatMap((book) =>
  (findProvider({ providerId: book.provider })?.models ?? []).map((model) => [book.provider, model] as const),
);

/** Hours of the day hold for the source before the first day of their row too; for us from that day on. */
function isHourBeforeItsDay(provider: string, id: string, at: number): boolean {
  const day = new Date(at).toISOString().slice(0, 10);
  const rows = prices.find((book) => book.provider === provider)?.models.find((model) => model.id === id)?.rows ?? [];
  return rows.some((row) => row.hours !== undefined && row.from !== undefined && day < row.from);
}

describe("the catalogue", () => {
  it("has every provider of its source", () => {
    const ids = new Set(Array.from(sourceText.matchAll(/^ {4}id: "([^"]+)",\n {4}name: /gm), ([, id]) => id));
    expect(ids.size).toBeGreaterThan(40);
    const taken = prices.filter((book) => book.source.startsWith("genai-prices "));
    expect(new Set(taken.map((book) => book.provider))).toEqual(ids);
  });

  it("prices every model of its source as the source does, on random usages at random times", () => {
    const priced = new Set<string>();
    const wrong: string[] = [];
    for (const [provider, model] of models)
      fc.assert(
        fc.property(parts, time, (drawn, at) => {
          const row = theirs(provider, model.id, drawn, at)?.model_price ?? {};
          // An embedding has no output, and what it would cost nobody says: unknown for us, and 0 there.
          const usage = "output_mtok" in row ? drawn : { ...drawn, output: 0 };
          const expected = theirs(provider, model.id, usage, at);
          const told = tokenDollars(ours(provider, model.id, usage, at));
          if (expected === null || expected.total_price === 0 || isHourBeforeItsDay(provider, model.id, at)) return;
          priced.add(`${provider}/${model.id}`);
          // Their sum is in doubles and ours in whole nano-dollars.
          if (told === undefined || Math.abs(told - expected.total_price) > 2e-9 + expected.total_price * 1e-9)
            wrong.push(
              `${provider}/${model.id} ${JSON.stringify(usage)} ${new Date(at).toISOString()}: ${told} and not ${expected.total_price}`,
            );
        }),
        { numRuns: 8 },
      );
    expect(wrong.slice(0, 20), `${wrong.length} wrong`).toEqual([]);
    expect(priced.size).toBeGreaterThan(1000);
  });
});
