/** What a provider says it billed on one day, under one model where it tells them apart. */
export interface InvoiceLine {
  /** In UTC, `2026-11-20`. */
  readonly day: string;
  /** Empty where the export does not tell models apart. */
  readonly model: string;
  /** All input, cached tokens counted in. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly requests?: number;
  /** Nano-dollars. */
  readonly nanos?: bigint;
}

/** A provider's export as lines. */
export interface Invoice {
  readonly provider: "openai" | "anthropic";
  readonly lines: readonly InvoiceLine[];
}

/** An export that cannot be read; the message says what and where. */
export class InvoiceError extends Error {
  override readonly name = "InvoiceError";
}

/** The day of an instant in ISO 8601, of a date, or of seconds since 1970. */
export function dayOf(told: unknown): string | undefined {
  const seconds = typeof told === "number" || (typeof told === "string" && /^\d{9,10}(?:\.\d+)?$/.test(told));
  if (typeof told === "string" && /^\d{4}-\d{2}-\d{2}$/.test(told)) return told;
  const time = seconds ? Number(told) * 1000 : typeof told === "string" ? Date.parse(inUtc(told)) : NaN;
  return Number.isFinite(time) && Math.abs(time) < 8e15 ? new Date(time).toISOString().slice(0, 10) : undefined;
}

/** Some exports leave the zone out; all of them mean UTC, and a date in local time may be another day. */
function inUtc(told: string): string {
  return /T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(told) ? `${told}Z` : told;
}

/** Throws `InvoiceError` for amounts of another currency; nothing told means dollars. */
export function dollarsOnly(currency: string): void {
  if (currency !== "" && currency.toUpperCase() !== "USD")
    throw new InvoiceError(`amounts are in ${currency}, and only dollars can be compared`);
}
