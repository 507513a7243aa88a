import type { AttributeMap } from "../attribute-value.ts";
import { debug, messageOf } from "../diagnostics.ts";
import { turn } from "../platform/timers.ts";
import type { SpanRedaction } from "../redact/span-redaction.ts";
import { writeAssociation } from "../span/association.ts";
import type { SpanRecord, SpanStep } from "../span/span-record.ts";
import { encodeAttributes, encodeSpan } from "./encode-span.ts";
import type { OtlpRequest, Parcel, Signal } from "./otlp-request.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { applyLimits, hasLimits, type LeftOut, shortenSpan, type SpanLimits, stripSpan } from "./span-limits.ts";

/** Encoding gives the program its turn after so long: a small collection of garbage takes as much. */
const SLICE_MS = 1;
/** With redaction a span of 50 kB takes a third of a millisecond: shorter slices would touch every turn of a busy program. */
const REDACTION_SLICE_MS = 1.5;
/** A request is closed above this: spans can grow when they are read, and stock servers take 4 MiB at least. */
const CLOSE_BYTES = 2 * 1024 * 1024;
const SCOPE_NAME = "@telltale/sdk";

/** A request, and how many of the spans given are done with, those that turned out to be none included. */
export interface EncodedBatch {
  readonly parcel: Parcel;
  readonly used: number;
  readonly shortened: number;
}

/** Who sends: the resource and scope of every request. */
export interface Sender {
  readonly resource: AttributeMap;
  readonly scopeVersion: string;
  /** Takes secrets out of spans and resource; undefined where everything is sent as it is. */
  readonly redaction?: SpanRedaction | undefined;
  /** What is done to each span once it is complete, in this order, before its secrets are taken out. */
  readonly prepare: readonly SpanStep[];
  /** What is done to it after that: half a secret would not be known for one. */
  readonly finish: readonly SpanStep[];
}

/** Makes export requests. One at a time: it owns one buffer. */
export class BatchEncoder {
  readonly #writer = new ProtobufWriter();
  readonly #sender: Sender;
  #resource: Buffer | undefined;
  readonly #scope: Buffer;
  readonly #limits: SpanLimits;
  readonly #limited: boolean;
  #starts: number[] = [];
  #shortened = 0;

  constructor(sender: Sender, limits: SpanLimits) {
    const writer = this.#writer;
    this.#sender = sender;
    this.#limits = limits;
    this.#limited = hasLimits(limits);
    // Fields of opentelemetry.proto.trace.v1: ResourceSpans.resource below, and ScopeSpans.scope.
    const scopePlace = writer.open(1);
    writer.text(1, SCOPE_NAME);
    writer.text(2, sender.scopeVersion);
    writer.close(scopePlace);
    this.#scope = writer.take();
  }

