import { providerOfHost } from "@telltale/rules/providers";
import type { WireRequest } from "../wire.ts";

/** Ollama's port, wherever it listens. */
const OLLAMA_PORT = 11434;

/** Of the hosts that are asked; a program has a handful. */
const known = new Map<string, string | undefined>();
const MOST_KNOWN = 64;

/**
 * Who answers at this address. A host that nobody knows is told as the `owner` of the API that it
 * speaks; `server.address` says which one it was.
 */
export function providerOf(request: Pick<WireRequest, "host" | "port">, owner = "openai"): string {
  if (request.port === OLLAMA_PORT) return "ollama";
  if (!known.has(request.host)) {
    if (known.size === MOST_KNOWN) known.clear();
    known.set(request.host, providerOfHost(request.host.toLowerCase()));
  }
  return known.get(request.host) ?? owner;
}
