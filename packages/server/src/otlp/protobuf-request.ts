import { MAX_GROUPS } from "./limits.ts";
import { OtlpDecodeError } from "./otlp-decode-error.ts";
import { AttributeList } from "./protobuf-value.ts";
import type { ResourceRecord, ScopeRecord, Signal } from "./record.ts";
import type { WireReader } from "./wire-reader.ts";

/** Where a message stands in the buffer. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/** A resource, made when its first record asks for it. */
export class LazyResource {
  part: Part | undefined;
  private made: ResourceRecord | undefined;

  record(reader: WireReader): ResourceRecord {
    return (this.made ??= this.part === undefined ? { attributes: new Map() } : readResource(reader, this.part));
  }
}

/** A scope, made when its first record asks for it. */
export class LazyScope {
  part: Part | undefined;
  private made: ScopeRecord | undefined;

  record(reader: WireReader): ScopeRecord {
    return (this.made ??= readScope(reader, this.part));
  }
}

/** Reads one record between the reader's position and `end`; may leave the reader anywhere. */
export type RecordVisitor = (end: number, resource: LazyResource, scope: LazyScope) => void;

/** A record that begins at the reader's position. */
export interface FoundRecord {
  readonly end: number;
  readonly resource: LazyResource;
  readonly scope: LazyScope;
}

/** Calls `visit` for each of {@link recordsIn}. */
export function walkRequest(reader: WireReader, signal: Signal, visit: RecordVisitor): void {
  for (const { end, resource, scope } of recordsIn(reader, signal)) visit(end, resource, scope);
}

/**
 * Walks Export*ServiceRequest → Resource* → Scope* → records, which have the same field numbers
 * for every signal (resource/scope = 1, children = 2); whoever asks for the records may take its time between them.
 * Throws `OtlpDecodeError` when the framing above the records is broken.
 */
export function* recordsIn(reader: WireReader, signal: Signal): Generator<FoundRecord, void, void> {
  const end = reader.bytes.length;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 10) yield* recordsOfResource(reader, reader.partEnd(end), signal);
    else reader.skip(tag, end);
  }
  mustBeSound(reader, end, signal);
}

function* recordsOfResource(reader: WireReader, end: number, signal: Signal): Generator<FoundRecord, void, void> {
  countGroup(reader);
  const resource = new LazyResource();
  const start = reader.position;
  resource.part = findField(reader, end, signal);
  reader.position = start;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 18) yield* recordsOfScope(reader, reader.partEnd(end), resource, signal);
    else reader.skip(tag, end);
  }
  mustBeSound(reader, end, signal);
}

function* recordsOfScope(
  reader: WireReader,
  end: number,
  resource: LazyResource,
  signal: Signal,
): Generator<FoundRecord, void, void> {
  countGroup(reader);
  const scope = new LazyScope();
  const start = reader.position;
  scope.part = findField(reader, end, signal);
  reader.position = start;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag !== 18) {
      reader.skip(tag, end);
      continue;
    }
    const recordEnd = reader.partEnd(end);
    mustBeSound(reader, undefined, signal);
    yield { end: recordEnd, resource, scope };
    reader.recover(recordEnd);
  }
  mustBeSound(reader, end, signal);
}

function countGroup(reader: WireReader): void {
  if (reader.groupsLeft-- === 0)
    throw new OtlpDecodeError(`more than ${MAX_GROUPS} resources and scopes in one request`);
}

/** The part of field 1, wherever it stands: first, with almost every sender. */
function findField(reader: WireReader, end: number, signal: Signal): Part | undefined {
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag !== 10) {
      reader.skip(tag, end);
      continue;
    }
    const partEnd = reader.partEnd(end);
    mustBeSound(reader, undefined, signal);
    return { start: reader.position, end: partEnd };
  }
  mustBeSound(reader, end, signal);
  return undefined;
}

function mustBeSound(reader: WireReader, end: number | undefined, signal: Signal): void {
  if (reader.failure === undefined && (end === undefined || reader.position === end)) return;
  const what = reader.failure ?? `a message that goes on behind its end at byte ${reader.position}`;
  const json = /^\s*[{[]/.test(reader.bytes.toString("latin1", 0, 32));
  const hint = json ? "; the body looks like JSON: send it with content-type application/json" : "";
  throw new OtlpDecodeError(`not an OTLP ${signal} request in protobuf: ${what}${hint}`);
}

/** `Resource`: attributes = 1. */
function readResource(reader: WireReader, part: Part): ResourceRecord {
  const attributes = new AttributeList();
  apart(reader, part, () => {
    while (reader.position < part.end) {
      const tag = reader.tag();
      if (tag === 10) attributes.read(reader, part.end);
      else reader.skip(tag, part.end);
    }
  });
  return { attributes: attributes.map };
}

/** `InstrumentationScope`: name = 1, version = 2, attributes = 3. */
function readScope(reader: WireReader, part: Part | undefined): ScopeRecord {
  const attributes = new AttributeList();
  let name = "";
  let version = "";
  if (part !== undefined) {
    apart(reader, part, () => {
      while (reader.position < part.end) {
        const tag = reader.tag();
        if (tag === 10) name = reader.text(reader.partEnd(part.end));
        else if (tag === 18) version = reader.text(reader.partEnd(part.end));
        else if (tag === 26) attributes.read(reader, part.end);
        else reader.skip(tag, part.end);
      }
    });
  }
  return { name, version, attributes: attributes.map };
}

/** Reads another part of the buffer and comes back; damage in it costs only what lies behind it there. */
function apart(reader: WireReader, part: Part, read: () => void): void {
  const { position } = reader;
  reader.position = part.start;
  read();
  reader.recover(position);
}
