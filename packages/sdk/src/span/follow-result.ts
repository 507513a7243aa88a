import type { AsyncLocalStorage } from "node:async_hooks";
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
  readonly storage: AsyncLocalStorage<Scope>;
  readonly scope: Scope;
  readonly settled: Settled;
}

type Method = (...values: unknown[]) => unknown;

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
  if (result instanceof Promise && result.constructor === Promise) return followPromise(result, following) as T;
  if (typeof Reflect.get(result, "then") === "function") followThenable(result, following);
  else if (!followSteps(result, following)) {
    following.settled.done(result);
    return result;
  }
  following.settled.watch(result);
  return result;
}

function followPromise(promise: Promise<unknown>, following: Following): Promise<unknown> {
  return promise.then(
    (value) => (isSteps(value) ? followResult(value, following) : (following.settled.done(value), value)),
    (error: unknown) => {
      following.settled.failed(error);
      throw error;
    },
  );
}

/**
 * A client's own promise class works when one of its methods is called (`then`, `asResponse`,
 * …) and not before, so calling `then` to look would change what the program does. Instead
 * every method that answers with a promise is followed when the program calls it.
 */
function followThenable(thenable: object, following: Following): void {
  for (const name of methodNames(thenable)) {
    const method = Reflect.get(thenable, name) as Method;
    own(thenable, name, function (this: unknown, ...values: unknown[]): unknown {
      if (name === "then") values = watchCallbacks(values, following);
      const answer = Reflect.apply(method, this, values);
      if (name === "then") return answer;
      if (answer instanceof Promise && answer.constructor === Promise) {
        answer.then(following.settled.done, following.settled.failed);
      } else if (answer !== thenable && typeof answer === "object" && answer !== null && "then" in answer) {
        followThenable(answer, following);
      }
      return answer;
    });
  }
}

function watchCallbacks([fulfilled, rejected]: readonly unknown[], following: Following): unknown[] {
  return [
    (value: unknown): unknown => {
      if (isSteps(value)) followResult(value, following);
      else following.settled.done(value);
      return typeof fulfilled === "function" ? (fulfilled as Method)(value) : value;
    },
    (error: unknown): unknown => {
      following.settled.failed(error);
      if (typeof rejected === "function") return (rejected as Method)(error);
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
  const iterate = Reflect.get(value, Symbol.asyncIterator) as Method;
  own(value, Symbol.asyncIterator, function (this: unknown, ...values: unknown[]): unknown {
    const iterator = Reflect.apply(iterate, this, values) as object;
    followIterator(iterator, following);
    return iterator;
  });
  const getReader: unknown = Reflect.get(value, "getReader");
  if (typeof getReader === "function") followReaders(value, getReader as Method, following);
  return true;
}

function followReaders(stream: object, getReader: Method, following: Following): void {
  own(stream, "getReader", function (this: unknown, ...values: unknown[]): unknown {
    const reader = Reflect.apply(getReader, this, values) as object;
    followMethod(reader, "read", following);
    followMethod(reader, "cancel", following);
    return reader;
  });
}

function followIterator(iterator: object, following: Following): void {
  for (const name of ["next", "return", "throw"]) followMethod(iterator, name, following);
}

/** Runs each step inside the span, and ends the span with the last one. */
function followMethod(target: object, name: string, following: Following): void {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== "function") return;
  const ends = name !== "next" && name !== "read";
  const look = (step: unknown): void => {
    const done = typeof step === "object" && step !== null && Reflect.get(step, "done") === true;
    if (done || ends) following.settled.done(undefined);
  };
  own(target, name, function (this: unknown, ...values: unknown[]): unknown {
    let step: unknown;
    try {
      step = following.storage.run(following.scope, () => Reflect.apply(method, this, values) as unknown);
    } catch (error) {
      following.settled.failed(error);
      throw error;
    }
    if (!(step instanceof Promise)) {
      look(step);
      return step;
    }
    return step.then(
      (value: unknown) => (look(value), value),
      (error: unknown) => {
        following.settled.failed(error);
        throw error;
      },
    );
  });
}

function own(target: object, name: string | symbol, value: Method): void {
  // A frozen object cannot be followed; it is then only handed on.
  Reflect.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
}
