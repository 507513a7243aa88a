/** Times are milliseconds since 1970. A range is relative (`24h`) or has two ends. */
export type TimeRange =
  | { readonly type: "last"; readonly name: LastName }
  | { readonly type: "between"; readonly from: number; readonly to: number }
  | { readonly type: "all" };

/** The name of a relative range. */
export type LastName = "15m" | "1h" | "24h" | "7d" | "30d";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The length of the relative ranges, in milliseconds. */
export const LAST_RANGES: { readonly [name in LastName]: number } = {
  "15m": 15 * MINUTE,
  "1h": 60 * MINUTE,
  "24h": DAY,
  "7d": 7 * DAY,
  "30d": 30 * DAY,
};

/** By what the list of traces can be sorted, as the API spells it. */
export const SORT_FIELDS = ["startTime", "durationMs", "costNanos", "totalTokens", "spanCount", "errorCount"] as const;

/** One of {@link SORT_FIELDS}. */
export type SortField = (typeof SORT_FIELDS)[number];

/** Everything that decides what the traces page shows. */
export interface TracesState {
  readonly filter: string;
  readonly range: TimeRange;
  readonly sort: SortField;
  readonly order: "asc" | "desc";
}

/** The range that needs no words in the address. */
const DEFAULT_RANGE: LastName = "7d";

/** Reads the address of the traces page; what is not understood falls back to the default. */
export function readTracesState(search: string): TracesState {
  const parameters = new URLSearchParams(search);
  const sort = parameters.get("sort");
  return {
    filter: parameters.get("filter") ?? "",
    range: readRange(parameters),
    sort: SORT_FIELDS.find((field) => field === sort) ?? "startTime",
    order: parameters.get("order") === "asc" ? "asc" : "desc",
  };
}

/** The search part of the address, without what is default; `""` when all is. */
export function writeTracesState(state: TracesState): string {
  const parameters = new URLSearchParams();
  if (state.filter !== "") parameters.set("filter", state.filter);
  if (state.range.type === "between") {
    parameters.set("from", String(state.range.from));
    parameters.set("to", String(state.range.to));
  } else if (state.range.type === "all") parameters.set("range", "all");
  else if (state.range.name !== DEFAULT_RANGE) parameters.set("range", state.range.name);
  if (state.sort !== "startTime") parameters.set("sort", state.sort);
  if (state.order !== "desc") parameters.set("order", state.order);
  return printSearch(parameters);
}

function readRange(parameters: URLSearchParams): TimeRange {
  const from = readTime(parameters.get("from"));
  const to = readTime(parameters.get("to"));
  if (from !== undefined && to !== undefined && from < to) return { type: "between", from, to };
  const name = parameters.get("range");
  if (name === "all") return { type: "all" };
  return { type: "last", name: isLastName(name) ? name : DEFAULT_RANGE };
}

function readTime(text: string | null): number | undefined {
  return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

function isLastName(name: string | null): name is LastName {
  return name !== null && Object.hasOwn(LAST_RANGES, name);
}

/** The ends of a range at a moment; a relative range has no end, so that what is new stays in. */
export function rangeEnds(range: TimeRange, now: number): { from?: number; to?: number } {
  if (range.type === "between") return { from: range.from, to: range.to };
  return range.type === "all" ? {} : { from: Math.floor(now - LAST_RANGES[range.name]) };
}

/** Everything that decides what the trace page shows. `null` leaves the choice to the page. */
export interface TraceState {
  readonly span: string | null;
  readonly view: string | null;
  readonly tab: string | null;
  /** `yes`: without the traces that ids tie to it. */
  readonly alone: "yes" | null;
}

/** Reads the address of a trace page. */
export function readTraceState(search: string): TraceState {
  const parameters = new URLSearchParams(search);
  return {
    span: parameters.get("span"),
    view: parameters.get("view"),
    tab: parameters.get("tab"),
    alone: parameters.get("alone") === "yes" ? "yes" : null,
  };
}

/** The search part of a trace page's address. */
export function writeTraceState(state: TraceState): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) if (value) parameters.set(key, value);
  return printSearch(parameters);
}

/** Commas, colons and slashes may stand in an address as they are, and read better so. */
function printSearch(parameters: URLSearchParams): string {
  const text = parameters.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/");
  return text === "" ? "" : `?${text}`;
}
