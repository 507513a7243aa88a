import { expect, it } from "vitest";
import { RecentIds } from "./recent-ids.ts";

it("remembers the last ids, and no more than that", () => {
  const ids = new RecentIds();
  for (let index = 0; index < 25_000; index++) ids.add(`span_${index}`);
  expect([ids.has("span_24999"), ids.has("span_15000"), ids.has("span_14999")]).toEqual([true, true, false]);
});
