import { linearPattern } from "./linear-pattern.ts";

/** What stays although a redactor finds it. */
export interface AllowList {
  has(secret: string): boolean;
}

/** Throws when a pattern could take more than linear time. */
export function makeAllowList(entries: readonly (string | RegExp)[]): AllowList {
  const exact = new Set(entries.filter((entry) => typeof entry === "string"));
  const patterns = entries
    .filter((entry) => typeof entry !== "string")
    .map((entry) => {
      const { source, flags } = linearPattern(entry);
      return new RegExp(`^(?:${source})$`, flags.replace(/[gy]/g, ""));
    });
  return { has: (secret) => exact.has(secret) || patterns.some((pattern) => pattern.test(secret)) };
}
