import { MAX_REASONS, MAX_RECORDS } from "./limits.ts";
import { OtlpDecodeError } from "./otlp-decode-error.ts";

/** How many records of a request were refused, and why: each different reason once. */
export interface Rejected {
  readonly count: number;
  readonly reasons: readonly string[];
}

/** What a cheap check of a request found: the same numbers that reading it gives. */
export interface Scan {
  readonly accepted: number;
  readonly rejected: Rejected;
}

/** Collects refusals; `reasons` stays short however many records are refused. */
export class Rejections implements Rejected {
  count = 0;
  readonly reasons: string[] = [];

  /** Throws `OtlpDecodeError` when the count passes {@link MAX_RECORDS}: so much rubbish is no request. */
  add(reason: string): void {
    this.count++;
    if (this.count > MAX_RECORDS) throw new OtlpDecodeError(`more than ${MAX_RECORDS} records are refused: ${reason}`);
    if (this.reasons.length < MAX_REASONS && !this.reasons.includes(reason)) this.reasons.push(reason);
  }
}

/** The reason for what comes after {@link MAX_RECORDS}. */
export const TOO_MANY_RECORDS: string = `more than ${MAX_RECORDS} records in one request`;
