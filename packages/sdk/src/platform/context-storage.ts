import { AsyncLocalStorage } from "node:async_hooks";

/** Where the storage is kept for other realms of the process. */
const STORAGE = Symbol.for("@telltale/sdk/1");

/** What keeps track of the piece of program that is running. Follows callbacks, promises and streams. */
export type ContextStorage<T> = AsyncLocalStorage<T>;

/** Makes the storage of this process. Node needs no `ambient`, which tells what is going on where nothing is known. */
export function makeContextStorage<T>(_ambient: (but?: T) => T | undefined): ContextStorage<T> {
  const storage = new AsyncLocalStorage<T>();
  // Edge functions that are tried in a realm inside of this process (`next start`) are handed this class, and find it here:
  // what they have told, we do not tell again.
  Reflect.defineProperty(AsyncLocalStorage, STORAGE, { value: storage, configurable: true });
  return storage;
}
