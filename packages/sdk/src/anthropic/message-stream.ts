import { AlikeJson } from "../json/alike-json.ts";
import { field, jsonOrText, type JsonRecord, numberField, parseJson, recordOf, textField } from "../json/read-json.ts";
import type { JsonPiece, TextPiece } from "../json/stream-piece.ts";
import { type Failure, failureIn } from "../reading/failure.ts";

/** One event of a stream: what it says and where in the answer it ends. */
export interface StreamEvent extends JsonPiece {
  /** For an event that says what the one before it said, but with this text. */
  readonly text?: string;
}

/** The events of a stream, each with what it says as JSON. */
export function* messageEvents(events: Iterable<TextPiece>): Generator<StreamEvent> {
  const alike = new AlikeJson(["text", "thinking"]);
  let value: unknown;
  for (const { data, end } of events) {
    const text = alike.textIn(data);
    if (text === undefined) {
      value = parseJson(data);
      alike.learn(data, addedText(value));
    }
    yield { value, end, ...(text === undefined ? {} : { text }) };
  }
}

/** The text that an event adds, if it does. */
function addedText(event: unknown): string | undefined {
  return textField(event, "type") === "content_block_delta" ? textOf(field(event, "delta")) : undefined;
}

function textOf(delta: unknown): string | undefined {
  return textField(delta, "text") ?? textField(delta, "thinking") ?? textField(delta, "content");
}

/** A message, as it came or put together from its events. */
export interface AnthropicAnswer {
  /** In the API's own shape; a part of it where the stream was cut. */
  readonly message: unknown;
  readonly failure?: Failure | undefined;
  /** For streams: where the first piece of content ended. */
  readonly firstContentAt?: number | undefined;
  /** Whether the provider said that this is the end. */
  readonly finished: boolean;
}

interface PartialBlock {
  readonly block: JsonRecord;
  text: string;
  /** Arguments of a tool come as pieces of JSON. */
  json: string;
}

/** Puts a streamed message together, as far as it came. */
export function messageOfEvents(events: Iterable<StreamEvent>): AnthropicAnswer {
  const blocks = new Map<number, PartialBlock>();
  let message: JsonRecord = {};
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  let finished = false;
  for (const { value, end, text } of events) {
    const type = textField(value, "type");
    if (type === "message_start") message = recordOf(field(value, "message")) ?? message;
    else if (type === "content_block_start") startBlock(blocks, value);
    else if (type === "content_block_delta") {
      addDelta(blocks, value, text);
      firstContentAt ??= end;
    } else if (type === "message_delta") {
      message = withDelta(message, value);
      finished ||= textField(field(value, "delta"), "stop_reason") !== undefined;
    } else if (type === "message_stop") finished = true;
    else if (type === "error") failure ??= failureIn(value) ?? { type: "error", message: "" };
  }
  const content = [...blocks].toSorted(([first], [second]) => first - second).map(([, block]) => wholeBlock(block));
  return { message: { ...message, content }, failure, firstContentAt, finished };
}

function startBlock(blocks: Map<number, PartialBlock>, event: unknown): void {
  const block = recordOf(field(event, "content_block")) ?? {};
  blocks.set(numberField(event, "index") ?? blocks.size, { block, text: "", json: "" });
}

function addDelta(blocks: Map<number, PartialBlock>, event: unknown, text: string | undefined): void {
  const index = numberField(event, "index") ?? Math.max(0, blocks.size - 1);
  const delta = field(event, "delta");
  let partial = blocks.get(index);
  if (partial === undefined) blocks.set(index, (partial = { block: { type: "text" }, text: "", json: "" }));
  partial.json += textField(delta, "partial_json") ?? "";
  partial.text += text ?? textOf(delta) ?? "";
}

/** The last event but one has the reason of the stop and the usage up to there. */
function withDelta(message: JsonRecord, event: unknown): JsonRecord {
  return {
    ...message,
    ...told(field(event, "delta")),
    usage: { ...recordOf(field(message, "usage")), ...told(field(event, "usage")) },
  };
}

function told(value: unknown): JsonRecord {
  return Object.fromEntries(Object.entries(recordOf(value) ?? {}).filter(([, each]) => each !== null));
}

function wholeBlock({ block, text, json }: PartialBlock): unknown {
  const whole = json === "" ? block : { ...block, input: jsonOrText(json) };
  if (text === "") return whole;
  const name = TEXT_FIELDS.get(textField(block, "type") ?? "") ?? "text";
  return { ...whole, [name]: (textField(block, name) ?? "") + text };
}

const TEXT_FIELDS: ReadonlyMap<string, string> = new Map([
  ["thinking", "thinking"],
  ["compaction", "content"],
]);
