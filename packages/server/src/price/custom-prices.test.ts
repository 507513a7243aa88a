import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cost } from "@telltale/model";
import { type PricedCall, priceUsage } from "@telltale/rules";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { readCustomPrices } from "./custom-prices-schema.ts";
import { PriceFile } from "./price-file.ts";

const at = (day: string): bigint => BigInt(Date.parse(`${day}T12:00:00Z`)) * 1_000_000n;

function cost(file: unknown, call: Partial<PricedCall>): Cost {
  const read = readCustomPrices(file, "mine.json");
  if (read.problems) throw new Error(JSON.stringify(read.problems));
  return priceUsage(
    { usage: [{ buckets: { input: 1000, output: 10 } }], time: at("2026-11-24"), ...call },
    read.content,
  );
}

function problems(file: unknown): string[] {
  return (readCustomPrices(file, "mine.json").problems ?? []).map(({ where, problem }) => `${where}: ${problem}`);
}

describe("somebody's own prices", () => {
  it("price a model that nobody else knows, by provider and name", () => {
    const file = {
      prices: [{ name: "house", provider: "vllm", model: "acme-*", tokens: { input: "0.2", output: 0.6 } }],
    };
    const told = cost(file, { provider: "vllm", responseModel: "ACME-70b" });
    expect(told.nanos).toBe(1000n * 200n + 10n * 600n);
    expect(told.lines[0]).toMatchObject({ price: "custom/house", source: "mine.json", model: "ACME-70b" });
    // Another model of one's own machine still costs nothing.
    expect(cost(file, { provider: "vllm", responseModel: "llama" }).nanos).toBe(0n);
  });

  it("go by the day: the first entry that fits decides", () => {
    const file = {
      prices: [
        { name: "june", model: "gpt-4o", from: "2026-06-01", to: "2026-07-01", tokens: { input: "1", output: "1" } },
        { name: "later", model: "gpt-4o", from: "2026-07-01", tokens: { input: "2", output: "2" } },
      ],
    };
    const call = { provider: "openai", responseModel: "gpt-4o" };
    expect(cost(file, { ...call, time: at("2026-05-31") }).lines[0]?.price).toBe("openai/gpt-4o");
    expect(cost(file, { ...call, time: at("2026-06-30") }).nanos).toBe(1_010_000n);
    expect(cost(file, { ...call, time: at("2026-07-01") }).lines[0]?.price).toBe("custom/later@2026-07-01");
  });

  it("take a contract's discount off the catalogue's prices, tiers and all", () => {
    const file = { prices: [{ name: "contract", provider: "openai", factor: "0.85" }] };
    const call = { provider: "openai", responseModel: "gpt-4o-mini" };
    const told = cost(file, call);
    expect(told.nanos).toBe(127_500n + 5100n);
    expect(told.lines[0]).toMatchObject({ price: "openai/gpt-4o-mini", tier: "contract ×0.85" });
    expect(cost(file, { ...call, serviceTier: "batch" }).lines[0]?.tier).toBe("batch, contract ×0.85");
    expect(cost(file, { provider: "openai", responseModel: "nobody-knows" }).reason).toBe("no-price");
  });

  it("are in another currency at the rate of the day", () => {
    const file = {
      prices: [{ name: "eu", model: "m", currency: "EUR", tokens: { input: "1", output: "2" } }],
      currencies: [
        { currency: "EUR", from: "2026-07-01", dollars: "1.2" },
        { currency: "EUR", from: "2026-01-01", dollars: "1.1" },
      ],
    };
    const june = cost(file, { responseModel: "m", time: at("2026-06-30") });
    expect(june.nanos).toBe(1_100_000n + 22_000n);
    expect(june.currency).toBe("USD");
    expect(june.lines[0]?.source).toBe("mine.json, EUR at $1.1 of 2026-01-01");
    expect(cost(file, { responseModel: "m" }).nanos).toBe(1_200_000n + 24_000n);
    // No rate is told for 2025: unknown, and not one to one.
    expect(cost(file, { responseModel: "m", time: at("2025-06-30") }).reason).toBe("no-price");
  });

  it("pay a machine by the second, whether tokens were told or not", () => {
    const file = { prices: [{ name: "gpu", provider: "ollama", second: "0.0005" }] };
    const call = { provider: "ollama", responseModel: "llama", milliseconds: 2500 };
    expect(cost(file, call).nanos).toBe(1_250_000n);
    expect(cost(file, { ...call, usage: [] }).nanos).toBe(1_250_000n);
    expect(cost(file, { provider: "ollama", responseModel: "llama" }).reason).toBe("no-price");
  });

  it("say what is wrong and where", () => {
    expect(problems({ prices: [{ name: "a" }] })).toEqual([
      "prices[0]: has no price: give tokens, units, second or factor",
    ]);
    expect(problems({ prices: [{ name: "a", tokens: { input: "-1" } }] })[0]).toMatch(/^prices\[0\]\.tokens\.input: /);
    expect(problems({ prices: [{ name: "a", tokens: { inptu: "1" } }] })[0]).toMatch(/^prices\[0\]\.tokens.*/);
    expect(problems({ prices: [{ name: "a", currency: "EUR", tokens: { input: "1" } }] })).toEqual([
      "prices[0].currency: there is no rate for EUR: add it to currencies",
    ]);
    expect(problems({ prices: [{ name: "a", from: "2026-13-01", factor: 1 }] })[0]).toMatch(/^prices\[0\]\.from: /);
    expect(problems([])[0]).toMatch(/^the file: /);
  });

  it("are never misread: any JSON is prices or told to be wrong", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (told) => {
        const read = readCustomPrices(told, "x");
        return (read.problems ?? [0]).length > 0;
      }),
    );
  });
});

describe("PriceFile", () => {
  const directory = mkdtempSync(join(tmpdir(), "telltale-prices-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("is read again when it changed, and a wrong one leaves the prices as they were", () => {
    const file = new PriceFile(join(directory, "telltale.prices.json"));
    expect(file.state()).toEqual({ file: null, prices: undefined, problems: [] });
    expect(file.write({ prices: [{ name: "a", factor: "0.5" }] })).toEqual([]);
    expect(file.state().content?.entries[0]?.factor).toBe(500_000_000n);
    expect(file.write({ prices: 1 })[0]?.where).toBe("prices");
    expect(readFileSync(file.path, "utf8")).toContain('"0.5"');
    writeFileSync(file.path, "{ no JSON");
    expect(file.state().problems[0]?.where).toBe("the file");
    expect(file.state().content?.entries).toHaveLength(1);
    file.remove();
    expect(file.state().content).toBeUndefined();
  });
});
