import type { ExportCounts } from "./export-counts.ts";
import { type ContextStorage, makeContextStorage } from "./platform/context-storage.ts";
import { openScope } from "./platform/open-scope.ts";
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
  /** True where a function of the program runs for us: what it does is told to nobody, or telling would not end. */
  readonly silent?: boolean | undefined;
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
  /** Hands over in this very turn what is finished, where the place can do that: a page may be gone after it. */
  sendNow?(): void;
  /** `leave`, `flush`, and no more spans are taken. */
  shutdown(timeoutMs?: number): Promise<void>;
  counts(): ExportCounts;
}

/** Something that would end by itself but may be left lying: ended by `shutdown` and at exit. */
export interface Open {
  /** What runs inside of it belongs to, where it is a piece of the program. */
  readonly scope?: Scope;
  abandon(): void;
}

/** The state of the SDK in this process. */
export interface Runtime {
  pipeline: Pipeline | undefined;
  readonly storage: ContextStorage<Scope>;
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
  const open = new Set<Open>();
  const storage = makeContextStorage<Scope>((but) => openScope(open, but));
  return { pipeline: undefined, storage, open, taps: [], contexts: new Set() };
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
