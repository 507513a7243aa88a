import { debug, messageOf } from "../diagnostics.ts";
import { property } from "../hook/read-object.ts";
import { type Method, replaceMethod } from "../replace-method.ts";
import { runtime } from "../runtime.ts";
import { AgentSession } from "./agent-session.ts";

// Holds no reference to the Query: only to what ends its spans.
const lost = new FinalizationRegistry<AgentSession>((session) => session.abandon());

/**
 * Watches the `query` of `@anthropic-ai/claude-agent-sdk`: `const query = Telltale.watchClaudeAgent(sdk.query)`.
 * Turns, model calls, tools and sub-agents become spans, told by the messages that the program reads;
 * these, and the Query that it gets, stay what they are. Never throws.
 */
export function watchClaudeAgent<Query extends (...values: never[]) => unknown>(query: Query): Query {
  // Programs without types may have imported nothing under this name: that is theirs to hear, when they call it.
  if (typeof query !== "function") return query;
  return new Proxy(query, {
    apply(target, self, values: unknown[]) {
      const call = (given: unknown[]): unknown => Reflect.apply(target, self, given);
      return runtime.pipeline === undefined ? call(values) : watched(values, call);
    },
  });
}

function watched([given, ...rest]: unknown[], call: (values: unknown[]) => unknown): unknown {
  const prompt = property(given, "prompt");
  const session = new AgentSession(property(given, "options"));
  if (typeof prompt === "string") session.ask(prompt);
  const isStream = typeof property(prompt, Symbol.asyncIterator) === "function";
  const passed = isStream ? { ...(given as object), prompt: heard(prompt as object, session) } : given;
  let query: unknown;
  try {
    query = runtime.storage.run(session.scope, () => call([passed, ...rest]));
  } catch (error) {
    session.fail(error);
    throw error;
  }
  try {
    watchQuery(query, session);
  } catch (error) {
    debug(`A query of the Claude Agent SDK is not watched: ${messageOf(error)}`);
    session.abandon();
  }
  return query;
}

function watchQuery(query: unknown, session: AgentSession): void {
  if (typeof query !== "object" || query === null) return session.abandon();
  // `next` of the Query and `for await` both end at the one iterator behind it.
  const iterator: unknown = (Reflect.get(query, Symbol.asyncIterator) as Method | undefined)?.call(query);
  if (typeof iterator !== "object" || iterator === null) return session.abandon();
  lost.register(query, session);
  replaceMethod(iterator, "next", (next) => (...values) => {
    const step = next(...values);
    if (step instanceof Promise) step.then(session.step, session.fail);
    return step;
  });
  for (const name of ["return", "throw"]) {
    replaceMethod(iterator, name, (end) => (...values) => {
      session.abandon();
      return end(...values);
    });
  }
  replaceMethod(query, "streamInput", (send) => (stream, ...rest) => {
    const isStream = typeof property(stream, Symbol.asyncIterator) === "function";
    return send(isStream ? heard(stream as object, session) : stream, ...rest);
  });
}

const heardStreams = new WeakSet<object>();

/** The same messages, of which the session hears when they are taken. */
function heard(stream: object, session: AgentSession): object {
  if (heardStreams.has(stream)) return stream;
  const listening = {
    [Symbol.asyncIterator]: () => {
      const iterator = (Reflect.get(stream, Symbol.asyncIterator) as Method).call(stream) as object;
      const call =
        (name: string): Method =>
        (...values) =>
          (Reflect.get(iterator, name) as Method).apply(iterator, values);
      const next: Method = (...values) => {
        const step = call("next")(...values);
        if (step instanceof Promise) step.then((taken) => session.hearInput(taken), ignore);
        return step;
      };
      const has = (name: string): boolean => typeof Reflect.get(iterator, name) === "function";
      return {
        next,
        ...(has("return") ? { return: call("return") } : {}),
        ...(has("throw") ? { throw: call("throw") } : {}),
      };
    },
  };
  heardStreams.add(listening);
  return listening;
}

function ignore(): void {}
