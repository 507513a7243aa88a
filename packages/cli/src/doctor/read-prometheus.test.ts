import fc from "fast-check";
import { expect, test } from "vitest";
import { readPrometheus, sumOf } from "./read-prometheus.ts";

test("reads names, labels and values, and leaves out everything else", () => {
  const page = `# HELP a_total What it is
# TYPE a_total counter
a_total{x="1",y="say \\"hi\\"\\n"} 3
a_total{x="2"} 4.5e1 1700000000000
b NaN
c{} +Inf

<html>no metrics</html>`;
  const samples = readPrometheus(page);
  expect(samples.map(({ name, value }) => [name, value])).toEqual([
    ["a_total", 3],
    ["a_total", 45],
    ["b", Number.NaN],
    ["c", Number.POSITIVE_INFINITY],
  ]);
  expect(samples[0]?.labels.get("y")).toBe('say "hi"\n');
  expect(sumOf(samples, "a_total")).toBe(48);
  expect(sumOf(samples, "a_total", { x: "2" })).toBe(45);
  expect(sumOf(samples, "a_total", { x: "3" })).toBeUndefined();
});

test("never throws, and never makes up a sample without a name", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const { name } of readPrometheus(text)) expect(name).not.toBe("");
    }),
  );
});
