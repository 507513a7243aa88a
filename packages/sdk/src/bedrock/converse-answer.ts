import { field, jsonOrText, numberField, recordOf, textField } from "../json/read-json.ts";
import type { Failure } from "../reading/failure.ts";
import type { BedrockEvent } from "./bedrock-call.ts";

/** An answer of Converse, in one piece or put together from its events. */
export interface ConverseAnswer {
  /** Role and content blocks in the API's own shape. */
  readonly message: unknown;
  readonly stopReason: string | undefined;
  readonly usage: unknown;
  readonly serviceTier: string | undefined;
  readonly failure?: Failure | undefined;
  /** For streams: the byte at which the first content ended. */
  readonly firstContentAt?: number | undefined;
  readonly finished: boolean;
}

/** An answer that came in one piece; undefined when it is none. */
export function converseAnswer(value: unknown): ConverseAnswer | undefined {
  const message = field(field(value, "output"), "message");
  const stopReason = textField(value, "stopReason");
  const usage = field(value, "usage");
  if (message === undefined && stopReason === undefined && usage === undefined) return undefined;
  return { message, stopReason, usage, serviceTier: textField(field(value, "serviceTier"), "type"), finished: true };
}

interface PartialBlock {
  readonly start: unknown;
  text: string;
  thoughts: string;
  redacted: boolean;
  json: string;
}

/** Puts a streamed answer together, as far as it came. */
export function converseOfEvents(events: Iterable<BedrockEvent>): ConverseAnswer {
  const blocks = new Map<number, PartialBlock>();
  let role = "assistant";
  let stopReason: string | undefined;
  let metadata: unknown;
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  for (const { name, value, end, failure: told } of events) {
    failure ??= told;
    if (name === "messageStart") role = textField(value, "role") ?? role;
    else if (name === "contentBlockStart") blockAt(blocks, value, field(value, "start"));
    else if (name === "contentBlockDelta") {
      addDelta(blockAt(blocks, value), field(value, "delta"));
      firstContentAt ??= end;
    } else if (name === "messageStop") stopReason = textField(value, "stopReason") ?? "unknown";
    else if (name === "metadata") metadata = value;
  }
  const content = [...blocks].toSorted(([first], [second]) => first - second).map(([, block]) => wholeBlock(block));
  return {
    message: { role, content },
    stopReason,
    usage: field(metadata, "usage"),
    serviceTier: textField(field(metadata, "serviceTier"), "type"),
    failure,
    firstContentAt,
    finished: stopReason !== undefined,
  };
}

function blockAt(blocks: Map<number, PartialBlock>, event: unknown, start?: unknown): PartialBlock {
  const index = numberField(event, "contentBlockIndex") ?? 0;
  const found = blocks.get(index);
  if (found !== undefined) return found;
  const block = { start, text: "", thoughts: "", redacted: false, json: "" };
  blocks.set(index, block);
  return block;
}

function addDelta(block: PartialBlock, delta: unknown): void {
  block.text += textField(delta, "text") ?? "";
  const reasoning = field(delta, "reasoningContent");
  block.thoughts += textField(reasoning, "text") ?? "";
  block.redacted ||= field(reasoning, "redactedContent") !== undefined;
  const input = field(field(delta, "toolUse"), "input");
  // Arguments come as pieces of JSON; Amazon's models send them as one.
  if (typeof input === "string") block.json += input;
  else if (recordOf(input) !== undefined) block.json = JSON.stringify(input);
}

function wholeBlock({ start, text, thoughts, redacted, json }: PartialBlock): unknown {
  const use = recordOf(field(start, "toolUse"));
  if (use !== undefined) return { toolUse: { ...use, input: json === "" ? {} : jsonOrText(json) } };
  if (thoughts !== "") return { reasoningContent: { reasoningText: { text: thoughts } } };
  return redacted ? { reasoningContent: { redactedContent: "" } } : { text };
}
