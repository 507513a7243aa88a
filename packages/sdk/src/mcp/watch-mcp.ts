import { debug, messageOf } from "../diagnostics.ts";
import { replaceMethod } from "../replace-method.ts";
import { watchTransport, type WatchMcpOptions } from "./watch-transport.ts";

/**
 * Watches an MCP client, server or transport of `@modelcontextprotocol/sdk`, and answers with the same
 * object: `const client = Telltale.watchMcp(new Client(…))`. Each request becomes a span on
 * both sides, joined across processes. Clients and servers may be connected before or after; every
 * transport they are connected to is watched. Never throws.
 */
export function watchMcp<T extends object>(target: T, options: WatchMcpOptions = {}): T {
  try {
    if (typeof Reflect.get(target, "connect") === "function") watchProtocol(target, options);
    else if (typeof Reflect.get(target, "send") === "function") watchTransport(target, options);
    else debug("watchMcp was given neither a client, a server nor a transport of MCP.");
  } catch (error) {
    debug(`MCP is not watched here: ${messageOf(error)}`);
  }
  return target;
}

function watchProtocol(protocol: object, options: WatchMcpOptions): void {
  // McpServer has the protocol inside.
  const inner: unknown = Reflect.get(protocol, "server");
  const holder = typeof inner === "object" && inner !== null ? inner : protocol;
  const connected: unknown = Reflect.get(holder, "transport");
  if (typeof connected === "object" && connected !== null) watchTransport(connected, options);
  replaceMethod(holder, "connect", (connect) => (transport, ...rest) => {
    if (typeof transport === "object" && transport !== null) watchMcp(transport, options);
    return connect(transport, ...rest);
  });
}
