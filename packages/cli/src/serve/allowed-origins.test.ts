import { expect, it } from "vitest";
import { originsOf } from "./allowed-origins.ts";

it("takes origins as browsers write them", () => {
  expect(originsOf(undefined)).toEqual([]);
  expect(originsOf("https://app.example, http://localhost:5173,")).toEqual([
    "https://app.example",
    "http://localhost:5173",
  ]);
  expect(originsOf("*")).toEqual(["*"]);
});

it.each([
  "app.example",
  "https://app.example/",
  "https://app.example/page",
  "file:///x",
  "https://App.example",
  "null",
])("refuses %s, which no browser would ever send", (text) => {
  expect(() => originsOf(text)).toThrow("--allow-origin");
});
