import type { TelemetryBudget } from "./sampling-options.ts";

const MINUTE_MS = 60_000;
const NANOS_PER_DOLLAR = 1e9;
const BYTES_PER_GIGABYTE = 1e9;
/** What one gigabyte of traces costs at hosted services, in dollars, roughly. */
const DEFAULT_PRICE = 0.5;
/** Of a minute's bytes, what may go out at once; the rest flows evenly. Both together never pass the minute's. */
const BURST = 0.2;
/** Of what is left, what ordinary traces leave for those that are kept always. */
const RESERVE = 0.3;
/** Unspent credit is kept up to so much: a quiet hour is not made up for in a flood. */
const LARGEST_CREDIT = 64 * 1024 * 1024;
/** How fast the ratio follows what the program does. */
const HALF_LIFE_MS = 10_000;

/** Something per second, smoothed, with the newest weighing most. */
class Rate {
  #perSecond = 0;
  #at: number | undefined;

  add(amount: number, now: number): void {
    this.#decay(now);
    this.#perSecond += (amount * Math.LN2 * 1000) / HALF_LIFE_MS;
  }

  at(now: number): number {
    this.#decay(now);
    return this.#perSecond;
  }

  #decay(now: number): void {
    if (this.#at !== undefined) this.#perSecond *= 0.5 ** ((now - this.#at) / HALF_LIFE_MS);
    this.#at = now;
  }
}

/**
 * What may still be sent, in bytes. Filled by time, or by what calls cost; emptied by what is
 * sent. Before it is empty a ratio, which follows what comes and what may go, keeps it from emptying.
 */
export class Budget {
  readonly #perMs: number;
  readonly #capacity: number;
  readonly #bytesPerNano: number;
  readonly #income = new Rate();
  readonly #ordinary = new Rate();
  readonly #always = new Rate();
  #credit: number;
  #filledAt: number | undefined;

  constructor({ bytesPerMinute, shareOfSpend, pricePerGigabyte = DEFAULT_PRICE }: TelemetryBudget) {
    this.#perMs = bytesPerMinute === undefined ? 0 : (bytesPerMinute * (1 - BURST)) / MINUTE_MS;
    this.#capacity = bytesPerMinute === undefined ? LARGEST_CREDIT : bytesPerMinute * BURST;
    this.#credit = bytesPerMinute === undefined ? 0 : this.#capacity;
    const share = bytesPerMinute === undefined ? (shareOfSpend ?? 0) : 0;
    this.#bytesPerNano = ((share / NANOS_PER_DOLLAR) * BYTES_PER_GIGABYTE) / pricePerGigabyte;
  }

  /** A call cost so much. */
  earn(nanos: bigint, now: number): void {
    const bytes = Number(nanos) * this.#bytesPerNano;
    this.#credit = Math.min(this.#capacity, this.#credit + bytes);
    this.#income.add(bytes, now);
  }

  /** The ratio for an ordinary trace of so many bytes, decided now. */
  ratio(bytes: number, now: number): number {
    this.#fill(now);
    this.#ordinary.add(bytes, now);
    if (this.#credit - bytes < this.#capacity * (this.#perMs > 0 ? RESERVE : 0)) return 0;
    const income = this.#perMs > 0 ? this.#perMs * 1000 : this.#income.at(now);
    const left = income - this.#always.at(now);
    const offered = this.#ordinary.at(now);
    // A full purse is spent: it would run over.
    const spare = this.#credit / (HALF_LIFE_MS / 1000);
    return Math.max(0, Math.min(1, (left + spare) / Math.max(1, offered)));
  }

  /** Whether there is enough for a trace that should always be kept. */
  affords(bytes: number, now: number): boolean {
    this.#fill(now);
    this.#always.add(bytes, now);
    return this.#credit >= bytes;
  }

  /** So many bytes go out; less than none gives back what was guessed too high. */
  spend(bytes: number): void {
    this.#credit -= bytes;
  }

  #fill(now: number): void {
    const passed = this.#filledAt === undefined ? 0 : now - this.#filledAt;
    this.#filledAt = now;
    this.#credit = Math.min(this.#capacity, this.#credit + passed * this.#perMs);
  }
}
