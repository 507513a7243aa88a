import { describe, expect, it } from "vitest";
import { installHooks } from "./install-hooks.ts";

describe("installing hooks", () => {
  it("leaves out one that throws, and undoes the others, last first", () => {
    const undone: string[] = [];
    const make = (name: string) => ({ name, install: () => () => void undone.push(name) });
    const broken = {
      name: "broken",
      install: () => {
        throw new Error("no door");
      },
    };
    const worse = {
      name: "worse",
      install: () => () => {
        throw new Error("no way out");
      },
    };
    installHooks([make("first"), broken, worse, make("second")])();
    expect(undone).toEqual(["second", "first"]);
  });
});
