import { expect, it } from "vitest";
import { catalogueModels } from "./catalogue.ts";
import { readCustomPrices } from "./custom-prices-schema.ts";

it("finds models by words of provider and name, with the row of the day", () => {
  const day = new Date("2026-11-20T12:00:00Z");
  const { models, total } = catalogueModels({ search: "OPENAI o3", limit: 500 }, day);
  expect(total).toBe(models.length);
  const found = models.find(({ provider, model }) => provider === "openai" && model === "o3");
  expect(found).toMatchObject({ since: "2025-06-10", largeAbove: null });
  expect(found?.prices).toContainEqual({ bucket: "input", nanosPerMillion: "2000000000" });
  const before = catalogueModels({ search: "openai o3", limit: 500 }, new Date("2025-06-09T12:00:00Z")).models;
  expect(before.find(({ model }) => model === "o3")?.prices).toContainEqual({
    bucket: "input",
    nanosPerMillion: "10000000000",
  });
  expect(catalogueModels({ search: "", limit: 3 }, day).models).toHaveLength(3);
  expect(catalogueModels({ search: "", limit: 3 }, day).total).toBeGreaterThan(500);
  expect(catalogueModels({ search: "cohere rerank v4", limit: 9 }, day).models).toMatchObject([
    { provider: "cohere", model: "rerank-v4.0-pro" },
  ]);
  expect(catalogueModels({ search: "no such thing", limit: 3 }, day)).toEqual({ models: [], total: 0 });
});

it("tells which of one's own prices go before a model's, and what they make of it", () => {
  const read = readCustomPrices(
    {
      prices: [
        { name: "fast lane", provider: "openai", model: "gpt-5-nano", tier: "priority", tokens: { input: "1" } },
        { name: "later", provider: "openai", from: "2027-01-01", factor: "0.1" },
        { name: "euros", provider: "gcp.gemini", model: "gemini-2.5-pro", currency: "EUR", tokens: { input: "2" } },
        { name: "contract", provider: "openai", model: "gpt-5*", factor: "0.85" },
      ],
      currencies: [{ currency: "EUR", dollars: "1.10" }],
    },
    "prices.json",
  );
  if (read.problems) throw new Error("the file is wrong");
  const day = new Date("2026-11-20T12:00:00Z");
  const own = (search: string): object =>
    catalogueModels({ search, limit: 500, own: true }, day, read.content).models.map(({ model, own: told }) => ({
      model,
      told: told.map(({ name, tier, prices }) => [name, tier, prices[0]]),
    }));
  const cents = (bucket: string, nanosPerMillion: string): object => ({ bucket, nanosPerMillion });
  expect(own("gpt-5-nano")).toEqual([
    {
      model: "gpt-5-nano",
      told: [
        // $0.05 a million, 15 % off.
        ["contract", "", cents("input", "42500000")],
        ["fast lane", "priority", cents("input", "1000000000")],
      ],
    },
  ]);
  expect(own("google gemini-2.5-pro")).toEqual([
    { model: "gemini-2.5-pro", told: [["euros", "", cents("input", "2200000000")]] },
  ]);
  expect(own("anthropic")).toEqual([]);
  expect(catalogueModels({ search: "gpt-5-nano", limit: 9 }, day).models.every((model) => model.own.length === 0)).toBe(
    true,
  );
});
