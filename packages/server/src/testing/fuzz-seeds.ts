import { gunzipSync } from "node:zlib";
import type { Seed } from "./fuzz.ts";
import { readRecording, recordingNames } from "./read-recording.ts";

/** Larger recordings would be most of the time and little of the variety. */
const LARGEST = 64 * 1024;

/** Every recorded request over OTLP, unpacked, up to 64 KiB. */
export function recordedSeeds(): readonly Seed[] {
  return recordingNames().flatMap((name) =>
    readRecording(name).requests.flatMap(({ path, headers, body }): readonly Seed[] => {
      const signal = (["traces", "logs", "metrics"] as const).find((one) => path.endsWith(`/v1/${one}`));
      if (signal === undefined) return [];
      const plain = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      const encoding = headers["content-type"]?.includes("json") ? "json" : "protobuf";
      return plain.length > LARGEST ? [] : [{ body: plain, encoding, signal }];
    }),
  );
}
