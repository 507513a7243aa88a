import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { Seed } from "./fuzz.ts";
import type { ApiSeed } from "./fuzz-apis.ts";
import { formatOf } from "./read-api-recording.ts";
import { readRecording, recordingNames } from "./read-recording.ts";

/** Larger recordings would be most of the time and little of the variety. */
const LARGEST = 64 * 1024;

/** Every recorded request over OTLP, unpacked, up to 64 KiB. */
export function recordedSeeds(): readonly Seed[] {
  return recordingNames().flatMap((name) =>
    readRecording(name).requests.flatMap(({ path, headers, body }): readonly Seed[] => {
      const signal = (["traces", "logs", "metrics"] as const).find(
        (one) => path.endsWith(`/v1/${one}`) || (one === "traces" && path.endsWith("/ai/otel")),
      );
      if (signal === undefined) return [];
      const plain = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      const encoding = headers["content-type"]?.includes("json") ? "json" : "protobuf";
      return plain.length > LARGEST ? [] : [{ body: plain, encoding, signal }];
    }),
  );
}

const RUN = "01a20ae6-b2ca-7000-8000-020eea109c42";

/** Requests that the SDKs make and no recording has. */
const UNRECORDED: readonly ApiSeed[] = [
  ["PATCH", `/runs/${RUN}`, { outputs: { output: "Sunny." }, end_time: "2026-11-24T00:13:42", error: null }],
  ["POST", "/feedback", { key: "helpful", score: true, run_id: RUN, comment: "good", value: { a: [1] } }],
  ["POST", "/sessions?upsert=true", { name: "trips", extra: { metadata: { a: 1 } }, description: null, id: RUN }],
  ["POST", "/api/public/scores", { name: "helpful", value: 0.5, traceId: RUN, dataType: "NUMERIC" }],
  ["POST", "/api/public/media", { contentType: "image/png", contentLength: 8, sha256Hash: `${"aB3/+".repeat(8)}===` }],
].map(([method, path, body]) => {
  const told = { method: String(method), path: String(path), type: "application/json" };
  return { ...told, body: Buffer.from(JSON.stringify(body)) };
});

/** Every recorded request to a vendor's API, unpacked, up to 64 KiB, and some that no recording has. */
export function apiSeeds(): readonly ApiSeed[] {
  return [...UNRECORDED, ...recordedApiRequests()];
}

function recordedApiRequests(): readonly ApiSeed[] {
  return recordingNames().flatMap((name) =>
    readRecording(name).requests.flatMap(({ method, path, headers, body }): readonly ApiSeed[] => {
      if (formatOf(path) === undefined) return [];
      const plain = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      const type = headers["content-type"] ?? "application/json";
      return plain.length > LARGEST ? [] : [{ method, path, type, body: plain }];
    }),
  );
}
