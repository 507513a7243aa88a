import { Losable } from "../losable.ts";
import { currentScope, type Pipeline, runtime, type Scope, type ToldCall } from "../runtime.ts";
import { now } from "../span/clock.ts";
import { recordError } from "../span/record-error.ts";
import type { SpanRecord, Unread } from "../span/span-record.ts";
import { startSpan } from "../span/start-span.ts";
import type { Outcome, Wire, WireRequest } from "../wire.ts";
import { BodyCapture } from "./body-capture.ts";
import { bytesOfText } from "./bytes-of-text.ts";
import { completeSpan } from "./complete-span.ts";
import { isAbort, isTimeout } from "./error-causes.ts";
import { LARGEST_REQUEST, RequestBody } from "./request-body.ts";
import { patienceIn, type RequestHeaders } from "./request-headers.ts";
import { wireOf } from "./wire-of.ts";

/** Longer text is copied out of the JavaScript heap, where it would be moved by each collection. */
const LONGEST_TEXT = 4 * 1024;

/** Answers that are told by their size and never kept. */
const MEDIA = /^(?:audio|image|video)\//i;

const NO_NAMES: readonly string[] = [];

/** A timer may fire a little before its time by another clock, and later when the program is busy. */
const TIMER_EARLY_MS = 5;
const TIMER_LATE_MS = 250;

/** Anything with the `get` of Headers. */
export interface HeaderReader {
  get(name: string): string | null | undefined;
}

/**
 * One call to a model, from the moment it leaves until its answer is read or given up. Each
 * method may be called at any time and in any order; after the first end nothing more is kept.
 */
export class Exchange extends Losable implements Unread {
  readonly wire: Wire;
  readonly request: WireRequest;
  readonly span: SpanRecord;
  readonly response: BodyCapture = new BodyCapture();
  /** Set by the first reader: a clone read beside it must not be told twice. */
  claimed = false;
  /** The answer is compressed as it is captured. */
  encoded = false;
  status: number | undefined;
  /** Of the answer; empty when it was not told. */
  contentType = "";
  outcome: Outcome = "complete";
  requestBody: string | Buffer | undefined;
  /** The bytes of the request were made from a text, and so are one. */
  isUtf8 = false;
  resendCount = 0;
  /** The program itself ended the request, without a word why. */
  left = false;
  /** The error that the program gave when it ended the request. */
  reason: unknown;
  /** By which the program, or its client, may cancel the request. */
  signal: AbortSignal | undefined;
  /** Of the request, until the call is over. */
  requestHeaders: RequestHeaders | undefined;
  readonly #call: ToldCall | undefined;
  #headers: HeaderReader | undefined;
  #captureContent = false;
  #ended = false;

