import { tracingChannel } from "node:diagnostics_channel";
import type { HookSpan } from "../hook/hook-span.ts";
import { harmless } from "../hook/install-hooks.ts";
import type { Hook } from "../hook.ts";
import { runtime, type Scope } from "../runtime.ts";
import { Operations } from "../vercel-ai/operations.ts";

const NAME = "vercel-ai";
/** The channel of the AI SDK 7; see its `telemetry/tracing-channel.ts`. */
const CHANNEL = "ai:telemetry";
/** Where the AI SDK looks for integrations that were registered for all calls. */
const INTEGRATIONS = "AI_SDK_TELEMETRY_INTEGRATIONS";

/**
 * The AI SDK 7, without a line in the program: structure and context by its tracing channel, and the end
 * of streams by its registry of integrations. For versions 4 to 6 see `vercel-ai/tracer.ts`.
 */
export const vercelAi: Hook = {
  name: NAME,
  install() {
    const operations = new Operations(NAME);
    const spans = new WeakMap<object, HookSpan>();
    const channel = tracingChannel<unknown, object>(CHANNEL);
    const begin = harmless(NAME, (message: object): Scope | undefined => {
      const span = operations.begin(message);
      if (span !== undefined) spans.set(message, span);
      return span?.scope;
    });
    const asyncEnd = harmless(NAME, (message: object) => {
      const span = spans.get(message);
      if (span !== undefined) operations.end(span, message);
    });
    const others = { start: () => {}, end: () => {}, asyncStart: () => {}, error: () => {} };
    const subscribers = { ...others, asyncEnd };
    channel.subscribe(subscribers);
    channel.start.bindStore(runtime.storage, (message) => begin(message) ?? currentStore());
    const leave = register({
      onLanguageModelCallEnd: harmless(NAME, (event: unknown) => operations.answered(event)),
      onEnd: harmless(NAME, (event: unknown) => operations.said(event)),
      onAbort: harmless(NAME, (event: unknown) => operations.aborted(event)),
      onError: harmless(NAME, (event: unknown) => operations.failed(event)),
    });
    return () => {
      channel.unsubscribe(subscribers);
      channel.start.unbindStore(runtime.storage);
      leave();
    };
  },
};

/** The channel runs the program inside what it is given; without a span of ours that is where it is. */
function currentStore(): Scope {
  return runtime.storage.getStore() ?? { span: undefined, tapped: false };
}

type Integration = Readonly<Record<string, (event: unknown) => void>>;

function register(integration: Integration): () => void {
  const there: unknown = Reflect.get(globalThis, INTEGRATIONS);
  const list: unknown[] = Array.isArray(there) ? there : [];
  if (there === undefined) Reflect.set(globalThis, INTEGRATIONS, list);
  list.push(integration);
  return () => {
    const at = list.indexOf(integration);
    if (at >= 0) list.splice(at, 1);
    if (there !== undefined || list.length > 0 || Reflect.get(globalThis, INTEGRATIONS) !== list) return;
    Reflect.deleteProperty(globalThis, INTEGRATIONS);
  };
}
