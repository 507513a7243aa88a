import { debug, messageOf } from "./diagnostics.ts";
import { property } from "./hook/read-object.ts";
import { runtime } from "./runtime.ts";

/** Asks a platform that freezes or ends a program after an answer to wait for some work first. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** What ends together is sent together: a request's last span soon after the first. */
const TOGETHER_MS = 100;
/** Platforms wait for 30 seconds; a server that is there takes milliseconds. */
const LONGEST_MS = 5000;

// Where a platform keeps what belongs to the request that is being answered.
const VERCEL = Symbol.for("@vercel/request-context");
const NEXT = Symbol.for("@next/request-context");
const OPEN_NEXT = Symbol.for("__cloudflare-context__");

/** `@vercel/functions` and Next.js keep an object with `get`; OpenNext on Cloudflare has the worker's context as a member. */
function ofPlatform(): WaitUntil | undefined {
  // As properties and not by Reflect, which looks through all of globalThis each time: this is asked for each span.
  const kept = globalThis as Record<symbol, unknown>;
  return (
    waitUntilOf(got(kept[VERCEL])) ?? waitUntilOf(got(kept[NEXT])) ?? waitUntilOf(property(kept[OPEN_NEXT], "ctx"))
  );
}

function got(kept: unknown): unknown {
  const get = property(kept, "get");
  return typeof get === "function" ? Reflect.apply(get, kept, []) : undefined;
}

function waitUntilOf(context: unknown): WaitUntil | undefined {
  const waitUntil = property(context, "waitUntil");
  return typeof waitUntil === "function" ? (work) => void Reflect.apply(waitUntil, context, [work]) : undefined;
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
