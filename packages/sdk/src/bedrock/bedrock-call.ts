import type { AttributeMap } from "../attribute-value.ts";
import { field, parseJson, textField } from "../json/read-json.ts";
import { type Failure, failureOf } from "../reading/failure.ts";
import type { Call } from "../wire.ts";
import { type EventMessage, eventMessages } from "./event-stream.ts";

/**
 * The model in `/model/<id>/<operation>`, which is URL-encoded: an id (`anthropic.claude-…-v1:0`), an
 * inference profile (`us.anthropic.claude-…`), or the ARN of either.
 */
export function modelInPath(path: string): string | undefined {
  // An ARN may come with its slash as it is.
  const encoded = /\/model\/(.+)\/[^/]+$/.exec(path)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** Headers that every answer of Bedrock may have. */
export const BEDROCK_HEADERS: readonly string[] = ["x-amzn-requestid", "x-amzn-errortype"];

/** Writes what every answer of Bedrock has. */
export function setBedrockAnswer(attributes: AttributeMap, call: Call): void {
  const id = call.header("x-amzn-requestid");
  if (id !== "") attributes.set("aws.request_id", id);
}

/** `{ message }` beside a header or a `__type` with the name of the exception. */
export function bedrockFailure(call: Call): Failure | undefined {
  const named = call.header("x-amzn-errortype");
  return failureOf(call, (body) => {
    const type = nameOf(named === "" ? (textField(body, "__type") ?? "") : named);
    const message = textField(body, "message") ?? textField(body, "Message");
    if (type === "" && message === undefined) return undefined;
    return { type: type === "" ? "error" : type, message: message ?? type };
  });
}

/** `com.amazon.coral.service#ThrottlingException:http://…` */
function nameOf(type: string): string {
  const [name = ""] = type.slice(type.indexOf("#") + 1).split(":");
  return name;
}

/** The failure that a stream told after it had begun. */
export function failureInStream({ headers, payload }: EventMessage): Failure | undefined {
  const kind = headers.get(":message-type");
  if (kind === "error") {
    const type = headers.get(":error-code") ?? "error";
    return { type, message: headers.get(":error-message") ?? type };
  }
  if (kind !== "exception") return undefined;
  const name = headers.get(":exception-type") ?? "error";
  const body = jsonOf(payload);
  // As the client names its class: ThrottlingException.
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  return { type, message: textField(body, "message") ?? textField(body, "originalMessage") ?? type };
}

const decoder = new TextDecoder();

function jsonOf(payload: Uint8Array): unknown {
  return parseJson(decoder.decode(payload));
}

/** One event of an answer, or its failure; `end` is a byte of the answer. */
export interface BedrockEvent {
  readonly name: string;
  readonly value: unknown;
  readonly end: number;
  readonly failure?: Failure | undefined;
}

/** The events of a streamed answer. */
export function* bedrockEvents(call: Call): Generator<BedrockEvent> {
  for (const message of eventMessages(call.responseBytes)) {
    const name = message.headers.get(":event-type") ?? "";
    yield { name, value: jsonOf(message.payload), end: message.end, failure: failureInStream(message) };
  }
}

/** The model's own events, which InvokeModelWithResponseStream wraps in base64. */
export function* unwrappedEvents(events: Iterable<BedrockEvent>): Generator<BedrockEvent> {
  for (const event of events) {
    const wrapped = textField(event.value, "bytes");
    if (event.name !== "chunk" || wrapped === undefined) yield event;
    else yield { ...event, value: parseJson(Buffer.from(wrapped, "base64").toString("utf8")) };
  }
}

/** Tokens that Bedrock counts by itself, at the end of a stream of any model. */
export function invocationMetrics(value: unknown): unknown {
  return field(value, "amazon-bedrock-invocationMetrics");
}

/** Writes the time at which the piece that ends at this byte had come. */
export function setFirstChunk(attributes: AttributeMap, call: Call, end: number | undefined): void {
  const milliseconds = end === undefined ? undefined : call.millisecondsAtByte(end - 1);
  if (milliseconds !== undefined)
    attributes.set("gen_ai.response.time_to_first_chunk", { double: milliseconds / 1000 });
}