  /** `scope` is what is active where the call is made. */
  constructor(wire: Wire, request: WireRequest, scope: Scope | undefined = currentScope()) {
    super();
    this.wire = wire;
    this.request = request;
    this.#call = scope?.call;
    this.span = startSpan(wire.name, 3, scope);
    this.#call?.began(wire.name);
    runtime.open.add(this);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** A header of the answer, or an empty text. */
  header(name: string): string {
    return this.#headers?.get(name) ?? "";
  }

  /** The body of the request: text, or bytes that stay as they are until the call is over. */
  sent(body: string | Uint8Array | undefined): void {
    if (this.#ended || body === undefined) return;
    if (isForm(body)) {
      const form = new RequestBody();
      form.add(typeof body === "string" ? Buffer.from(body) : body);
      this.requestBody = form.taken();
    } else if (body.length > LARGEST_REQUEST) return;
    else if (typeof body === "string") {
      this.isUtf8 = body.length > LONGEST_TEXT;
      this.requestBody = this.isUtf8 ? bytesOfText(body) : body;
    } else this.requestBody = Buffer.from(body);
  }

  /** The head of the answer. */
  responded(status: number, headers: HeaderReader): void {
    this.status = status;
    this.#headers = headers;
    this.contentType = this.header("content-type");
    if (MEDIA.test(this.contentType)) this.response.countOnly();
  }

  /** What the program has the answer from: thrown away, it ends the call. */
  override heldBy(holder: object | undefined): void {
    super.heldBy(this.#ended ? undefined : holder);
  }

  /** A piece of the answer as it passes. */
  received(piece: Uint8Array): void {
    if (!this.#ended) this.response.add(piece, now() - this.span.startTime);
  }

  /** The end of the call, told by whoever sees it first. */
  end(outcome: Outcome, error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    runtime.open.delete(this);
    this.heldBy(undefined);
    this.outcome = outcome;
    this.signal = undefined;
    this.reason = undefined;
    this.requestHeaders = undefined;
    if (error !== undefined) recordError(this.span, error);
    const { pipeline } = runtime;
    if (pipeline === undefined) return;
    this.#headers = this.#headers && this.#wantedOf(this.#headers);
    this.span.endTime = now();
    this.span.heldBytes += (this.requestBody?.length ?? 0) + this.response.heldBytes;
    this.#captureContent = pipeline.captureContent;
    this.span.unread = this;
    if (this.#call?.ended(this.span, this.#mayBeRepeated) !== true) pipeline.add(this.span);
  }

  /** Fills the span, when it is about to be sent. */
  complete(): boolean {
    return completeSpan(this, this.#captureContent);
  }

  /** The error that fetch, a reader or a socket gave. */
  fail(error: unknown): void {
    const outcome = this.#outcomeOf(error);
    // A signal may be given anything as its reason; what is no error says less than the outcome does.
    this.end(outcome, outcome === "failed" || error instanceof Error ? error : undefined);
  }

  /** Nobody will read the rest. An answer without a body, or with an error, is complete all the same. */
  abandon(): void {
    this.end(this.status !== undefined && this.status >= 400 ? "complete" : "abandoned");
  }

  /** All of them would be kept until the span is sent: some thirty objects. */
  #wantedOf(headers: HeaderReader): HeaderReader | undefined {
    const names = this.wire.headers?.(this.request) ?? NO_NAMES;
    if (names.length === 0 && !this.encoded) return undefined;
    const kept = new Map<string, string>();
    for (const name of this.encoded ? [...names, "content-encoding"] : names) {
      const value = headers.get(name) ?? undefined;
      if (value !== undefined) kept.set(name, value);
    }
    return kept;
  }

  /** Clients try again after errors and when there was no answer. */
  get #mayBeRepeated(): boolean {
    if (this.outcome === "failed" || this.outcome === "timeout") return true;
    return this.status !== undefined && this.status >= 400;
  }

  #outcomeOf(error: unknown): Outcome {
    const isGiven = error !== undefined && error === this.reason;
    const isReason = isGiven || (this.signal?.aborted === true && error === this.signal.reason);
    if (isTimeout(error, isReason)) return "timeout";
    if (isReason || isAbort(error) || (this.left && this.status === undefined))
      return this.#waitedInVain() ? "timeout" : "aborted";
    return this.status === undefined ? "failed" : "cut";
  }

  /** An abort says not who did it: at the end of a client's patience it was the client. */
  #waitedInVain(): boolean {
    const patienceMs = this.status === undefined ? patienceIn(this.requestHeaders) : undefined;
    if (patienceMs === undefined) return false;
    const over = now() - this.span.startTime - patienceMs;
    return over >= -TIMER_EARLY_MS && over <= 1000 + TIMER_LATE_MS;
  }
}

function isForm(body: string | Uint8Array): boolean {
  return typeof body === "string" ? body.startsWith("--") : body[0] === 45 && body[1] === 45;
}

/** The wire that this request speaks, if it is to be watched here. */
export function wireFor(pipeline: Pipeline | undefined, request: WireRequest): Wire | undefined {
  const wire = pipeline === undefined ? undefined : wireOf(pipeline.wires, request);
  return wire === undefined || currentScope()?.tapped === true ? undefined : wire;
}
