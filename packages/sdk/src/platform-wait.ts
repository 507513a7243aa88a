import { debug, messageOf } from "./diagnostics.ts";
import { runtime } from "./runtime.ts";

/** Asks a platform that freezes or ends a program after an answer to wait for some work first. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** What ends together is sent together: a request's last span soon after the first. */
const TOGETHER_MS = 100;
/** Platforms wait for 30 seconds; a server that is there takes milliseconds. */
const LONGEST_MS = 5000;

/** Where a platform keeps what belongs to the request that is being answered. */
const CONTEXTS: readonly (readonly [place: symbol, read: (kept: object) => unknown])[] = [
  // @vercel/functions and Next.js: an object with `get`.
  [Symbol.for("@vercel/request-context"), got],
  [Symbol.for("@next/request-context"), got],
  // OpenNext on Cloudflare: the worker's context is a member.
  [Symbol.for("__cloudflare-context__"), (kept) => Reflect.get(kept, "ctx")],
];

function got(kept: object): unknown {
  const get: unknown = Reflect.get(kept, "get");
  return typeof get === "function" ? Reflect.apply(get, kept, []) : undefined;
}

function ofPlatform(): WaitUntil | undefined {
  for (const [place, read] of CONTEXTS) {
    const kept: unknown = Reflect.get(globalThis, place);
    if (typeof kept !== "object" || kept === null) continue;
    const context = read(kept);
    if (typeof context !== "object" || context === null) continue;
    const waitUntil: unknown = Reflect.get(context, "waitUntil");
    if (typeof waitUntil === "function") return (work) => void Reflect.apply(waitUntil, context, [work]);
  }
  return undefined;
}

/** Has the platform wait until the spans of a request are sent: once for each trace that is not sent yet. */
export class PlatformWait {
  readonly #given: WaitUntil | undefined;
  readonly #traces = new Set<string>();

  constructor(given: WaitUntil | undefined) {
    this.#given = given;
  }

  /** A span is over; still in the request that it belongs to. Never throws. */
  ended(traceId: string): void {
    try {
      const waitUntil = this.#given ?? ofPlatform();
      if (waitUntil === undefined || this.#traces.has(traceId)) return;
      this.#traces.add(traceId);
      waitUntil(this.#send(traceId));
    } catch (error) {
      debug(`The platform does not wait for spans: ${messageOf(error)}`, { once: true });
    }
  }

  async #send(traceId: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, TOGETHER_MS));
    // From here on what ends is waited for anew.
    this.#traces.delete(traceId);
    await runtime.pipeline?.flush(LONGEST_MS);
  }
}
