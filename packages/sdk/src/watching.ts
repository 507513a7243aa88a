export { watchClaudeAgent } from "./claude-agent/watch-claude-agent.ts";
import { installHooks } from "./hook/install-hooks.ts";
import { hooks } from "./hooks/index.ts";
import { tapFetch } from "./tap/tap-fetch.ts";
import { tapHttp } from "./tap/tap-http.ts";
import { tapHttp2 } from "./tap/tap-http2.ts";
import { tapPostgres } from "./tap/tap-postgres.ts";
import { tapUndici } from "./tap/tap-undici.ts";

export { joinProvider } from "./join/join-provider.ts";
export { spanProcessor } from "./join/span-processor.ts";
export { watchLlamaindex } from "./llamaindex/watch-settings.ts";
export { openLog } from "./log/open-log.ts";
export { mastra } from "./mastra/bridge.ts";
export { watchMcp } from "./mcp/watch-mcp.ts";
export { tellAgain } from "./tap/channel.ts";
export { tracer } from "./vercel-ai/tracer.ts";
export { wires } from "./wires/index.ts";

/** Begins to see what leaves the process and what frameworks tell. Answers with the undo functions. */
export function watchCalls(): (() => void)[] {
  return [tapFetch(), tapUndici(), tapHttp(), tapHttp2(), tapPostgres(), installHooks(hooks)];
}
