import { exportCounts, flush, initialize, shutdown } from "./initialize.ts";
import { setSession, setUser } from "./span/associate.ts";
import { withAgent } from "./span/with-agent.ts";
import { recordRetrieval, withRetrieval } from "./span/with-retrieval.ts";
import { withSpan } from "./span/with-span.ts";
import { withTool } from "./span/with-tool.ts";

/** Everything under one name. Each function is also exported by itself. */
export const Telltale: {
  readonly initialize: typeof initialize;
  /** The same as `initialize`. */
  readonly init: typeof initialize;
  readonly withSpan: typeof withSpan;
  readonly withAgent: typeof withAgent;
  readonly withTool: typeof withTool;
  readonly withRetrieval: typeof withRetrieval;
  readonly recordRetrieval: typeof recordRetrieval;
  readonly setSession: typeof setSession;
  readonly setUser: typeof setUser;
  readonly flush: typeof flush;
  readonly shutdown: typeof shutdown;
  readonly exportCounts: typeof exportCounts;
} = {
  initialize,
  init: initialize,
  withSpan,
  withAgent,
  withTool,
  withRetrieval,
  recordRetrieval,
  setSession,
  setUser,
  flush,
  shutdown,
  exportCounts,
};
