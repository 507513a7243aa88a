import { AsyncLocalStorage } from "node:async_hooks";
import type { Wire } from "./wire.ts";
import type { ForeignTree } from "./join/foreign-tree.ts";
import type { Propagation } from "./options/read-propagation.ts";
import type { Association } from "./span/association.ts";
import type { RemoteContext } from "./span/remote-context.ts";
import type { SpanRecord } from "./span/span-record.ts";

/** What the running piece of program belongs to. */
export interface Scope extends Association {
  /** The span that new spans become children of. */
  readonly span: SpanRecord | undefined;
  /** True while a request is already watched, or is our own: taps further down look away. */
  readonly tapped: boolean;
  /** Where a caller or a queue said that this work comes from; counts while there is no span. */
  readonly remote?: RemoteContext | undefined;
  /** The model call that a framework says is going on; requests to models are its requests. */
  readonly call?: ToldCall | undefined;
}

/** A model call that a framework tells of, and whose requests are seen leaving. */
export interface ToldCall {
  /** A request leaves, in the API of this wire. */
  began(wire: string): void;
  /** The request is over; `mayBeRepeated` when it failed so that clients try again. True: the span is given on later. */
  ended(span: SpanRecord, mayBeRepeated: boolean): boolean;
}

/** Counts of spans, by what became of them. `dropped` ones never reached a server, for the reason told. */
export interface ExportCounts {
  /** Taken by the server. */
  readonly sent: number;
  /** In memory, or on their way. */
  readonly queued: number;
  /** Put on disk by this process, because the server was away. */
  readonly spooled: number;
  /** Taken by the server from the disk, whichever process put them there. */
  readonly sentFromSpool: number;
  /** Sent with less content than they had, because they were too large. */
  readonly shortened: number;
  /** Left out on purpose by sampling; their counts, tokens and cost are told as metrics. */
  readonly sampledOut: number;
  readonly droppedQueueFull: number;
  /** Refused for good, as with status 400 or 401. */
  readonly droppedRefused: number;
  /** Left out by a server that took the rest of their request (`partial_success`). */
  readonly droppedRejected: number;
  readonly droppedUnreachable: number;
  readonly droppedSpoolFull: number;
  /** Files of the spool that could not be read, of any number of spans. */
  readonly damagedSpoolFiles: number;
}

/** Before anything happened. */
export const NO_COUNTS: ExportCounts = {
  sent: 0,
  queued: 0,
  spooled: 0,
  sentFromSpool: 0,
  shortened: 0,
  sampledOut: 0,
  droppedQueueFull: 0,
  droppedRefused: 0,
  droppedRejected: 0,
  droppedUnreachable: 0,
  droppedSpoolFull: 0,
  damagedSpoolFiles: 0,
};

/** Where finished spans go. Nothing here throws or blocks. */
export interface Pipeline {
  readonly captureContent: boolean;
  readonly wires: readonly Wire[];
  /** Present while this only stands in for the one that is being loaded. */
  readonly loaded?: Promise<void> | undefined;
  add(span: SpanRecord): void;
  /** Resolves when everything added so far was sent or given up, or after `timeoutMs`. */
  flush(timeoutMs?: number): Promise<void>;
  /** Tells that the program is about to end: from now on a server that is away is given up soon. */
  leave(): void;
  /** `leave`, `flush`, and no more spans are taken. */
  shutdown(timeoutMs?: number): Promise<void>;
  counts(): ExportCounts;
}

/** Something that would end by itself but may be left lying: ended by `shutdown` and at exit. */
export interface Open {
  abandon(): void;
}

/** The state of the SDK in this process. */
export interface Runtime {
  pipeline: Pipeline | undefined;
  readonly storage: AsyncLocalStorage<Scope>;
  /** Begun by `register`, before the program could say how. */
  isRegistered?: boolean;
  /** Calls whose answer has not been read to its end. */
  readonly open: Set<Open>;
  /** Undo functions of the installed taps. */
  readonly taps: (() => void)[];
  /** Of frameworks that keep their own context: the scope of what they say is running. Never throw. */
  readonly contexts: Set<() => Scope | undefined>;
  /** Where spans of another tracer belong; present once it was joined. */
  foreignTree?: ForeignTree;
  /** Hosts that are told which trace a request belongs to. */
  propagation?: Propagation | undefined;
  /** What is kept inline although it is large; nothing, unless it was asked for. */
  inline?: { readonly media: boolean; readonly vectors: boolean };
}

// A bundle may hold one copy of this package and node_modules another. They share one state, or
// each call would be told twice and context would end at the seam between them.
const KEY = Symbol.for("@telltale/sdk/1");

function makeRuntime(): Runtime {
  const storage = new AsyncLocalStorage<Scope>();
  return { pipeline: undefined, storage, open: new Set(), taps: [], contexts: new Set() };
}

const existing = Reflect.get(globalThis, KEY) as Runtime | undefined;

/** The one runtime of this process, whichever copy of the package asks. */
export const runtime: Runtime = existing ?? makeRuntime();
if (existing === undefined) Object.defineProperty(globalThis, KEY, { value: runtime });

/**
 * What is active where this is called. Where a framework has a context of its own, both enclose
 * this place: the inner one is the one that began later.
 */
export function currentScope(): Scope | undefined {
  let scope = runtime.storage.getStore();
  for (const look of runtime.contexts) scope = innerScope(scope, look());
  return scope;
}

/** The inner one of two that both enclose the same piece of program; the first when they are one. */
export function innerScope(first: Scope | undefined, second: Scope | undefined): Scope | undefined {
  return beginOf(second) > beginOf(first) ? second : first;
}

function beginOf(scope: Scope | undefined): number {
  return scope?.span?.startTime ?? 0;
}
