import type { Json } from "@telltale/model";
import { isArray, isObject, memberOf } from "../dialect/json-of.ts";
import { formats } from "../formats/index.ts";
import type { Format } from "../journal/journal.ts";
import type { LogRecord, SpanRecord } from "../otlp/record.ts";
import { KnownRuns } from "../receive/known-runs.ts";
import { boundaryOf, partsIn } from "../receive/multipart.ts";
import { RunBatch } from "../receive/run-batch.ts";

/** A request to a vendor's API, decompressed. */
export interface ApiRequestBody {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

/** The format of a vendor's path; `undefined` where it is OTLP or no telemetry. */
export function formatOf(path: string): Format | undefined {
  if (/^\/(?:runs|feedback)/.test(path)) return "langsmith";
  if (path === "/api/public/ingestion") return "langfuse";
  return path === "/v1/traces/ingest" ? "openai-agents" : undefined;
}

/** What all requests of a recording tell together: each span once, as the engine would have merged it. */
export function readApiRequests(requests: readonly ApiRequestBody[]): { spans: SpanRecord[]; logs: LogRecord[] } {
  const spans: SpanRecord[] = [];
  const logs: LogRecord[] = [];
  const format = formatOf(requests[0]?.path ?? "");
  const body = format === "langsmith" ? runsIn(requests) : listsIn(requests);
  const receivedAt = BigInt(Date.parse("2026-11-24T01:00:00Z")) * 1_000_000n;
  for (const { span, log } of formats.find(({ name }) => name === format)?.read(body, receivedAt) ?? [])
    if (log) logs.push(log);
    else spans.push(span);
  return { spans, logs };
}

function runsIn(requests: readonly ApiRequestBody[]): { readonly [list: string]: Json } {
  const batch = new RunBatch(new KnownRuns());
  for (const { path, type, body } of requests) {
    if (path.endsWith("multipart")) {
      for (const part of partsIn(body, boundaryOf(type))) {
        const [operation, id = "", field = ""] = part.name.split(".");
        if (operation === "post" || operation === "patch") batch.addPart(operation, id, field, part.body);
      }
      continue;
    }
    const told = JSON.parse(body.toString("utf8")) as Json;
    if (path.endsWith("feedback")) batch.addFeedback(told);
    for (const operation of ["post", "patch"] as const) {
      const runs = memberOf(told, operation);
      if (isArray(runs)) for (const run of runs) batch.add(operation, run);
    }
  }
  const { body } = batch.finish(() => undefined);
  return { post: body.post, patch: body.patch, feedback: body.feedback };
}

/** `{batch: […]}` or `{data: […]}` of all requests, one behind the other. */
function listsIn(requests: readonly ApiRequestBody[]): { readonly [list: string]: Json } {
  const lists: { [list: string]: Json[] } = {};
  for (const { body } of requests) {
    const told = JSON.parse(body.toString("utf8")) as Json;
    if (!isObject(told)) continue;
    for (const [key, list] of Object.entries(told)) if (isArray(list)) (lists[key] ??= []).push(...list);
  }
  return lists;
}
