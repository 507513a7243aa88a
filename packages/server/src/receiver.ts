import type { IncomingMessage, ServerResponse } from "node:http";
import type { Journal } from "./journal/journal.ts";

/** A way in: checks cheaply, appends to the journal, answers after the sync. */
export type Receiver = HttpReceiver | PortReceiver;

/** A way in over HTTP, on the port of the server: claims paths. */
export interface HttpReceiver {
  readonly name: string;
  /** Whether a request with this path is its own. */
  owns(path: string): boolean;
  /** Answers the request; never throws. 200 only after `journal.append` has resolved. */
  handle(request: IncomingMessage, response: ServerResponse, journal: Journal): Promise<void>;
}

/** A way in by a protocol that needs a port of its own. */
export interface PortReceiver {
  readonly name: string;
  /** Rejects with the system's error when the port cannot be had. */
  listen(place: ListeningPlace, journal: Journal): Promise<ReceiverPort>;
}

/** Where a receiver listens, and whom it tells. */
export interface ListeningPlace {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Told what an operator should know, a line at a time. */
  readonly log: (line: string) => void;
}

/** A port on which a receiver listens. */
export interface ReceiverPort {
  readonly port: number;
  /** Takes nothing new, answers what has come, and ends. Requests still open after `patienceMs` are cut. */
  close(patienceMs: number): Promise<void>;
}
