import type { ServerResponse } from "node:http";
import { UsageCounter } from "./count-usage.ts";
import { Hiccups } from "./hiccups.ts";
import { Pace } from "./pace.ts";

/** What the answers of one scripted model server have in common. */
export class ModelContext {
  readonly usage: UsageCounter = new UsageCounter();
  readonly hiccups: Hiccups = new Hiccups();
  readonly pace: Pace;
  #answers = 0;

  constructor(speed: number) {
    this.pace = new Pace(speed);
  }

  /** A new id, as providers make them. */
  nextId(prefix: string): string {
    this.#answers++;
    return `${prefix}${this.#answers.toString().padStart(8, "0")}`;
  }
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** Answers with an error in OpenAI's form. */
export function sendError(response: ServerResponse, status: number, message: string, code: string): void {
  if (status === 429) response.setHeader("retry-after-ms", "120");
  sendJson(response, status, { error: { message, type: code, param: null, code } });
}
