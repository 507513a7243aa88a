import { describe, expect, test } from "vitest";
import { measureAccuracy } from "./testing/accuracy.ts";
import { redactors } from "./redactors/index.ts";
import { NAMED_SECRETS } from "./testing/named-samples.ts";
import { SECRETS } from "./testing/secret-samples.ts";

const LEAST_RECALL = 0.97;
const LEAST_PRECISION = 0.95;

describe("accuracy on secrets and look-alikes in prose, JSON, code and logs", () => {
  const measured = measureAccuracy(20_261_125, 20);

  const kinds = [...SECRETS.keys(), ...NAMED_SECRETS.keys()];

  test("knows every kind", () => {
    expect(kinds.toSorted()).toEqual(redactors.map(({ name }) => name).toSorted());
  });

  test.each(kinds)("is high enough for %s", (kind) => {
    const accuracy = measured.find((one) => one.kind === kind);
    const isEnough = (accuracy?.recall ?? 0) >= LEAST_RECALL && (accuracy?.precision ?? 0) >= LEAST_PRECISION;
    // What went wrong, where too much did.
    expect(isEnough ? [] : accuracy).toEqual([]);
  });

  test("takes nothing for a kind that is not there", () => {
    const others = measured.filter(({ kind }) => !kinds.includes(kind)).flatMap(({ wrong }) => wrong);
    expect(others).toEqual([]);
  });
});
