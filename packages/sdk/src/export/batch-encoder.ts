import type { AttributeMap } from "../attribute-value.ts";
import { debug, messageOf } from "../diagnostics.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { encodeAttributes, encodeSpan } from "./encode-span.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** Encoding gives the program its turn after so long: a frame of a busy server, not a stall. */
const SLICE_MS = 4;
const SCOPE_NAME = "@telltale/sdk";

/** A request in pieces, and how many spans are in it. */
export interface EncodedBatch {
  readonly bytes: readonly Buffer[];
  readonly count: number;
}

/** Makes ExportTraceServiceRequest messages. One at a time: it owns one buffer. */
export class BatchEncoder {
  readonly #writer = new ProtobufWriter();
  readonly #resource: Buffer;
  readonly #scope: Buffer;

  constructor(resource: AttributeMap, scopeVersion: string) {
    const writer = this.#writer;
    // Fields of opentelemetry.proto.trace.v1: ResourceSpans.resource and ScopeSpans.scope.
    const resourcePlace = writer.open(1);
    encodeAttributes(writer, 1, resource);
    writer.close(resourcePlace);
    this.#resource = writer.take();
    const scopePlace = writer.open(1);
    writer.text(1, SCOPE_NAME);
    writer.text(2, scopeVersion);
    writer.close(scopePlace);
    this.#scope = writer.take();
  }

  /** Completes and encodes spans, with pauses for the program. Never rejects for a span's sake. */
  async encode(spans: readonly SpanRecord[]): Promise<EncodedBatch> {
    let count = 0;
    let sliceEnd = performance.now() + SLICE_MS;
    for (const span of spans) {
      if (this.#encodeOne(span)) count++;
      if (performance.now() < sliceEnd) continue;
      await new Promise((resolve) => setImmediate(resolve));
      sliceEnd = performance.now() + SLICE_MS;
    }
    return { bytes: this.#request(this.#writer.take()), count };
  }

  #encodeOne(span: SpanRecord): boolean {
    const writer = this.#writer;
    const start = writer.length;
    try {
      if (span.complete?.() === false) return false;
      span.complete = undefined;
      const place = writer.open(2, span.heldBytes);
      encodeSpan(writer, span);
      writer.close(place, span.heldBytes);
      return true;
    } catch (error) {
      debug(`A span was left out: ${messageOf(error)}`);
      writer.rewind(start);
      return false;
    }
  }

  #request(spans: Buffer): Buffer[] {
    const length = this.#scope.length + spans.length;
    const scopeSpans = this.#header(2, length);
    const resourceSpans = this.#header(1, this.#resource.length + scopeSpans.length + length);
    return [resourceSpans, this.#resource, scopeSpans, this.#scope, spans];
  }

  #header(field: number, length: number): Buffer {
    // The key of a length-delimited field, then the length: as a varint field with another wire type.
    this.#writer.varint(field, length);
    const header = this.#writer.take();
    header[0] = (field << 3) | 2;
    return header;
  }
}
