import { debug, messageOf } from "../diagnostics.ts";
import type { Outcome, Reading } from "../wire.ts";
import type { Exchange } from "./exchange.ts";
import { settleBackground } from "./background-calls.ts";
import { providerOf } from "./provider-of.ts";
import { SeenCall } from "./seen-call.ts";

/**
 * Reads a finished call and fills its span; runs when the span is about to be sent. Never
 * throws: a call that cannot be read is still a span with its times and its outcome.
 */
export function completeSpan(exchange: Exchange, captureContent: boolean): boolean {
  const { span } = exchange;
  let reading: Reading | undefined;
  try {
    const call = new SeenCall(exchange);
    reading = exchange.wire.read(call, { captureContent });
    if (reading === undefined) return false;
    call.restore(reading.attributes);
  } catch (error) {
    debug(`A call could not be read by ${exchange.wire.name}: ${messageOf(error)}`);
    span.attributes.set("telltale.unread", messageOf(error));
  }
  if (reading !== undefined) {
    span.name = reading.name;
    span.attributes.set("telltale.span.kind", reading.kind);
    for (const [name, value] of span.attributes) reading.attributes.set(name, value);
    span.attributes = reading.attributes;
  }
  describeRequest(exchange);
  describeOutcome(exchange, reading);
  exchange.requestBody = undefined;
  return reading?.background === undefined || settleBackground(span, reading.background);
}

function describeRequest({ span, request, wire, resendCount }: Exchange): void {
  const { attributes } = span;
  const owner = attributes.get("gen_ai.provider.name");
  attributes.set("gen_ai.provider.name", providerOf(request, typeof owner === "string" ? owner : wire.provider));
  attributes.set("server.address", request.host);
  if (request.port !== undefined) attributes.set("server.port", request.port);
  attributes.set("telltale.wire", wire.name);
  if (resendCount > 0) attributes.set("http.request.resend_count", resendCount);
}

function describeOutcome(exchange: Exchange, reading: Reading | undefined): void {
  const { span, status } = exchange;
  const outcome = reading?.outcome ?? exchange.outcome;
  span.attributes.set("telltale.outcome", outcome);
  if (status !== undefined) span.attributes.set("http.response.status_code", status);
  const failure = reading?.failure;
  if (failure !== undefined) {
    span.failed = true;
    span.statusMessage = failure.message;
    span.attributes.set("error.type", failure.type);
  } else if (status !== undefined && status >= 400) {
    span.failed = true;
    span.attributes.set("error.type", String(status));
    if (span.statusMessage === "") span.statusMessage = `HTTP status ${status}`;
  } else if (!span.failed) {
    const ending = FAILED_ENDINGS.get(outcome);
    if (ending === undefined) return;
    span.failed = true;
    span.attributes.set("error.type", ending.type);
    span.statusMessage = ending.message;
  }
}

/** Ends that are failures also where no error was seen. */
const FAILED_ENDINGS: ReadonlyMap<Outcome, { readonly type: string; readonly message: string }> = new Map([
  ["cut", { type: "stream_cut", message: "The server ended its answer before it was complete." }],
  ["timeout", { type: "timeout", message: "The client waited no longer for an answer." }],
  ["aborted", { type: "aborted", message: "The program cancelled the request." }],
  ["failed", { type: "no_answer", message: "The connection ended without an answer." }],
]);
