import { expect, test } from "vitest";
import { findNode, isNewEnough } from "./find-node.mjs";

test.each(["22.15.0", "22.20.1", "23.0.0", "24.21.0", "100.0.0"])("%s is new enough", (version) => {
  expect(isNewEnough(version)).toBe(true);
});

test.each(["20.20.2", "22.14.9", "22.2.0", "18.19.0", "8.0.0"])("%s is too old", (version) => {
  expect(isNewEnough(version)).toBe(false);
});

test("the Node that runs the tests is the one that is found", () => {
  expect(findNode("/nowhere")).toBe(process.execPath);
});
