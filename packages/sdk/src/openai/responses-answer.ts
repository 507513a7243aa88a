import { AlikeJson } from "../json/alike-json.ts";
import { serverSentEvents } from "../json/server-sent-events.ts";
import { lastObject } from "../json/last-object.ts";
import { field, listField, numberField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { wholeOrCut } from "./cut-answer.ts";
import type { Failure } from "../reading/failure.ts";
import { failureIn } from "../reading/failure.ts";

/** The answer to a responses request, streamed or not. */
export interface ResponsesAnswer {
  readonly response: unknown;
  readonly items: readonly unknown[];
  readonly failure?: Failure | undefined;
  readonly firstContentAt?: number | undefined;
  readonly finished: boolean;
}

/** An answer that came in one piece. */
export function responsesAnswerOf(body: string): ResponsesAnswer | undefined {
  const response = wholeOrCut(body);
  if (response === undefined) return undefined;
  return { response, items: listField(response, "output"), failure: failureIn(response), finished: true };
}

const LAST_EVENTS: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
  "response.cancelled",
]);

interface PartialItem {
  item: unknown;
  text: string;
}

/** Puts a streamed answer together: its last event has everything, else the pieces count. */
export function responsesAnswerOfStream(body: string): ResponsesAnswer {
  const partial = new Map<number, PartialItem>();
  let response: unknown;
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  const alike = new AlikeJson(["delta"], ["sequence_number", "obfuscation"]);
  let growing: PartialItem | undefined;
  for (const { data, end } of serverSentEvents(body)) {
    const more = alike.textIn(data);
    if (growing !== undefined && more !== undefined) {
      growing.text += more;
      continue;
    }
    const event = parseJson(data);
    const type = textField(event, "type") ?? "";
    response = field(event, "response") ?? response;
    if (type.endsWith(".delta")) firstContentAt ??= end;
    if (event === undefined && isLast(data)) return cutAnswer(response, data, partial, firstContentAt);
    if (type === "error") failure ??= failureIn({ error: event });
    if (LAST_EVENTS.has(type)) {
      const items = listField(response, "output");
      return { response, items, failure: failure ?? failureIn(response), firstContentAt, finished: true };
    }
    growing = addPiece(partial, event, type);
    alike.learn(data, growing === undefined ? undefined : textField(event, "delta"));
  }
  return { response, items: itemsOf(partial), failure, firstContentAt, finished: failure !== undefined };
}

function itemsOf(partial: ReadonlyMap<number, PartialItem>): unknown[] {
  return [...partial].toSorted(([first], [second]) => first - second).map(([, item]) => wholeItem(item));
}

/** The last event ends with the usage; its beginning may be lost behind pictures. */
function isLast(data: string): boolean {
  return data.endsWith("}}") && data.includes('"usage"');
}

function cutAnswer(
  response: unknown,
  data: string,
  partial: ReadonlyMap<number, PartialItem>,
  firstContentAt: number | undefined,
): ResponsesAnswer {
  const told = { ...recordOf(response), status: "completed", usage: lastObject(data, "usage") };
  return { response: told, items: itemsOf(partial), firstContentAt, finished: true };
}

/** The item whose text the event continued, if it does no more than that. */
function addPiece(partial: Map<number, PartialItem>, event: unknown, type: string): PartialItem | undefined {
  const index = numberField(event, "output_index");
  if (index === undefined) return undefined;
  const item = partial.get(index) ?? { item: undefined, text: "" };
  if (type === "response.output_item.added" || type === "response.output_item.done") item.item = field(event, "item");
  if (type === "response.output_item.done") item.text = "";
  partial.set(index, item);
  if (!type.endsWith("text.delta") && !/(arguments|input|code|refusal)\.delta$/.test(type)) return undefined;
  item.text += textField(event, "delta") ?? "";
  return item;
}

function wholeItem({ item, text }: PartialItem): unknown {
  if (text === "") return item;
  const type = textField(item, "type") ?? "message";
  if (type === "function_call" || type === "mcp_call") return { ...recordOf(item), arguments: text };
  if (type === "custom_tool_call") return { ...recordOf(item), input: text };
  if (type === "code_interpreter_call") return { ...recordOf(item), code: text };
  if (type.endsWith("_call")) return item;
  if (type === "reasoning") return { type, summary: [{ type: "summary_text", text }] };
  return { type, role: "assistant", content: [{ type: "output_text", text }] };
}
