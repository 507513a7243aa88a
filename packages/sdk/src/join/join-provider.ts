import { warn } from "../diagnostics.ts";
import { boundMethod } from "../replace-method.ts";
import { API } from "../span/foreign-parent.ts";
import { type JoinedSpanProcessor, spanProcessor } from "./span-processor.ts";

const ADVICE = "Give its SDK Telltale.spanProcessor() among its span processors instead.";

/**
 * Adds our span processor to the tracer provider that the program has registered. Answers with the
 * undo function. Where there is none yet, or none that can be joined, it says what to do instead.
 */
export function joinProvider(): () => void {
  const provider = registeredProvider();
  const processor = spanProcessor();
  if (provider === undefined) {
    warn(`join finds no OpenTelemetry set-up: call initialize after it has started. ${ADVICE}`);
    return () => {};
  }
  const list = processorsOf(provider);
  if (list !== undefined) {
    list.push(processor);
    return () => {
      const at = list.indexOf(processor);
      if (at >= 0) list.splice(at, 1);
    };
  }
  // SDK 1.x has a method for it, and none to undo it.
  const add = boundMethod(provider, "addSpanProcessor");
  if (add === undefined) warn(`join does not know this OpenTelemetry set-up. ${ADVICE}`);
  add?.(processor);
  return () => {};
}

function registeredProvider(): object | undefined {
  const registry: unknown = Reflect.get(globalThis, API);
  const told = memberOf(registry, "trace");
  // The API hands out a stand-in that knows the real one.
  const delegate = told === undefined ? undefined : boundMethod(told, "getDelegate")?.();
  return typeof delegate === "object" && delegate !== null ? delegate : told;
}

/** The list that SDK 2.x and 3.x keep; the same in which their own constructor puts processors. */
function processorsOf(provider: object): JoinedSpanProcessor[] | undefined {
  const list = memberOf(memberOf(provider, "_activeSpanProcessor"), "_spanProcessors");
  return Array.isArray(list) ? (list as JoinedSpanProcessor[]) : undefined;
}

function memberOf(value: unknown, name: string): object | undefined {
  const member: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === "object" && member !== null ? member : undefined;
}
