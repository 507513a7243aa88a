import type { LiveTrace, TraceSummary } from "@telltale/server/api-types";
import { create, type StoreApi, type UseBoundStore } from "zustand";

/** Whether the live feed flows. */
export type ConnectionState = "connecting" | "open" | "lost";

interface Connection {
  readonly state: ConnectionState;
  /** When the last event came, milliseconds since 1970. */
  readonly lastEvent: number | null;
}

/** The state of the live feed, for the shell to show. */
export const useConnection: UseBoundStore<StoreApi<Connection>> = create<Connection>(() => ({
  state: "connecting",
  lastEvent: null,
}));

/** The browser retries dropped connections by itself but gives up after an HTTP error; then we do, this often. */
const RETRY_MS = 5000;

const listeners = new Set<(trace: TraceSummary) => void>();
let source: EventSource | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Calls back for every trace that is new or grew. The one connection is open while anyone listens. */
export function listenLive(listener: (trace: TraceSummary) => void): () => void {
  listeners.add(listener);
  if (source === undefined) connect();
  return () => {
    listeners.delete(listener);
  };
}

function connect(): void {
  clearTimeout(retry);
  source = new EventSource("/api/v1/live");
  source.addEventListener("open", () => useConnection.setState({ state: "open" }));
  source.addEventListener("trace", (event) => {
    const trace = readEvent(event.data);
    if (trace === undefined) return;
    useConnection.setState({ state: "open", lastEvent: Date.now() });
    for (const listener of listeners) listener(trace);
  });
  source.addEventListener("error", () => {
    useConnection.setState({ state: "lost" });
    if (source?.readyState !== EventSource.CLOSED) return;
    source = undefined;
    retry = setTimeout(connect, RETRY_MS);
  });
}

/** The trace of an event, or nothing when it is not one: a bad event must not end the feed. */
export function readEvent(data: unknown): TraceSummary | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const event: unknown = JSON.parse(data);
    return isLiveTrace(event) ? event.trace : undefined;
  } catch {
    return undefined;
  }
}

function isLiveTrace(event: unknown): event is LiveTrace {
  if (typeof event !== "object" || event === null || !("trace" in event)) return false;
  const { trace } = event;
  return typeof trace === "object" && trace !== null && "traceId" in trace && typeof trace.traceId === "string";
}
