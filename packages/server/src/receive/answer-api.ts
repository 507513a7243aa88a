import type { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BodyLease } from "./body-budget.ts";
import { decompress } from "./decompress.ts";
import { type Intake, refusalFor } from "./intake.ts";
import { readBody } from "./read-body.ts";
import { Refusal, SenderGone } from "./refusal.ts";
import { sentKey } from "./sent-key.ts";

/** A refused body that still comes in is read and forgotten this long, then the connection is cut. */
const DRAIN_MS = 2_000;

/** A request to a vendor's API. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** Reads and decompresses the body; may be called once. Rejects as {@link refusalFor} understands. */
  body(): Promise<Buffer>;
}

/** What a vendor's API answers: JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

/** How one vendor's API works and how it says that something is wrong. */
export interface VendorApi {
  /** Rejects with `Refusal` for what is wrong with the request. */
  answer(request: ApiRequest): Promise<ApiAnswer>;
  /** The body of a refusal, as the vendor's SDK reads it. */
  refusal(refusal: Refusal): object;
}

/** Answers one request to a vendor's API: key, limits, refusals and counts are the same for all. Never rejects. */
export async function answerApi(
  intake: Intake,
  request: IncomingMessage,
  response: ServerResponse,
  api: VendorApi,
): Promise<void> {
  const lease = intake.lease();
  try {
    if (!intake.admits(sentKey(request.headers))) throw new Refusal(401, "this key is not known here");
    const { status, body } = await api.answer(apiRequest(intake, request, lease));
    send(response, status, body);
    intake.answered("traces", status);
  } catch (error) {
    if (error instanceof SenderGone) return intake.answered("traces", 499);
    const refusal = refusalFor(error);
    if (refusal.retryAfter !== undefined) response.setHeader("retry-after", String(refusal.retryAfter));
    send(response, refusal.status, api.refusal(refusal));
    drain(request);
    intake.answered("traces", refusal.status);
  } finally {
    lease.release();
  }
}

function apiRequest(intake: Intake, request: IncomingMessage, lease: BodyLease): ApiRequest {
  return {
    method: request.method ?? "GET",
    path: pathOf(request.url ?? "/"),
    query: new URLSearchParams((request.url ?? "").split("?")[1] ?? ""),
    headers: request.headers,
    body: async () => {
      const sent = await readBody(request, intake.maxBodyBytes, lease);
      const encoding = (request.headers["content-encoding"] ?? "").trim().toLowerCase();
      return decompress(sent, encoding, intake.maxBodyBytes, lease);
    },
  };
}

/** The path of a URL, without its query and a slash at its end. */
export function pathOf(url: string): string {
  const path = url.split("?", 1)[0] ?? "";
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json" });
  response.end(text);
}

function drain(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => request.destroy(), DRAIN_MS).unref();
  request.on("error", () => undefined).once("close", () => clearTimeout(timer));
  request.resume();
}
