import { inputTokens, outputTokens } from "@telltale/model";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { usageLine } from "./usage-line.ts";

describe("usageLine", () => {
  it("takes the parts out of the total they are inside of", () => {
    expect(usageLine({ input: 100, cacheRead: 60, cacheWrite: 10, output: 50, reasoning: 20 })).toEqual({
      buckets: { input: 30, cache_read: 60, cache_write: 10, output: 30, reasoning: 20 },
      quality: "reported",
    });
  });

  it("uses the numbers as they are when a part is larger than its total, and says so", () => {
    expect(usageLine({ input: 18, cacheRead: 512, cacheWrite: 128, output: 23 })).toEqual({
      buckets: { input: 18, cache_read: 512, cache_write: 128, output: 23 },
      quality: "inferred",
    });
    expect(usageLine({ output: 16, reasoning: 1048 })).toEqual({
      buckets: { output: 16, reasoning: 1048 },
      quality: "inferred",
    });
  });

  it("does not infer what is known to be apart", () => {
    expect(usageLine({ input: 700, cacheRead: 512 }, { cachedApart: true })).toEqual({
      buckets: { input: 700, cache_read: 512 },
      quality: "reported",
    });
  });

  it("keeps a told 0 and has nothing of what was not told", () => {
    expect(usageLine({ input: 5, cacheRead: 0 })?.buckets).toEqual({ input: 5, cache_read: 0 });
    expect(usageLine({})).toBeUndefined();
    expect(usageLine({ cacheRead: undefined, output: undefined })).toBeUndefined();
  });

  it("marks a sender's own estimate", () => {
    expect(usageLine({ input: 1 }, { estimated: true })?.quality).toBe("estimated");
  });

  it("gives disjoint buckets that add up to the totals, or says that it inferred", () => {
    const count = fc.option(fc.nat(1000), { nil: undefined });
    const counts = fc.record({
      input: fc.nat(1000),
      output: fc.nat(1000),
      cacheRead: count,
      cacheWrite: count,
      cacheWriteHour: count,
      reasoning: count,
      inputAudio: count,
      cacheReadAudio: count,
      inputImage: count,
      outputAudio: count,
      outputImage: count,
    });
    fc.assert(
      fc.property(counts, (told) => {
        const line = usageLine(told);
        if (!line) return false;
        for (const tokens of Object.values(line.buckets)) if (!Number.isSafeInteger(tokens) || tokens < 0) return false;
        if (line.quality === "inferred") return true;
        return inputTokens([line]) === told.input && outputTokens([line]) === told.output;
      }),
    );
  });
});
