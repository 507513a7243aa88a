import type { Json } from "@telltale/model";
import { isArray, isObject, type JsonObject, memberOf, textIn } from "../dialect/json-of.ts";
import type { RunJson } from "./run-of-row.ts";

/** How long a preview may be. */
const PREVIEW = 500;

/** Fields of version 2 that are not the field of version 1 in lower case, or not in the same form. */
const FIELDS: ReadonlyMap<string, (run: RunJson) => Json | undefined> = new Map([
  ["run_type", (run: RunJson) => upper(run, "run_type")],
  ["status", (run: RunJson) => upper(run, "status")],
  ["project_id", (run: RunJson) => memberOf(run, "session_id")],
  ["metadata", (run: RunJson) => memberOf(memberOf(run, "extra"), "metadata")],
  ["is_root", (run: RunJson) => memberOf(run, "parent_run_id") === null],
  ["latency_seconds", latencyOf],
  ["total_cost", (run: RunJson) => dollars(run, "total_cost")],
  ["prompt_cost", (run: RunJson) => dollars(run, "prompt_cost")],
  ["completion_cost", (run: RunJson) => dollars(run, "completion_cost")],
  ["prompt_token_details", (run: RunJson) => raw(run, "prompt_token_details")],
  ["completion_token_details", (run: RunJson) => raw(run, "completion_token_details")],
  ["inputs_preview", (run: RunJson) => preview(memberOf(run, "inputs"))],
  ["outputs_preview", (run: RunJson) => preview(memberOf(run, "outputs"))],
  ["error_preview", (run: RunJson) => textIn(run, "error")?.slice(0, PREVIEW)],
]);

/** A run as version 2 tells it: its id, and what `selects` names (`RUN_TYPE`); what is not known is left out. */
export function runInV2(run: RunJson, selects: readonly string[]): JsonObject {
  const told: Record<string, Json> = Object.create(null);
  for (const select of ["ID", ...selects]) {
    const name = select.toLowerCase();
    const read = FIELDS.get(name);
    const value = read ? read(run) : memberOf(run, name);
    if (value !== undefined && (value !== null || name === "end_time")) told[name] = value;
  }
  return told;
}

function upper(run: RunJson, name: string): string | undefined {
  return textIn(run, name)?.toUpperCase();
}

function latencyOf(run: RunJson): number | undefined {
  const end = textIn(run, "end_time");
  return end === undefined ? undefined : (Date.parse(end) - Date.parse(run.start_time)) / 1000;
}

function dollars(run: RunJson, name: string): number | undefined {
  const cost = textIn(run, name);
  return cost === undefined ? undefined : Number(cost);
}

function raw(run: RunJson, name: string): Json | undefined {
  const details = memberOf(run, name);
  return isObject(details) ? { raw: details } : undefined;
}

function preview(content: Json | undefined): string | undefined {
  if (!isObject(content) && !isArray(content)) return undefined;
  return JSON.stringify(content).slice(0, PREVIEW);
}
