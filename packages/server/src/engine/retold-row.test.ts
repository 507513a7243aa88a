import { describe, expect, it } from "vitest";
import { pipeline } from "../pipeline.ts";
import { logsOf, readRecording, recordingNames } from "../testing/read-recording.ts";
import { rowOf } from "./decode-batch.ts";
import { readRetellings, writeRetellings } from "./retelling.ts";
import { retoldRow } from "./retold-row.ts";

const steps = pipeline();

describe("a stored row told again by the version that read it", () => {
  it.each(recordingNames())("%s keeps what it says, and its cost", (name) => {
    const recording = readRecording(name);
    for (const span of recording.spans) {
      const logs = logsOf(recording, span);
      const row = rowOf(span, logs, { project: "", receivedAt: span.startTime }, steps);
      const again = retoldRow(row, [], steps);
      expect(retoldRow(again, [], steps)).toEqual(again);
      const kept = ["usage", "cost", "input", "output", "status", "attributes", "finish_reason", "tool_name"] as const;
      for (const field of kept) expect([field, again[field]]).toEqual([field, row[field]]);
    }
  });
});

it("goes through the journal", () => {
  const spans = [{ project: "p", traceId: "a".repeat(32), spanId: "b".repeat(16) }];
  expect(readRetellings(writeRetellings(spans))).toEqual(spans);
});
