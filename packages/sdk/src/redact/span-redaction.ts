import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import { messageOf, warn } from "../diagnostics.ts";
import type { SpanRecord } from "../span/span-record.ts";
import type { RedactOptions } from "./redact-options.ts";
import type * as Work from "./redacted-values.ts";
import type { RedactedValues, Tally } from "./redacted-values.ts";

/** What stands for a text while nothing can look through it. */
const CLOSED = "[not-redacted]";
/** A span that holds more is looked through with rests for the program. */
const LARGE_BYTES = 256 * 1024;
/** Names that the SDK writes from a fixed list of words, which stay when everything else has to go. */
const WORDS: ReadonlySet<string> = new Set([
  "telltale.span.kind",
  "telltale.outcome",
  "telltale.wire",
  "gen_ai.operation.name",
  "gen_ai.provider.name",
  "telemetry.sdk.name",
  "telemetry.sdk.language",
  "telemetry.sdk.version",
]);
/** Names of attributes as the conventions have them, which tell nobody anything. */
const PLAIN_NAME = /^[a-z][a-z_.]{0,63}$/;
const PLAIN_WORD = /^[a-z0-9_.-]{1,40}$/;

/**
 * Takes secrets out of everything of a span that is text, before it is encoded. Its rules are loaded
 * when there is a first span. Fails closed: without rules, and where options cannot be understood,
 * no text leaves at all. Nothing here throws.
 */
export class SpanRedaction {
  readonly #options: RedactOptions;
  #values: RedactedValues | undefined;
  #work: typeof Work | undefined;
  #loading: Promise<void> | undefined;
  #ready = false;

  constructor(options: RedactOptions) {
    this.#options = options;
  }

  /** Loads the rules; may be called often. Resolves also when they could not be loaded. */
  load(): Promise<void> {
    this.#loading ??= Promise.all([import("@telltale/rules/redaction"), import("./redacted-values.ts")])
      .then(async ([rules, work]) => {
        this.#work = work;
        this.#values = await work.RedactedValues.of(rules, this.#options);
      })
      .catch((error: unknown) => warn(`Every text is left out, as redaction could not be set up: ${messageOf(error)}`))
      .finally(() => (this.#ready = true));
    return this.#loading;
  }

  /** Whether the rules are there, or will never be. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Redacts a span in place; answers with a promise where it is so large that the program needs rests in between. */
  apply(span: SpanRecord, rest: () => Promise<void>): Promise<void> | undefined {
    if (span.heldBytes >= LARGE_BYTES && this.#values !== undefined) return this.#slowly(this.#values, span, rest);
    this.applyNow(span);
    return undefined;
  }

  async #slowly(values: RedactedValues, span: SpanRecord, rest: () => Promise<void>): Promise<void> {
    const tally = newTally();
    const done = new Set<string>();
    for (const [name, value] of Array.from(span.attributes)) {
      if (!isLarge(value)) continue;
      span.attributes.set(name, await values.slowly(name, value, tally, rest));
      done.add(name);
    }
    this.#finish(span, tally, done);
  }

  /** The same without a rest. */
  applyNow(span: SpanRecord): void {
    this.#finish(span, newTally());
  }

  /** A copy of attributes without their secrets: of a resource, of a line of a log. */
  attributes(attributes: AttributeMap): AttributeMap {
    const copy = new Map(attributes);
    const tally = newTally();
    this.#map(copy, tally);
    this.#work?.writeTally(copy, tally);
    return copy;
  }

  /** One text without its secrets. */
  text(text: string): string {
    return this.#text(text, newTally());
  }

  #finish(span: SpanRecord, tally: Tally, done?: ReadonlySet<string>): void {
    span.name = this.#text(span.name, tally);
    if (span.statusMessage !== "") span.statusMessage = this.#text(span.statusMessage, tally);
    if (span.traceState !== undefined) span.traceState = this.#traceState(span.traceState, tally);
    this.#map(span.attributes, tally, done);
    span.events = span.events?.map((event) => {
      const attributes = new Map(event.attributes);
      this.#map(attributes, tally);
      return { name: this.#text(event.name, tally), time: event.time, attributes };
    });
    this.#work?.writeTally(span.attributes, tally);
    if (this.#work === undefined) span.attributes.set("telltale.redaction.failed", tally.failed);
  }

  /** Other tracers' state travels on or not at all: a mark in it would break its form. */
  #traceState(state: string, tally: Tally): string | undefined {
    const redacted = this.#text(state, tally);
    return redacted === state ? state : undefined;
  }

  #map(attributes: AttributeMap, tally: Tally, done?: ReadonlySet<string>): void {
    for (const [name, value] of Array.from(attributes)) {
      if (done?.has(name) === true) continue;
      const redacted = this.#value(name, value, tally);
      const plain = this.#values === undefined ? plainName(name) : this.#values.text(name, tally);
      if (plain !== name) attributes.delete(name);
      if (redacted !== value || plain !== name) attributes.set(plain, redacted);
    }
  }

  #value(name: string, value: AttributeValue, tally: Tally): AttributeValue {
    if (this.#values !== undefined) return this.#values.value(name, value, tally);
    if (typeof value === "number" || typeof value === "boolean") return value;
    if (typeof value === "object" && "double" in value) return value;
    if (typeof value === "string" && WORDS.has(name) && PLAIN_WORD.test(value)) return value;
    tally.failed++;
    return Array.isArray(value) ? value.map(() => CLOSED) : CLOSED;
  }

  #text(text: string, tally: Tally): string {
    if (this.#values !== undefined) return this.#values.text(text, tally);
    tally.failed++;
    return CLOSED;
  }
}

function plainName(name: string): string {
  return PLAIN_NAME.test(name) ? name : CLOSED;
}

function isLarge(value: AttributeValue): boolean {
  return (typeof value === "string" || Buffer.isBuffer(value)) && value.length > LARGE_BYTES / 4;
}

function newTally(): Tally {
  return { kinds: new Map(), failed: 0 };
}
