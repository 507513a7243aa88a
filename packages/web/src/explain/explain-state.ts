import type { CostRequest } from "../data/client.ts";

/** What the page explains: a trace, or a day in UTC; perhaps of one model only. */
export interface ExplainState {
  readonly trace: string;
  readonly day: string;
  readonly model: string;
}

const DAY_MS = 86_400_000;

/** The state in an address; today where it names neither a trace nor a day. */
export function readExplainState(search: string, now: number): ExplainState {
  const parameters = new URLSearchParams(search);
  const trace = parameters.get("trace") ?? "";
  const day = parameters.get("day") ?? "";
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && Number.isFinite(Date.parse(day));
  return {
    trace: /^[0-9a-f]{32}$/.test(trace) ? trace : "",
    day: isDay ? day : new Date(now).toISOString().slice(0, 10),
    model: parameters.get("model") ?? "",
  };
}

/** The part of an address with this state. */
export function writeExplainState({ trace, day, model }: ExplainState): string {
  const parameters = new URLSearchParams(trace === "" ? { day } : { trace });
  if (model !== "") parameters.set("model", model);
  return `?${parameters.toString()}`;
}

/** What the server is asked. */
export function requestOf({ trace, day, model }: ExplainState): CostRequest {
  const only = model === "" ? {} : { model };
  if (trace !== "") return { traceId: trace, ...only };
  const from = Date.parse(day);
  return { from, to: from + DAY_MS, ...only };
}
