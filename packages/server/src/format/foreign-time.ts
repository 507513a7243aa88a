import { fromMilliseconds, type Instant, type Json } from "@telltale/model";

const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,12}))?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
/** Seconds since 1970 stay below this until the year 5138; milliseconds passed it in March 1973. */
const SECONDS_BELOW = 1e11;

/**
 * An instant as ISO 8601 with any number of digits (without a zone it is UTC, as Python's `isoformat` leaves it out), or
 * as milliseconds or seconds since 1970; `undefined` when it is none.
 */
export function instantOf(value: Json | undefined): Instant | undefined {
  if (typeof value === "number") {
    if (!(value > 0 && value < 1e16)) return undefined;
    return fromMilliseconds(value < SECONDS_BELOW ? value * 1000 : value);
  }
  if (typeof value !== "string" || value.length > 64) return undefined;
  const found = ISO.exec(value);
  if (!found) return undefined;
  const [, date, time, fraction = "", zone = "Z"] = found;
  const milliseconds = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (!Number.isFinite(milliseconds) || milliseconds < 0) return undefined;
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}
