import type { HeaderReader } from "./exchange.ts";

/** Headers as they came: names and values in turn, as bytes or text. */
export function rawHeaders(list: readonly unknown[]): HeaderReader {
  return {
    get(name) {
      for (let index = 0; index + 1 < list.length; index += 2) {
        if (String(list[index]).toLowerCase() === name) return String(list[index + 1]);
      }
      return null;
    },
  };
}
