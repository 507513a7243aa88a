import { expect, it } from "vitest";
import { catalogueModels } from "./catalogue.ts";

it("finds models by words of provider and name, with the row of the day", () => {
  const day = new Date("2026-11-20T12:00:00Z");
  const { models, total } = catalogueModels("OPENAI o3", 500, day);
  expect(total).toBe(models.length);
  const found = models.find(({ provider, model }) => provider === "openai" && model === "o3");
  expect(found).toMatchObject({ since: "2025-06-10", largeAbove: null });
  expect(found?.prices).toContainEqual({ bucket: "input", nanosPerMillion: "2000000000" });
  const before = catalogueModels("openai o3", 500, new Date("2025-06-09T12:00:00Z")).models;
  expect(before.find(({ model }) => model === "o3")?.prices).toContainEqual({
    bucket: "input",
    nanosPerMillion: "10000000000",
  });
  expect(catalogueModels("", 3, day).models).toHaveLength(3);
  expect(catalogueModels("", 3, day).total).toBeGreaterThan(500);
  expect(catalogueModels("cohere rerank v4", 9, day).models).toMatchObject([
    { provider: "cohere", model: "rerank-v4.0-pro" },
  ]);
  expect(catalogueModels("no such thing", 3, day)).toEqual({ models: [], total: 0 });
});
