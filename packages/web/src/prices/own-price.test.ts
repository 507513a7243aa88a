import { expect, it } from "vitest";
import { EMPTY_DRAFT, entryOf, fileOf, priceWords, problemsOf, rateOf, rateWords, withEntry } from "./own-price.ts";

it("writes what was filled in, and nothing else", () => {
  const draft = { ...EMPTY_DRAFT, name: " house ", model: "acme-*", input: "0.20", output: "0.60", factor: "0.5" };
  expect(entryOf(draft, "tokens")).toEqual({
    name: "house",
    model: "acme-*",
    tokens: { input: "0.20", output: "0.60" },
  });
  expect(entryOf(draft, "contract")).toEqual({ name: "house", model: "acme-*", factor: "0.5" });
});

it("keeps of a file what it does not know, and takes anything for none", () => {
  const file = { prices: [{ name: "a", units: { page: "1" } }], currencies: [] };
  expect(fileOf(file)).toEqual(file);
  for (const none of [null, [], "x", { prices: 1 }]) expect(fileOf(none)).toEqual({ prices: [] });
});

it("prices a machine by its seconds, in a currency whose rate goes into the file", () => {
  const draft = {
    ...EMPTY_DRAFT,
    name: "our GPU",
    provider: "ollama",
    second: "0.0005",
    currency: "eur",
    rate: "1.10",
  };
  const entry = { name: "our GPU", provider: "ollama", currency: "EUR", second: "0.0005" };
  expect(entryOf(draft, "second")).toEqual(entry);
  const rate = rateOf(draft, "second");
  const file = withEntry(
    { prices: [{ name: "a" }], currencies: [{ currency: "GBP", from: "2026-01-01", dollars: 1.3 }] },
    entry,
    rate,
  );
  expect(file.prices.map(({ name }) => name)).toEqual(["our GPU", "a"]);
  expect(rateWords(file)).toEqual(["GBP at $1.3 from 2026-01-01", "EUR at $1.10"]);
  expect(rateOf({ ...draft, rate: "" }, "second")).toBeUndefined();
  expect(rateOf(draft, "contract")).toBeUndefined();
  expect(withEntry({ prices: [] }, entry, undefined)).toEqual({ prices: [entry] });
  const told = "currencies[1].dollars: expected a decimal; prices[0].second: too large";
  expect([...problemsOf(told)]).toEqual([
    ["rate", "expected a decimal"],
    ["second", "too large"],
  ]);
});

it("finds the field that the server complains of", () => {
  const told = "prices[0].tokens.input: expected a decimal; prices[0].to: must be after from; prices[0]: has no price";
  expect([...problemsOf(told)]).toEqual([
    ["input", "expected a decimal"],
    ["to", "must be after from"],
    ["", "has no price"],
  ]);
  expect(problemsOf("the disk is full").get("")).toBe("the disk is full");
});

it("says a price in words", () => {
  expect(priceWords({ factor: "0.85" })).toBe("×0.85 of the catalogue's price");
  expect(priceWords({ tokens: { cache_read: "1" }, units: { page: 2 }, currency: "EUR" })).toBe(
    "cache read EUR 1, page EUR 2 each",
  );
  expect(priceWords({ second: "0.0005", tier: "batch" })).toBe("$0.0005 a second, in the batch tier");
});
