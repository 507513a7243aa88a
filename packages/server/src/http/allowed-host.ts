const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a server that listens on this address can only be reached from its own machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Whether a request's `Host` header names this server. A page of any origin can have its own name
 * resolve to 127.0.0.1 and would then be of the same origin as a server that does not look
 * (DNS rebinding). Ports do not matter: a tunnel or a container may change them.
 */
export function isAllowedHost(header: string | undefined, names: readonly string[]): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[^:]+)(?::\d{1,5})?$/i.exec(header ?? "")?.[1]?.toLowerCase();
  return name !== undefined && (LOOPBACK.has(name) || names.some((allowed) => allowed.toLowerCase() === name));
}
