import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { loadWatching } from "#watching";
import { debug, messageOf } from "../diagnostics.ts";
import { runtime } from "../runtime.ts";

/** Channels that tell of a request before anything of it is sent. */
const CHANNELS = ["undici:request:create", "http.client.request.created", "http2.client.stream.created"];
/** Where frameworks look for those who want to know: LangChain, the AI SDK, OpenAI's Agents SDK. */
const GLOBALS = [
  Symbol.for("ls:tracing_async_local_storage"),
  "AI_SDK_TELEMETRY_INTEGRATIONS",
  Symbol.for("openai.agents.core.traceProvider"),
];

/**
 * Waits at each door that a call can come through, with next to no code, and has `open` put in place what sees calls
 * when the first one comes. That one is seen too. Answers with the undo function.
 */
export function watchDoors(open: () => void): () => void {
  // Whoever is there already does not come through a door any more.
  if (GLOBALS.some((key) => Reflect.get(globalThis, key) !== undefined)) {
    open();
    return () => {};
  }
  const closing: (() => void)[] = [];
  const close = (): void => {
    for (const undo of closing.splice(0)) undo();
  };
  const opened = (): void => {
    if (closing.length === 0) return;
    const lead = fetchDoor.lead();
    close();
    try {
      open();
    } catch (error) {
      debug(`Nothing is watched: ${messageOf(error)}`);
    }
    lead();
  };
  const fetchDoor = doorOfFetch(opened);
  closing.push(fetchDoor.close);
  for (const name of CHANNELS) closing.push(doorOfChannel(name, opened));
  for (const key of GLOBALS) closing.push(doorOfGlobal(key, opened));
  return close;
}

interface FetchDoor {
  close(): void;
  /** To be called before opening; what it answers with, after it. */
  lead(): () => void;
}

function doorOfFetch(opened: () => void): FetchDoor {
  const original: unknown = globalThis.fetch;
  if (typeof original !== "function") return { close: () => {}, lead: () => () => {} };
  const send = original as typeof globalThis.fetch;
  // Clients keep the function that they found: this one goes on to what stands in its place.
  let onward = send;
  const door = {
    fetch: (...values: Parameters<typeof fetch>): Promise<Response> => {
      opened();
      return onward(...values);
    },
  }.fetch;
  Object.defineProperty(door, "length", { value: original.length, configurable: true });
  globalThis.fetch = door;
  return {
    close: () => {
      if (globalThis.fetch === door) globalThis.fetch = send;
    },
    lead: () => {
      // Where somebody wraps ours, what sees calls stands around both, and to go there again would never end.
      const isOutermost = globalThis.fetch === door;
      return () => {
        if (isOutermost) onward = globalThis.fetch;
      };
    },
  };
}

function doorOfChannel(name: string, opened: () => void): () => void {
  const listener = (message: unknown): void => {
    if (runtime.pipeline === undefined) return;
    opened();
    loadWatching().tellAgain(name, message);
  };
  subscribe(name, listener);
  return () => void unsubscribe(name, listener);
}

/** A place that is empty still: the first who looks or puts something there opens. */
function doorOfGlobal(key: string | symbol, opened: () => void): () => void {
  if (Reflect.get(globalThis, key) !== undefined) return () => {};
  const get = (): unknown => {
    opened();
    return Reflect.get(globalThis, key);
  };
  const set = (value: unknown): void => {
    opened();
    Reflect.set(globalThis, key, value);
  };
  Reflect.defineProperty(globalThis, key, { get, set, configurable: true, enumerable: false });
  return () => {
    if (Object.getOwnPropertyDescriptor(globalThis, key)?.get === get) Reflect.deleteProperty(globalThis, key);
  };
}
