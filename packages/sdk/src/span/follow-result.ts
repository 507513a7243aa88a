import type { ContextStorage } from "../platform/context-storage.ts";
import { type Method, replaceMethod } from "../replace-method.ts";
import type { Scope } from "../runtime.ts";

/** Told when the work behind a result is over; the first telling counts. */
export interface Settled {
  done(value: unknown): void;
  failed(error: unknown): void;
  /** Given the object that will tell; when it is thrown away untold, the work is over. */
  watch(teller: object): void;
}

/** What following needs: where steps of a generator run, and whom to tell. */
export interface Following {
  readonly storage: ContextStorage<Scope>;
  readonly scope: Scope;
  readonly settled: Settled;
}

/**
 * Watches a result until the work behind it is over and hands it on. A plain promise is passed
 * on as one that settles alike; any other object (a client's own promise class, a generator, a
 * stream) stays the same object with all its methods. Plain values are over at once.
 */
export function followResult<T>(result: T, following: Following): T {
  if (typeof result !== "object" || result === null) {
    following.settled.done(result);
    return result;
  }
  try {
    // A promise for a T is answered with a promise for the same T.
    if (isPlainPromise(result)) return followPromise(result, following) as T;
    if (typeof Reflect.get(result, "then") === "function") followThenable(result, following);
    else if (!followSteps(result, following)) {
      following.settled.done(result);
      return result;
    }
    following.settled.watch(result);
  } catch {
    // A proxy may refuse to be looked at.
    following.settled.done(undefined);
  }
  return result;
}

function isPlainPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise && value.constructor === Promise;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isMethod(value: unknown): value is Method {
  return typeof value === "function";
}

function followPromise(promise: Promise<unknown>, following: Following): Promise<unknown> {
  return promise.then(
    (value) => followSettled(value, following),
    (error: unknown) => {
      following.settled.failed(error);
      throw error;
    },
  );
}

/** What a promise came to. */
function followSettled<T>(value: T, following: Following): T {
  try {
    if (isSteps(value)) return followResult(value, following);
  } catch {
    // A proxy may refuse to be looked at.
  }
  following.settled.done(value);
  return value;
}

/**
 * A client's own promise class works when one of its methods is called (`then`, `asResponse`,
 * …) and not before, so calling `then` to look would change what the program does. Instead
 * every method that answers with a promise is followed when the program calls it.
 */
function followThenable(thenable: object, following: Following): void {
  for (const name of methodNames(thenable)) {
    replaceMethod(thenable, name, (method) => (...values) => {
      if (name === "then") return method(...watchCallbacks(values, following));
      const answer = method(...values);
      if (isPlainPromise(answer)) return followPromise(answer, following);
      if (isObject(answer) && answer !== thenable && "then" in answer) followThenable(answer, following);
      return answer;
    });
  }
}

function watchCallbacks([fulfilled, rejected]: readonly unknown[], following: Following): unknown[] {
  return [
    (value: unknown): unknown => {
      followSettled(value, following);
      return isMethod(fulfilled) ? fulfilled(value) : value;
    },
    (error: unknown): unknown => {
      following.settled.failed(error);
      if (isMethod(rejected)) return rejected(error);
      throw error;
    },
  ];
}

function methodNames(value: object): Set<string> {
  const names = new Set<string>(["then"]);
  let prototype: unknown = Object.getPrototypeOf(value);
  while (typeof prototype === "object" && prototype !== null && prototype !== Object.prototype) {
    for (const [name, { value: member }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name !== "constructor" && typeof member === "function") names.add(name);
    }
    if (prototype === Promise.prototype) break;
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}

function isSteps(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  if (typeof Reflect.get(value, Symbol.asyncIterator) === "function") return true;
  return typeof Reflect.get(value, Symbol.iterator) === "function" && typeof Reflect.get(value, "next") === "function";
}

/** Follows a generator or a stream; false when the value is neither. */
function followSteps(value: object, following: Following): boolean {
  if (!isSteps(value)) return false;
  if (typeof Reflect.get(value, "next") === "function") {
    followIterator(value, following);
    return true;
  }
  const emitter = Reflect.get(value, "once");
  if (typeof emitter === "function" && typeof Reflect.get(value, "pipe") === "function") {
    Reflect.apply(emitter, value, ["close", () => following.settled.done(undefined)]);
    return true;
  }
  for (const name of [Symbol.asyncIterator, "getReader"]) {
    replaceMethod(value, name, (method) => (...values) => {
      const reader = method(...values);
      if (isObject(reader)) followIterator(reader, following);
      return reader;
    });
  }
  return true;
}

/** Runs each step inside the span, and ends the span with the last one. */
function followIterator(iterator: object, following: Following): void {
  for (const name of ["next", "read"]) replaceMethod(iterator, name, (step) => followStep(step, false, following));
  for (const name of ["return", "throw", "cancel"]) {
    replaceMethod(iterator, name, (step) => followStep(step, true, following));
  }
}

function followStep(method: Method, isLast: boolean, { storage, scope, settled }: Following): Method {
  const look = (step: unknown): unknown => {
    if (isLast || (isObject(step) && Reflect.get(step, "done") === true)) settled.done(undefined);
    return step;
  };
  const failed = (error: unknown): never => {
    settled.failed(error);
    throw error;
  };
  return (...values) => {
    let step: unknown;
    try {
      step = storage.run(scope, method, ...values);
    } catch (error) {
      return failed(error);
    }
    return step instanceof Promise ? step.then(look, failed) : look(step);
  };
}
