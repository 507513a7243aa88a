import type { CheckResult } from "./check-result.ts";
import { type Sample, sumOf } from "./read-prometheus.ts";

/** What a refusal most often means, by the status of the answer. */
const REASONS = new Map([
  ["400", "they are no OTLP, or damaged: does an exporter set to gRPC send to the port for HTTP?"],
  ["405", "they were no POST: the path is right, the method is not"],
  ["413", "they were larger than 64 MiB after decompression: send smaller batches"],
  ["415", "their content type is not application/x-protobuf or application/json"],
  ["429", "there was more at once than fits into memory: exporters send these again"],
  [
    "499",
    "the sender went away in the middle (is its timeout too short?), or its gRPC message was too large or damaged",
  ],
  ["503", "they could not be kept at that moment: the disk, or the bound on what waits; exporters send these again"],
]);

const REQUESTS = "telltale_receiver_requests_total";
const RECORDS = "telltale_receiver_records_total";

/** Why nothing, or less than was sent, arrives: what the server counted since it started. */
export function checkTraffic(samples: readonly Sample[], server: string): CheckResult[] {
  const requests = sumOf(samples, REQUESTS) ?? 0;
  if (requests === 0) return [nothingSeen(server)];
  const spans = sumOf(samples, RECORDS, { signal: "traces", outcome: "accepted" }) ?? 0;
  const text = `${requests} requests since the start, ${spans} spans accepted`;
  const received: CheckResult =
    spans > 0
      ? { status: "ok", subject: "traffic", text }
      : {
          status: "hint",
          subject: "traffic",
          text,
          advice: "Requests come, and no span in them: are traces switched on in the exporter?",
        };
  return [received, ...refused(samples), ...rejected(samples), ...stored(samples)];
}

function nothingSeen(server: string): CheckResult {
  return {
    status: "hint",
    subject: "traffic",
    text: "no request has reached the receiver since the server started",
    advice:
      `Point the exporter here: OTEL_EXPORTER_OTLP_ENDPOINT=${server} and OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf. ` +
      "A short program must end its SDK (shutdown) before it exits, or the last spans stay with it.",
  };
}

function refused(samples: readonly Sample[]): CheckResult[] {
  return [...REASONS].flatMap(([status, reason]) => {
    const count = sumOf(samples, REQUESTS, { status }) ?? 0;
    if (count === 0) return [];
    return [{ status: "problem", subject: "refused", text: `${count} requests were answered ${status}: ${reason}` }];
  });
}

function rejected(samples: readonly Sample[]): CheckResult[] {
  const count = sumOf(samples, RECORDS, { outcome: "rejected" }) ?? 0;
  if (count === 0) return [];
  const text = `${count} records of accepted requests were rejected: they have no valid trace id or span id`;
  return [{ status: "problem", subject: "rejected", text, advice: "The answer's partial_success names them." }];
}

function stored(samples: readonly Sample[]): CheckResult[] {
  const undecodable = sumOf(samples, "telltale_engine_undecodable_total") ?? 0;
  const refusedRows = sumOf(samples, "telltale_engine_refused_rows_total") ?? 0;
  if (undecodable + refusedRows === 0) return [];
  const text = `${undecodable} records could not be decoded and ${refusedRows} rows were refused by the store`;
  return [{ status: "problem", subject: "stored", text, advice: "The server's log says which, and why." }];
}
