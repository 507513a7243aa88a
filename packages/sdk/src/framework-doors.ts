/*
 * Doors that a program opens by hand. What is behind them is read when they are, so that no other start pays for it.
 */
import { loadWatching } from "#watching";
import type { JoinedSpanProcessor } from "./join/span-processor.ts";
import type { MastraBridge } from "./mastra/bridge.ts";
import type { WatchMcpOptions } from "./mcp/watch-transport.ts";
import type { Tracer } from "./vercel-ai/tracer.ts";

/**
 * The bridge for the observability of Mastra: `new Observability({ configs: { … , bridge: Telltale.mastra() } })`.
 */
export function mastra(): MastraBridge {
  return loadWatching().mastra();
}

/**
 * Watches LlamaIndex.TS: `Telltale.watchLlamaindex(Settings)`, once. Queries, retrievals with their documents, answers
 * made from them, model calls and tools become spans. Answers with the same object. Never throws.
 */
export function watchLlamaindex<T extends object>(settings: T): T {
  return loadWatching().watchLlamaindex(settings);
}

/**
 * Watches an MCP client, server or transport of `@modelcontextprotocol/sdk`, and answers with the same object:
 * `const client = Telltale.watchMcp(new Client(…))`. Each request becomes a span on both sides, joined across
 * processes. Clients and servers may be connected before or after. Never throws.
 */
export function watchMcp<T extends object>(target: T, options: WatchMcpOptions = {}): T {
  return loadWatching().watchMcp(target, options);
}

/**
 * For the OpenTelemetry set-up that a program has: its spans go to Telltale too, in one tree with ours; what the set-up
 * itself exports stays as it is. Nothing in it throws.
 */
export function spanProcessor(): JoinedSpanProcessor {
  return loadWatching().spanProcessor();
}

/**
 * Watches the Claude Agent SDK: `const query = Telltale.watchClaudeAgent(sdk.query)`. Answers with the same function,
 * watched. Never throws.
 */
export function watchClaudeAgent<Query extends (...values: never[]) => unknown>(query: Query): Query {
  return loadWatching().watchClaudeAgent(query);
}

/** For the AI SDK 4 to 6, which have no door but a tracer in each call: `experimental_telemetry: { tracer }`. */
export const tracer: Tracer = {
  startSpan: (...values) => loadWatching().tracer.startSpan(...values),
  startActiveSpan: (...values: readonly unknown[]) => {
    const { tracer: real } = loadWatching();
    return Reflect.apply(real.startActiveSpan, real, values) as never;
  },
};
