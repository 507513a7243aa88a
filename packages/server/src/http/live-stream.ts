import type { IncomingMessage, ServerResponse } from "node:http";
import type { LiveEvent, LiveSource } from "./live-feed.ts";

/** A comment this often keeps proxies from closing a quiet stream and shows that the server lives. */
const HEARTBEAT_MS = 15_000;
/** The browser waits this long before it comes back. */
const RETRY_MS = 2_000;
/** Readers at once; each holds a socket for as long as a page is open. */
const MAX_READERS = 200;

/** Serves a live source as server-sent events (WHATWG HTML §9.2). */
export class LiveStream {
  readonly #source: LiveSource;
  readonly #heartbeatMs: number;
  #readers = 0;

  constructor(source: LiveSource, heartbeatMs: number = HEARTBEAT_MS) {
    this.#source = source;
    this.#heartbeatMs = heartbeatMs;
  }

  /** Whether one reader more would be too many. */
  get full(): boolean {
    return this.#readers >= MAX_READERS;
  }

  /** Answers with events until the reader leaves. `after` is the last id it has seen. */
  serve(request: IncomingMessage, response: ServerResponse, after: number | undefined): void {
    this.#readers++;
    response.writeHead(200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
    const stop = follow(this.#source, response, after);
    const heartbeat = setInterval(() => {
      if (!response.writableNeedDrain) response.write(": still here\n\n");
    }, this.#heartbeatMs);
    request.socket.setKeepAlive(true);
    response.once("close", () => {
      this.#readers--;
      clearInterval(heartbeat);
      stop();
    });
  }
}

/**
 * Writes events as long as the socket takes them. A reader that is too slow gets nothing until it
 * has caught up; it then goes on after the last event it got, or is told to start anew when that
 * is gone. So no reader ever has a queue of its own.
 */
function follow(source: LiveSource, response: ServerResponse, after: number | undefined): () => void {
  let stop = (): void => undefined;
  let ended = false;
  const subscribe = (from: number | undefined): void => {
    let paused = false;
    let unsubscribe = (): void => undefined;
    const listener = (event: LiveEvent): void => {
      if (paused || response.write(eventText(event))) return;
      paused = true;
      unsubscribe();
      response.once("drain", () => {
        if (!ended) subscribe(event.id);
      });
    };
    unsubscribe = source.subscribe(from, listener);
    if (paused) unsubscribe();
    stop = unsubscribe;
  };
  subscribe(after);
  return () => {
    ended = true;
    stop();
  };
}

function eventText({ id, event, data }: LiveEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;
}
