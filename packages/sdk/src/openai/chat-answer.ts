import { serverSentEvents } from "../json/server-sent-events.ts";
import { field, listField, numberField, parseJson, recordOf, textField } from "../json/read-json.ts";
import type { Failure } from "../reading/failure.ts";
import { failureIn } from "../reading/failure.ts";

/** One of the answers to a chat request. */
export interface Choice {
  readonly message: unknown;
  readonly finishReason: string | undefined;
}

/** The answer to a chat request, streamed or not. */
export interface ChatAnswer {
  /** The fields beside the choices: id, model, usage and the like. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly choices: readonly Choice[];
  readonly failure?: Failure | undefined;
  /** For streams: the character at which the first content was complete. */
  readonly firstContentAt?: number | undefined;
  /** For streams: whether the provider said that this is the end. */
  readonly finished: boolean;
}

/** An answer that came in one piece; undefined when it is none. */
export function chatAnswerOf(body: string): ChatAnswer | undefined {
  const answer = recordOf(parseJson(body));
  if (answer === undefined) return undefined;
  const choices = listField(answer, "choices").map((choice) => ({
    message: field(choice, "message"),
    finishReason: textField(choice, "finish_reason"),
  }));
  return { head: answer, choices, finished: true };
}

interface PartialCall {
  id: string | undefined;
  name: string;
  arguments: string;
}

interface PartialChoice {
  role: string;
  content: string;
  reasoning: string;
  refusal: string;
  finishReason: string | undefined;
  readonly calls: Map<number, PartialCall>;
}

const HEAD_FIELDS = ["id", "model", "usage", "service_tier", "system_fingerprint", "provider"];

/** Puts a streamed answer together, as far as it came. */
export function chatAnswerOfStream(body: string): ChatAnswer {
  const head: Record<string, unknown> = {};
  const choices = new Map<number, PartialChoice>();
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  let finished = false;
  for (const { data, end } of serverSentEvents(body)) {
    if (data === "[DONE]") {
      finished = true;
      break;
    }
    const chunk = parseJson(data);
    failure ??= failureIn(chunk);
    for (const name of HEAD_FIELDS) head[name] = field(chunk, name) ?? head[name];
    for (const choice of listField(chunk, "choices")) {
      if (addDelta(choices, choice)) firstContentAt ??= end;
      if (textField(choice, "finish_reason") !== undefined) finished = true;
    }
  }
  const sorted = [...choices].toSorted(([first], [second]) => first - second);
  return { head, choices: sorted.map(([, choice]) => wholeChoice(choice)), failure, firstContentAt, finished };
}

/** Adds one piece; true when it held content. */
function addDelta(choices: Map<number, PartialChoice>, choice: unknown): boolean {
  const index = numberField(choice, "index") ?? 0;
  let partial = choices.get(index);
  if (partial === undefined) {
    partial = { role: "assistant", content: "", reasoning: "", refusal: "", finishReason: undefined, calls: new Map() };
    choices.set(index, partial);
  }
  const delta = field(choice, "delta");
  const content = textField(delta, "content") ?? textField(choice, "text") ?? "";
  const reasoning = textField(delta, "reasoning_content") ?? textField(delta, "reasoning") ?? "";
  const refusal = textField(delta, "refusal") ?? "";
  const calls = listField(delta, "tool_calls");
  partial.role = textField(delta, "role") ?? partial.role;
  partial.content += content;
  partial.reasoning += reasoning;
  partial.refusal += refusal;
  partial.finishReason = textField(choice, "finish_reason") ?? partial.finishReason;
  for (const call of calls) addCall(partial.calls, call);
  return content !== "" || reasoning !== "" || refusal !== "" || calls.length > 0;
}

function addCall(calls: Map<number, PartialCall>, piece: unknown): void {
  // Some servers leave the index out and send each call in one piece.
  const id = textField(piece, "id");
  const index = numberField(piece, "index") ?? (id === undefined ? Math.max(0, calls.size - 1) : calls.size);
  const called = field(piece, "function");
  const call = calls.get(index) ?? { id: undefined, name: "", arguments: "" };
  call.id ??= id;
  call.name += textField(called, "name") ?? "";
  call.arguments += textField(called, "arguments") ?? "";
  calls.set(index, call);
}

function wholeChoice(partial: PartialChoice): Choice {
  const calls = [...partial.calls.values()].map(({ id, name, arguments: text }) => ({
    ...(id === undefined ? {} : { id }),
    function: { name, arguments: text },
  }));
  return {
    message: {
      role: partial.role,
      content: partial.content,
      ...(partial.reasoning === "" ? {} : { reasoning_content: partial.reasoning }),
      ...(partial.refusal === "" ? {} : { refusal: partial.refusal }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
    finishReason: partial.finishReason,
  };
}
