import type { IncomingMessage, ServerResponse } from "node:http";

/** What a sender of telemetry may say beside the body. */
const HEADERS = "authorization, baggage, content-encoding, content-type, traceparent, tracestate, x-telltale-project";
/** A browser asks again after so long. */
const REMEMBERED_SECONDS = "600";

/**
 * Whether pages of other sites may send telemetry (https://fetch.spec.whatwg.org/#http-cors-protocol). Answers the question
 * that a browser asks beforehand, and then with true; else puts the permission on the answer that is to come. Only for
 * ways in: what was received, nobody else's page ever reads.
 */
export function answerOrigin(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  const isAllowed = origins.includes("*") || origins.includes(origin);
  response.setHeader("vary", "Origin");
  if (isAllowed) {
    response.setHeader("access-control-allow-origin", origins.includes("*") ? "*" : origin);
    response.setHeader("access-control-expose-headers", "retry-after");
  }
  if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined) return false;
  request.resume();
  if (!isAllowed) refuse(response);
  else {
    // Asked for by a page of the internet that wants to reach a private address.
    if (request.headers["access-control-request-private-network"] === "true")
      response.setHeader("access-control-allow-private-network", "true");
    response.writeHead(204, {
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": HEADERS,
      "access-control-max-age": REMEMBERED_SECONDS,
    });
    response.end();
  }
  return true;
}

function refuse(response: ServerResponse): void {
  response.writeHead(403, { "content-type": "text/plain; charset=utf-8" });
  response.end("Pages of this origin may not send telemetry here. telltale serve --allow-origin ORIGIN allows it.\n");
}
