import { expect, it } from "vitest";
import { fuzz, mutated, Dice } from "./fuzz.ts";
import { recordedSeeds } from "./fuzz-seeds.ts";

const seeds = recordedSeeds();

it("meets no input that a decoder or a dialect fails on", () => {
  expect(new Set(seeds.map(({ signal }) => signal))).toEqual(new Set(["traces", "logs", "metrics"]));
  const figures = fuzz(seeds, 3_000, 1);
  expect(figures.inputs).toBe(3_000);
  // Both ways are taken: refused as a whole, and read in spite of it.
  expect(figures.refused).toBeGreaterThan(100);
  expect(figures.spans).toBeGreaterThan(500);
});

it("makes the same input of the same seed", () => {
  const body = Buffer.from("the same body as before, and long enough");
  expect(mutated(body, new Dice(7))).toEqual(mutated(body, new Dice(7)));
  expect(mutated(body, new Dice(7))).not.toEqual(mutated(body, new Dice(8)));
});
