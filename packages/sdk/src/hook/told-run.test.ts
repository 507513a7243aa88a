import { afterEach, describe, expect, it } from "vitest";
import { currentScope, runtime } from "../runtime.ts";
import { ToldRun } from "./told-run.ts";

afterEach(() => {
  for (const open of runtime.open) open.abandon();
});

describe("a run whose context a framework leaves behind", () => {
  it("is over for what follows, however many follow", () => {
    runtime.storage.run({ span: undefined, tapped: false }, () => {
      for (let count = 0; count < 50_000; count++) {
        const run = new ToldRun({ name: "step" });
        run.enter();
        expect(currentScope()?.span).toBe(run.span);
        run.end();
      }
      expect(currentScope()?.span).toBeUndefined();
      expect(new ToldRun({ name: "next" }).span?.parentSpanId).toBeUndefined();
    });
  });

  it("gives way to what is still going on around it", () => {
    runtime.storage.run({ span: undefined, tapped: false }, () => {
      const outer = new ToldRun({ name: "outer" });
      outer.enter();
      const inner = new ToldRun({ name: "inner" });
      inner.enter();
      inner.end();
      expect(new ToldRun({ name: "next" }).span?.parentSpanId).toBe(outer.span?.spanId);
    });
  });
});
