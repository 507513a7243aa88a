/** A whole number with separators: `12,480`. */
export function formatCount(value: number): string {
  return value.toLocaleString("en-US");
}

/** A number for a narrow place: `842`, `12.5k`, `3.4M`. */
export function formatCompact(value: number): string {
  if (value < 1000) return String(Math.round(value));
  if (value < 999_500) return `${short(value / 1000)}k`;
  if (value < 999_500_000) return `${short(value / 1e6)}M`;
  return `${short(value / 1e9)}B`;
}

function short(value: number): string {
  return value < 99.95 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value));
}

/** Tokens of which nobody told are "unknown", never 0. */
export function formatTokens(value: number | null): string {
  return value === null ? "unknown" : formatCount(value);
}

/** `1 call`, `2 calls`. */
export function plural(count: number, singular: string, many: string = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : many}`;
}

/** A length of text in bytes for people: `812 B`, `20.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
