import { guessSignal, wrongSignal } from "./guess-signal.ts";
import { readJsonLogs, scanJsonLogs } from "./json-logs.ts";
import { MAX_RECORDS } from "./limits.ts";
import { readLog } from "./protobuf-log.ts";
import { walkRequest } from "./protobuf-request.ts";
import type { LogRecord } from "./record.ts";
import { Rejections, TOO_MANY_RECORDS } from "./rejections.ts";
import type { Rejected, Scan } from "./rejections.ts";
import { skipRecord } from "./skip-record.ts";
import { WireReader } from "./wire-reader.ts";

/**
 * Reads an `ExportLogsServiceRequest`. A record that is broken is refused alone, an id that is
 * none is left out. Nothing in the answer refers to `body`. Throws `OtlpDecodeError` when the
 * request as a whole is not one.
 */
export function readLogs(body: Uint8Array, encoding: "protobuf" | "json"): { logs: LogRecord[]; rejected: Rejected } {
  if (encoding === "json") return readJsonLogs(body);
  const reader = new WireReader(body);
  const logs: LogRecord[] = [];
  const rejected = new Rejections();
  walkRequest(reader, "logs", (end, resource, scope) => {
    const log = logs.length < MAX_RECORDS ? readLog(reader, end, resource, scope) : TOO_MANY_RECORDS;
    if (typeof log === "string") rejected.add(log);
    else logs.push(log);
  });
  return { logs, rejected };
}

/** Checks framing only and counts as `readLogs` would. Throws `OtlpDecodeError`, also for another signal. */
export function scanLogs(body: Uint8Array, encoding: "protobuf" | "json"): Scan {
  if (encoding === "json") return scanJsonLogs(body);
  const reader = new WireReader(body);
  const rejected = new Rejections();
  let accepted = 0;
  walkRequest(reader, "logs", (end) => {
    if (accepted + rejected.count === 0) {
      const found = guessSignal(body, reader.position, end);
      if (found !== undefined && found !== "logs") throw wrongSignal("logs", found);
    }
    const problem = accepted < MAX_RECORDS ? skipRecord(reader, end, "log record") : TOO_MANY_RECORDS;
    if (problem === undefined) accepted++;
    else rejected.add(problem);
  });
  return { accepted, rejected };
}
