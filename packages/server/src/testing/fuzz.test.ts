import { expect, it } from "vitest";
import { fuzz, mutated, Dice } from "./fuzz.ts";
import { fuzzApis } from "./fuzz-apis.ts";
import { apiSeeds, recordedSeeds } from "./fuzz-seeds.ts";

const seeds = recordedSeeds();

it("meets no input that a decoder or a dialect fails on", () => {
  expect(new Set(seeds.map(({ signal }) => signal))).toEqual(new Set(["traces", "logs", "metrics"]));
  const figures = fuzz(seeds, 3_000, 1);
  expect(figures.inputs).toBe(3_000);
  // Both ways are taken: refused as a whole, and read in spite of it.
  expect(figures.refused).toBeGreaterThan(100);
  expect(figures.spans).toBeGreaterThan(500);
});

it("meets no request to a vendor's API that a receiver, a format or a dialect fails on", async () => {
  const requests = apiSeeds();
  const places = new Set(requests.map(({ path }) => path.replace(/[0-9a-f-]{36}/, "…")));
  for (const place of ["/api/public/ingestion", "/runs/…", "/runs/batch", "/runs/multipart", "/v1/traces/ingest"])
    expect(places).toContain(place);
  const figures = await fuzzApis(requests, 1_500, 1);
  expect(figures.inputs).toBe(1_500);
  expect(figures.refused).toBeGreaterThan(100);
  expect(figures.spans).toBeGreaterThan(500);
});

it("makes the same input of the same seed", () => {
  const body = Buffer.from("the same body as before, and long enough");
  expect(mutated(body, new Dice(7))).toEqual(mutated(body, new Dice(7)));
  expect(mutated(body, new Dice(7))).not.toEqual(mutated(body, new Dice(8)));
});
