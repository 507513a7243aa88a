import { jsonLines } from "../json/json-lines.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { serverSentEvents } from "../json/server-sent-events.ts";
import { jsonPieces } from "../json/stream-piece.ts";
import type { Failure } from "../reading/failure.ts";

/** A call of a tool, as Cohere's second version writes it. */
interface ToolCall {
  readonly id: string | undefined;
  readonly name: string;
  arguments: string;
}

/** The answer to a chat of either version, streamed or not. */
export interface CohereAnswer {
  readonly id: string | undefined;
  readonly text: string;
  readonly thinking: string;
  /** What the model means to do with its tools. */
  readonly plan: string;
  readonly calls: readonly ToolCall[];
  readonly finishReason: string | undefined;
  /** Of `usage` (v2) or `meta` (v1). */
  readonly usage: unknown;
  readonly failure: Failure | undefined;
  readonly firstContentAt: number | undefined;
  readonly finished: boolean;
}

type Building = { -readonly [name in keyof CohereAnswer]: CohereAnswer[name] } & { calls: ToolCall[] };

function begin(): Building {
  return {
    id: undefined,
    text: "",
    thinking: "",
    plan: "",
    calls: [],
    finishReason: undefined,
    usage: undefined,
    failure: undefined,
    firstContentAt: undefined,
    finished: false,
  };
}

/** An answer that came in one piece; undefined when it is none. */
export function cohereAnswerOf(body: string): CohereAnswer | undefined {
  const answer = recordOf(parseJson(body));
  if (answer === undefined) return undefined;
  const built = { ...begin(), finished: true };
  if (recordOf(answer["message"]) === undefined) readFirstVersion(built, answer);
  else {
    built.id = textField(answer, "id");
    readMessage(built, answer["message"]);
    readEnd(built, answer);
  }
  return built;
}

/** A streamed answer, as far as it came: events of version 2, or lines of version 1. */
export function cohereAnswerOfStream(body: string): CohereAnswer {
  const built = begin();
  const isEvents = /^(?:event|data|id|:)/.test(body);
  const pieces = isEvents ? jsonPieces(serverSentEvents(body)) : jsonLines(body);
  for (const { value, end } of pieces) {
    const before = built.text.length + built.thinking.length + built.plan.length + built.calls.length;
    addPiece(built, value);
    const after = built.text.length + built.thinking.length + built.plan.length + built.calls.length;
    if (after > before) built.firstContentAt ??= end;
  }
  return built;
}

function addPiece(built: Building, piece: unknown): void {
  const delta = field(piece, "delta");
  const message = field(delta, "message");
  switch (textField(piece, "type") ?? textField(piece, "event_type")) {
    case "message-start":
      built.id = textField(piece, "id");
      return;
    case "content-start":
    case "content-delta":
      built.text += textField(field(message, "content"), "text") ?? "";
      built.thinking += textField(field(message, "content"), "thinking") ?? "";
      return;
    case "tool-plan-delta":
      built.plan += textField(message, "tool_plan") ?? "";
      return;
    case "tool-call-start":
      return addCall(built, field(message, "tool_calls"));
    case "tool-call-delta": {
      const last = built.calls.at(-1);
      if (last !== undefined) last.arguments += textField(calledIn(message), "arguments") ?? "";
      return;
    }
    case "message-end":
      readEnd(built, delta);
      built.finished = true;
      return;
    case "text-generation":
      built.text += textField(piece, "text") ?? "";
      return;
    case "stream-end":
      readFirstVersion(built, field(piece, "response"));
      built.finishReason ??= textField(piece, "finish_reason");
      built.finished = true;
      return;
    default:
  }
}

function calledIn(message: unknown): unknown {
  return field(field(message, "tool_calls"), "function");
}

function addCall(built: Building, call: unknown): void {
  const called = field(call, "function");
  const text = textField(called, "arguments") ?? "";
  built.calls.push({ id: textField(call, "id"), name: textField(called, "name") ?? "", arguments: text });
}

function readMessage(built: Building, message: unknown): void {
  for (const part of listField(message, "content")) {
    built.text += textField(part, "text") ?? "";
    built.thinking += textField(part, "thinking") ?? "";
  }
  built.text += textField(message, "content") ?? "";
  built.plan = textField(message, "tool_plan") ?? "";
  for (const call of listField(message, "tool_calls")) addCall(built, call);
}

function readEnd(built: Building, end: unknown): void {
  built.finishReason = textField(end, "finish_reason");
  built.usage = field(end, "usage");
  const error = textField(end, "error");
  if (error !== undefined) built.failure = { type: built.finishReason?.toLowerCase() ?? "error", message: error };
}

function readFirstVersion(built: Building, answer: unknown): void {
  built.id = textField(answer, "response_id") ?? textField(answer, "generation_id");
  built.text = textField(answer, "text") ?? built.text;
  built.finishReason = textField(answer, "finish_reason");
  built.usage = field(answer, "meta");
  for (const call of listField(answer, "tool_calls")) {
    const given = field(call, "parameters");
    const text = given === undefined ? "" : JSON.stringify(given);
    built.calls.push({ id: undefined, name: textField(call, "name") ?? "", arguments: text });
  }
}

/** Whether an answer has what Cohere's have: others have paths that end like its own. */
export function isCohereAnswer(body: string): boolean {
  const answer = parseJson(body);
  if (recordOf(answer) === undefined) return /"(?:message-start|event_type)"/.test(body.slice(0, 2000));
  if (textField(answer, "text") !== undefined || field(answer, "event_type") !== undefined) return true;
  return recordOf(field(answer, "message")) !== undefined;
}
