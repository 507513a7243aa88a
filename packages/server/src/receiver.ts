import type { IncomingMessage, ServerResponse } from "node:http";
import type { Journal } from "./journal/journal.ts";
import type { Reader } from "./query.ts";

/** A way in: checks cheaply, appends to the journal, answers after the sync. */
export type Receiver = HttpReceiver | PortReceiver;

/** A way in over HTTP, on the port of the server: claims paths. */
export interface HttpReceiver {
  /** Of the protocol: `otlp-http`. */
  readonly name: string;
  /** Whether a request with this path is its own. */
  owns(path: string): boolean;
  /**
   * Answers the request; never throws. 200 only after `journal.append` has resolved. `directory` is the server's data
   * directory: what a protocol must remember and is no telemetry has a file or folder of its own there. `reader` answers
   * where a protocol lets its senders read back; it rejects with `StoreError`.
   */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    journal: Journal,
    directory: string,
    reader: Reader,
  ): Promise<void>;
}

/** A way in by a protocol that needs a port of its own. */
export interface PortReceiver {
  /** Of the protocol: `otlp-grpc`. The server's option `ports` goes by it. */
  readonly name: string;
  /** Rejects with the system's error when the port cannot be had. */
  listen(place: ListeningPlace, journal: Journal): Promise<ReceiverPort>;
}

/** Where a receiver listens, and whom it tells. */
export interface ListeningPlace {
  /** The address to listen on, as the server's own. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Told what an operator should know, a line at a time. */
  readonly log: (line: string) => void;
}

/** A port on which a receiver listens. */
export interface ReceiverPort {
  /** The one that was asked for, or the free one that was found. */
  readonly port: number;
  /** Takes nothing new, answers what has come, and ends. Requests still open after `patienceMs` are cut. */
  close(patienceMs: number): Promise<void>;
}
