import { Buffer } from "node:buffer";
import { OtlpDecodeError } from "../otlp/otlp-decode-error.ts";
import { readLogs } from "../otlp/read-logs.ts";
import { readMetrics } from "../otlp/read-metrics.ts";
import { readTraces } from "../otlp/read-traces.ts";
import type { LogRecord } from "../otlp/record.ts";
import { pipeline } from "../pipeline.ts";
import { translate } from "../translate.ts";

/** A body to begin with. */
export interface Seed {
  readonly body: Buffer;
  readonly encoding: "protobuf" | "json";
  readonly signal: "traces" | "logs" | "metrics";
}

/** What a run of mutated inputs met. */
export interface FuzzFigures {
  inputs: number;
  /** Bodies that were refused as a whole; the others were read, and their spans translated. */
  refused: number;
  spans: number;
  slowestMs: number;
  /** Number of the input that took the longest, to run it again. */
  slowest: number;
}

/** Whole numbers from a seed: the same seed gives the same run (xorshift, Marsaglia 2003). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed | 0) === 0 ? 1 : seed | 0;
  }

  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return limit <= 0 ? 0 : (this.#state >>> 0) % limit;
  }
}

/** Pieces that have broken decoders. */
const PIECES: readonly Buffer[] = [
  "__proto__",
  "constructor",
  '{"__proto__":{"polluted":true}}',
  "[".repeat(300),
  '{"a":'.repeat(200),
  "\u0000",
  "1e999",
  "-9223372036854775809",
  '"\\ud83d"',
].map((text) => Buffer.from(text));
const BYTES = [0x00, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x22, 0x5b, 0x7b];

/** The body with one to four things done to it: bytes changed, cut out, doubled, put in, or its end cut off. */
export function mutated(body: Buffer, dice: Dice): Buffer {
  let bytes = Buffer.from(body);
  for (let rounds = 1 + dice.below(4); rounds > 0; rounds--) {
    const at = dice.below(bytes.length);
    const length = 1 + dice.below(32);
    switch (dice.below(6)) {
      case 0:
        if (bytes.length > 0) bytes[at] = BYTES[dice.below(BYTES.length)] ?? 0;
        break;
      case 1:
        if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8));
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), PIECES[dice.below(PIECES.length)] ?? body, bytes.subarray(at)]);
        break;
      default:
        if (dice.below(8) === 0) bytes = bytes.subarray(0, at);
    }
  }
  return bytes;
}

const steps = pipeline();
const context = { project: "", receivedAt: 0n };

function readOne({ signal, encoding }: Seed, body: Buffer, figures: FuzzFigures): void {
  try {
    if (signal === "metrics") readMetrics(body, encoding);
    else if (signal === "logs") translateLogs(readLogs(body, encoding).logs);
    else
      for (const span of readTraces(body, encoding).spans) {
        steps(translate(span, [], context));
        figures.spans++;
      }
  } catch (error) {
    if (!(error instanceof OtlpDecodeError)) throw error;
    figures.refused++;
  }
}

/** Log records with a span of theirs: their content goes through the dialects too. */
function translateLogs(logs: readonly LogRecord[]): void {
  const [first] = logs;
  if (!first?.traceId || !first.spanId) return;
  const { traceId, spanId, time, resource, scope } = first;
  const attributes = new Map([["gen_ai.operation.name", "chat"]]);
  const rest = { name: "chat", spanKind: 3, statusCode: 0, statusMessage: "", droppedAttributes: 0 };
  const span = { ...rest, traceId, spanId, startTime: time, endTime: time, attributes, events: [], links: [] };
  steps(translate({ ...span, resource, scope }, logs, context));
}

/** Counts an input, and remembers the slowest. */
export function note(figures: FuzzFigures, number: number, tookMs: number): void {
  figures.inputs++;
  if (tookMs <= figures.slowestMs) return;
  figures.slowestMs = tookMs;
  figures.slowest = number;
}

/** Says, whenever it is asked, whether `Object.prototype` is another than now. */
export function prototypeGuard(): () => boolean {
  const before = Object.getOwnPropertyNames(Object.prototype).join();
  return () => Object.getOwnPropertyNames(Object.prototype).join() !== before || "polluted" in {};
}

/** The input of a number: what it was made of, and its bytes. */
export function inputOf<From extends { readonly body: Buffer }>(
  seeds: readonly From[],
  seed: number,
  number: number,
): { readonly from: From; readonly body: Buffer } | undefined {
  const dice = new Dice(seed * 1_000_003 + number);
  for (let warm = 0; warm < 4; warm++) dice.below(2);
  const from = seeds[dice.below(seeds.length)];
  return from && { from, body: mutated(from.body, dice) };
}

/**
 * Reads `count` mutated bodies and translates what is in them. Throws what a decoder or a dialect throws, but for
 * the decoder's own refusal, and where `Object.prototype` was touched. Input `n` of a seed is always the same.
 */
export function fuzz(seeds: readonly Seed[], count: number, seed: number): FuzzFigures {
  const figures: FuzzFigures = { inputs: 0, refused: 0, spans: 0, slowestMs: 0, slowest: 0 };
  const guard = prototypeGuard();
  for (let number = 0; number < count; number++) {
    const input = inputOf(seeds, seed, number);
    if (!input) break;
    const began = performance.now();
    try {
      readOne(input.from, input.body, figures);
    } catch (error) {
      const { signal, encoding } = input.from;
      throw new Error(`input ${number} of seed ${seed} (${signal}, ${encoding})`, { cause: error });
    }
    note(figures, number, performance.now() - began);
    if (guard()) throw new Error(`input ${number} of seed ${seed} changed Object.prototype`);
  }
  return figures;
}

/**
 * Milliseconds of one input, read three times over: the shortest. A machine that paused, or that did something else, makes
 * any input look slow once.
 */
export function timeOf(seeds: readonly Seed[], seed: number, number: number): number {
  const figures: FuzzFigures = { inputs: 0, refused: 0, spans: 0, slowestMs: 0, slowest: 0 };
  const input = inputOf(seeds, seed, number);
  const times = [1, 2, 3].map(() => {
    const began = performance.now();
    if (input) readOne(input.from, input.body, figures);
    return performance.now() - began;
  });
  return Math.min(...times);
}
