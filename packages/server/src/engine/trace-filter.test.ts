import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { TraceFilter } from "./trace-filter.ts";

it("never forgets an id and rarely knows one it has not seen", () => {
  const filter = new TraceFilter(0);
  const added = Array.from({ length: 50_000 }, () => randomBytes(16).toString("hex"));
  for (const id of added) filter.add(id);
  expect(added.every((id) => filter.has(id))).toBe(true);
  const strangers = Array.from({ length: 20_000 }, () => randomBytes(16).toString("hex"));
  expect(strangers.filter((id) => filter.has(id)).length).toBeLessThan(400);
});

it("tells ids apart that differ in their last digits only", () => {
  const filter = new TraceFilter(0);
  const id = (index: number): string => index.toString(16).padStart(32, "0");
  for (let index = 1; index <= 10_000; index++) filter.add(id(index));
  const strangers = Array.from({ length: 10_000 }, (_, index) => id(index + 20_000));
  expect(strangers.filter((stranger) => filter.has(stranger)).length).toBeLessThan(300);
});
