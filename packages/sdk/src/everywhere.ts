import { exportCounts, flush, initialize, shutdown } from "./initialize.ts";
import { setMetadata, setSession, setTags, setUser } from "./span/associate.ts";
import { agent, retrieval, span, task, tool, workflow } from "./span/decorators.ts";
import { recordPrompt } from "./span/record-prompt.ts";
import { bind, currentContext, extract, inject, runWith } from "./span/run-with.ts";
import { score } from "./span/score.ts";
import { currentSpan, updateCurrentSpan } from "./span/update-current-span.ts";
import { withAgent } from "./span/with-agent.ts";
import { recordRetrieval, withRetrieval } from "./span/with-retrieval.ts";
import { withSpan } from "./span/with-span.ts";
import { withTool } from "./span/with-tool.ts";
import { withTask, withWorkflow } from "./span/with-workflow.ts";

/** What programs have wherever they run: in Node, in browsers and in workers. */
export const everywhere: {
  readonly initialize: typeof initialize;
  /** The same as `initialize`. */
  readonly init: typeof initialize;
  readonly withSpan: typeof withSpan;
  readonly withWorkflow: typeof withWorkflow;
  readonly withTask: typeof withTask;
  readonly withAgent: typeof withAgent;
  readonly withTool: typeof withTool;
  readonly withRetrieval: typeof withRetrieval;
  readonly span: typeof span;
  readonly workflow: typeof workflow;
  readonly task: typeof task;
  readonly agent: typeof agent;
  readonly tool: typeof tool;
  readonly retrieval: typeof retrieval;
  readonly currentSpan: typeof currentSpan;
  readonly updateCurrentSpan: typeof updateCurrentSpan;
  readonly recordRetrieval: typeof recordRetrieval;
  readonly recordPrompt: typeof recordPrompt;
  readonly score: typeof score;
  readonly setSession: typeof setSession;
  readonly setUser: typeof setUser;
  readonly setTags: typeof setTags;
  readonly setMetadata: typeof setMetadata;
  readonly currentContext: typeof currentContext;
  readonly runWith: typeof runWith;
  readonly bind: typeof bind;
  readonly extract: typeof extract;
  readonly inject: typeof inject;
  readonly flush: typeof flush;
  readonly shutdown: typeof shutdown;
  readonly exportCounts: typeof exportCounts;
} = {
  initialize,
  init: initialize,
  withSpan,
  withWorkflow,
  withTask,
  withAgent,
  withTool,
  withRetrieval,
  span,
  workflow,
  task,
  agent,
  tool,
  retrieval,
  currentSpan,
  updateCurrentSpan,
  recordRetrieval,
  recordPrompt,
  score,
  setSession,
  setUser,
  setTags,
  setMetadata,
  currentContext,
  runWith,
  bind,
  extract,
  inject,
  flush,
  shutdown,
  exportCounts,
};
