import { AsyncLocalStorage } from "node:async_hooks";

/** What keeps track of the piece of program that is running. Follows callbacks, promises and streams. */
export type ContextStorage<T> = AsyncLocalStorage<T>;

/** Makes the storage of this process. Node needs no `ambient`, which tells what is going on where nothing is known. */
export function makeContextStorage<T>(_ambient: (but?: T) => T | undefined): ContextStorage<T> {
  return new AsyncLocalStorage<T>();
}
