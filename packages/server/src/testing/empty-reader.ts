import type { Reader } from "../query.ts";

/** A store with nothing in it. */
export const emptyReader: Reader = {
  rows: () => Promise.resolve([]),
  bytes: () => Promise.resolve(new Uint8Array()),
};
