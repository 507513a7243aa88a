import { expect, it } from "vitest";
import { EMPTY_DRAFT, entryOf, fileOf, priceWords, problemsOf } from "./own-price.ts";

it("writes what was filled in, and nothing else", () => {
  const draft = { ...EMPTY_DRAFT, name: " house ", model: "acme-*", input: "0.20", output: "0.60", factor: "0.5" };
  expect(entryOf(draft, false)).toEqual({ name: "house", model: "acme-*", tokens: { input: "0.20", output: "0.60" } });
  expect(entryOf(draft, true)).toEqual({ name: "house", model: "acme-*", factor: "0.5" });
});

it("keeps of a file what it does not know, and takes anything for none", () => {
  const file = { prices: [{ name: "a", units: { page: "1" } }], currencies: [] };
  expect(fileOf(file)).toEqual(file);
  for (const none of [null, [], "x", { prices: 1 }]) expect(fileOf(none)).toEqual({ prices: [] });
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
  expect(priceWords({ second: "0.0005" })).toBe("$0.0005 a second");
});
