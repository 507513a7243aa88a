import { guessSignal, wrongSignal } from "./guess-signal.ts";
import { readJsonMetrics, scanJsonMetrics } from "./json-metrics.ts";
import { MAX_RECORDS } from "./limits.ts";
import { readDataPoint, walkMetric } from "./protobuf-metric.ts";
import { walkRequest } from "./protobuf-request.ts";
import type { MetricRecord } from "./record.ts";
import { Rejections, TOO_MANY_RECORDS } from "./rejections.ts";
import type { Rejected, Scan } from "./rejections.ts";
import { WireReader } from "./wire-reader.ts";

/**
 * Reads an `ExportMetricsServiceRequest` into its data points. A point that is broken is refused
 * alone. Nothing in the answer refers to `body`. Throws `OtlpDecodeError` when the request as a
 * whole is not one.
 */
export function readMetrics(
  body: Uint8Array,
  encoding: "protobuf" | "json",
): { metrics: MetricRecord[]; rejected: Rejected } {
  if (encoding === "json") return readJsonMetrics(body);
  const reader = new WireReader(body);
  const metrics: MetricRecord[] = [];
  const rejected = new Rejections();
  walkRequest(reader, "metrics", (end, resource, scope) =>
    walkMetric(
      reader,
      end,
      (metric, type, pointEnd) => {
        if (metrics.length >= MAX_RECORDS) rejected.add(TOO_MANY_RECORDS);
        else metrics.push(readDataPoint(reader, pointEnd, metric, type, resource, scope));
      },
      (reason) => rejected.add(reason),
    ),
  );
  return { metrics, rejected };
}

/** Checks framing only and counts as `readMetrics` would. Throws `OtlpDecodeError`, also for another signal. */
export function scanMetrics(body: Uint8Array, encoding: "protobuf" | "json"): Scan {
  if (encoding === "json") return scanJsonMetrics(body);
  const reader = new WireReader(body);
  const rejected = new Rejections();
  let accepted = 0;
  let seen = false;
  walkRequest(reader, "metrics", (end) => {
    if (!seen) {
      const found = guessSignal(body, reader.position, end);
      if (found !== undefined && found !== "metrics") throw wrongSignal("metrics", found);
    }
    seen = true;
    const accept = (): void => (accepted < MAX_RECORDS ? void accepted++ : rejected.add(TOO_MANY_RECORDS));
    walkMetric(reader, end, accept, (reason) => rejected.add(reason));
  });
  return { accepted, rejected };
}
