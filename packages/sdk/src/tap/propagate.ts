import { isTold } from "../options/read-propagation.ts";
import { currentScope, runtime } from "../runtime.ts";
import { contextOf, type TelltaleContext } from "../span/run-with.ts";
import type { SpanRecord } from "../span/span-record.ts";

/**
 * The headers of trace context for a request to this host, where `propagateTo` names it; undefined
 * for all others. `span` is the call itself where it is watched.
 */
export function contextFor(
  host: string,
  span: SpanRecord | undefined,
  isModelCall: boolean,
): TelltaleContext | undefined {
  const { propagation, pipeline } = runtime;
  if (propagation === undefined || pipeline === undefined || !isTold(propagation, host, isModelCall)) return undefined;
  const scope = currentScope();
  return contextOf(scope, span ?? scope?.span);
}
