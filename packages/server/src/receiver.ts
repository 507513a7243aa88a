import type { IncomingMessage, ServerResponse } from "node:http";
import type { Journal } from "./journal/journal.ts";

/** A way in over HTTP: claims paths, checks cheaply, appends to the journal, answers after the sync. */
export interface Receiver {
  readonly name: string;
  /** Whether a request with this path is its own. */
  owns(path: string): boolean;
  /** Answers the request; never throws. 200 only after `journal.append` has resolved. */
  handle(request: IncomingMessage, response: ServerResponse, journal: Journal): Promise<void>;
}
