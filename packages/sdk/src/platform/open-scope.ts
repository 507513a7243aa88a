import type { Open, Scope } from "../runtime.ts";

/**
 * The scope that everything which is open lies on one line with: of spans one inside the other the innermost, of
 * spans beside each other the one around them, and none where there is nothing around them. What runs now belongs to it,
 * unless it has nothing to do with what is open. `but` is left out: it only begins.
 */
export function openScope(open: Iterable<Open>, but?: Scope): Scope | undefined {
  const scopes = new Map<string, Scope>();
  for (const { scope } of open) if (scope?.span !== undefined && scope !== but) scopes.set(scope.span.spanId, scope);
  const outer = new Set<string | undefined>();
  for (const { span } of scopes.values()) outer.add(span?.parentSpanId);
  let common: readonly string[] | undefined;
  for (const id of scopes.keys()) {
    if (outer.has(id)) continue;
    const path = pathTo(id, scopes);
    common = common === undefined ? path : common.filter((each, index) => path[index] === each);
  }
  return scopes.get(common?.at(-1) ?? "");
}

/** Ids of the open spans from the outermost to this one. */
function pathTo(id: string, scopes: ReadonlyMap<string, Scope>): readonly string[] {
  const path: string[] = [];
  for (let at: string | undefined = id; at !== undefined && scopes.has(at); at = scopes.get(at)?.span?.parentSpanId) {
    if (path.includes(at)) break;
    path.unshift(at);
  }
  return path;
}