  /** Completes and encodes spans until the request is full, with pauses for the program. Never rejects for a span's sake. */
  async encode(spans: readonly SpanRecord[]): Promise<EncodedBatch> {
    const { redaction } = this.#sender;
    await redaction?.load();
    const slice = redaction === undefined ? SLICE_MS : REDACTION_SLICE_MS;
    let used = 0;
    let sliceEnd = performance.now() + slice;
    for (const span of spans) {
      if (this.#writer.length >= CLOSE_BYTES) break;
      const complete = this.#complete(span);
      // Waited for only where there is something to wait for.
      try {
        const slow = complete ? redaction?.apply(span, turn) : undefined;
        if (slow !== undefined) await slow;
        if (complete) this.#encodeOne(span);
      } catch (error) {
        debug(`A span was left out: ${messageOf(error)}`);
      }
      used++;
      if (performance.now() < sliceEnd) continue;
      await turn();
      sliceEnd = performance.now() + slice;
    }
    return this.#finish(used);
  }

  /** The same without pauses: for the very end of a program. */
  encodeNow(spans: readonly SpanRecord[]): EncodedBatch {
    let used = 0;
    for (const span of spans) {
      if (this.#writer.length >= CLOSE_BYTES) break;
      if (this.#complete(span)) {
        this.#sender.redaction?.applyNow(span);
        this.#encodeOne(span);
      }
      used++;
    }
    return this.#finish(used);
  }

  /** A request from items of its signal, encoded as fields 2 one after the other. */
  frame(signal: Signal, items: readonly Buffer[], count: number): OtlpRequest {
    const resource = this.#resource ?? this.#encodeResource();
    if (this.#sender.redaction?.ready !== false) this.#resource = resource;
    const length = items.reduce((sum, piece) => sum + piece.length, this.#scope.length);
    const scopeSpans = this.#header(2, length);
    const resourceSpans = this.#header(1, resource.length + scopeSpans.length + length);
    return { signal, bytes: [resourceSpans, resource, scopeSpans, this.#scope, ...items], count };
  }

  /** A copy without secrets, of what is no span. */
  redacted(attributes: AttributeMap): AttributeMap {
    return this.#sender.redaction?.attributes(attributes) ?? new Map(attributes);
  }

  #encodeResource(): Buffer {
    const writer = this.#writer;
    const place = writer.open(1);
    encodeAttributes(writer, 1, this.redacted(this.#sender.resource));
    writer.close(place);
    return writer.take();
  }

  #finish(used: number): EncodedBatch {
    const starts = this.#starts;
    const shortened = this.#shortened;
    this.#starts = [];
    this.#shortened = 0;
    return { parcel: this.#parcel(this.#writer.takePieces(), starts), used, shortened };
  }

  #parcel(spans: readonly Buffer[], starts: readonly number[]): Parcel {
    return {
      request: this.frame("traces", spans, starts.length),
      halves: () => {
        if (starts.length < 2) return undefined;
        const half = starts.length >>> 1;
        const cut = starts[half] ?? 0;
        const rest = starts.slice(half).map((start) => start - cut);
        const [first, second] = divide(spans, cut);
        return [this.#parcel(first, starts.slice(0, half)), this.#parcel(second, rest)];
      },
    };
  }

  /** Reads what was left for now; false when the span turns out to be none. */
  #complete(span: SpanRecord): boolean {
    try {
      if (span.unread?.complete() === false) return false;
      span.unread = undefined;
      for (const step of this.#sender.prepare) step(span);
      writeAssociation(span.attributes, span);
      return true;
    } catch (error) {
      debug(`A span was left out: ${messageOf(error)}`);
      return false;
    }
  }

  #encodeOne(span: SpanRecord): void {
    const writer = this.#writer;
    const start = writer.length;
    try {
      for (const step of this.#sender.finish) step(span);
      const left = this.#limited ? applyLimits(span, this.#limits) : undefined;
      this.#write(span, left);
      if (writer.length - start > this.#limits.spanBytes) this.#rewrite(span, start, left);
      this.#starts.push(start);
    } catch (error) {
      debug(`A span was left out: ${messageOf(error)}`);
      writer.rewind(start);
    }
  }

  #write(span: SpanRecord, left: LeftOut | undefined): void {
    const place = this.#writer.open(2, span.heldBytes);
    encodeSpan(this.#writer, span, left);
    this.#writer.close(place, span.heldBytes);
  }

  #rewrite(span: SpanRecord, start: number, left: LeftOut | undefined): void {
    const { spanBytes } = this.#limits;
    this.#shortened++;
    debug("A span was too large and has been shortened; maxSpanBytes is its limit.", { once: true });
    shortenSpan(span, this.#writer.length - start, spanBytes);
    this.#writer.rewind(start);
    this.#write(span, left);
    if (this.#writer.length - start <= spanBytes) return;
    stripSpan(span);
    this.#writer.rewind(start);
    this.#write(span, left);
  }

  #header(field: number, length: number): Buffer {
    // The key of a length-delimited field, then the length: as a varint field with another wire type.
    this.#writer.varint(field, length);
    const header = this.#writer.take();
    header[0] = (field << 3) | 2;
    return header;
  }
}

/** The pieces before and after so many bytes. */
function divide(pieces: readonly Buffer[], length: number): readonly [Buffer[], Buffer[]] {
  const before: Buffer[] = [];
  const after: Buffer[] = [];
  let rest = length;
  for (const piece of pieces) {
    const taken = Math.min(rest, piece.length);
    if (taken > 0) before.push(piece.subarray(0, taken));
    if (taken < piece.length) after.push(piece.subarray(taken));
    rest -= taken;
  }
  return [before, after];
}
