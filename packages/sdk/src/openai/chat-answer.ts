import { AlikeJson } from "../json/alike-json.ts";
import { serverSentEvents } from "../json/server-sent-events.ts";
import { field, listField, numberField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { wholeOrCut } from "./cut-answer.ts";
import type { Failure } from "../reading/failure.ts";
import { failureIn } from "../reading/failure.ts";

/** One of the answers to a chat request. */
export interface Choice {
  readonly message: unknown;
  readonly finishReason: string | undefined;
}

/** The answer to a chat request, streamed or not. */
export interface ChatAnswer {
  /** The answer without its choices: id, model, usage and the like; of a stream the last told of each. */
  readonly head: unknown;
  readonly choices: readonly Choice[];
  readonly failure?: Failure | undefined;
  /** For streams: the character at which the first content was complete. */
  readonly firstContentAt?: number | undefined;
  /** For streams: whether the provider said that this is the end. */
  readonly finished: boolean;
}

/** An answer that came in one piece; undefined when it is none. */
export function chatAnswerOf(body: string): ChatAnswer | undefined {
  const answer = wholeOrCut(body);
  if (answer === undefined) return undefined;
  const told = listField(answer, "choices");
  const choices = told.map((choice) => {
    const text = textField(choice, "text");
    const message = field(choice, "message") ?? (text === undefined ? undefined : { role: "assistant", content: text });
    return { message, finishReason: textField(choice, "finish_reason") };
  });
  // Gateways tell a provider's failure with status 200: of the whole, or of one choice.
  const failure = failureIn(answer) ?? told.map((choice) => failureIn(choice)).find((each) => each !== undefined);
  return { head: answer, choices, failure, finished: true };
}

interface PartialCall {
  readonly index: number | undefined;
  id: string | undefined;
  name: string;
  arguments: string;
}

interface PartialChoice {
  role: string;
  content: string;
  reasoning: string;
  refusal: string;
  /** Base64 as it came; what is told of it is its size. */
  audio: string;
  transcript: string;
  finishReason: string | undefined;
  readonly calls: PartialCall[];
}

/** Puts a streamed answer together, as far as it came. */
export function chatAnswerOfStream(body: string): ChatAnswer {
  const head = new Map<string, unknown>();
  const choices = new Map<number, PartialChoice>();
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  let finished = false;
  const alike = new AlikeJson(["content"], ["obfuscation"]);
  let latest = newChoice();
  for (const { data, end } of serverSentEvents(body)) {
    const more = alike.textIn(data);
    if (more !== undefined) {
      latest.content += more;
      if (more !== "") firstContentAt ??= end;
      continue;
    }
    if (data === "[DONE]") {
      finished = true;
      break;
    }
    const chunk = parseJson(data);
    failure ??= failureIn(chunk);
    addHead(head, chunk);
    const told = listField(chunk, "choices");
    alike.learn(data, told.length === 1 ? onlyContent(told[0]) : undefined);
    for (const choice of told) {
      latest = choiceAt(choices, numberField(choice, "index") ?? 0);
      if (addDelta(latest, choice)) firstContentAt ??= end;
      if (textField(choice, "finish_reason") !== undefined) finished = true;
      failure ??= failureIn(choice);
      // Moonshot tells the usage inside the last choice.
      const usage = field(choice, "usage");
      if (recordOf(usage) !== undefined && recordOf(head.get("usage")) === undefined) head.set("usage", usage);
    }
  }
  const sorted = [...choices].toSorted(([first], [second]) => first - second);
  const whole = sorted.map(([, choice]) => wholeChoice(choice));
  return { head: Object.fromEntries(head), choices: whole, failure, firstContentAt, finished };
}

function newChoice(): PartialChoice {
  const empty = { content: "", reasoning: "", refusal: "", audio: "", transcript: "" };
  return { role: "assistant", ...empty, finishReason: undefined, calls: [] };
}

function choiceAt(choices: Map<number, PartialChoice>, index: number): PartialChoice {
  let choice = choices.get(index);
  if (choice === undefined) choices.set(index, (choice = newChoice()));
  return choice;
}

/** Of each field what was told last; nothing does not stand for something. */
function addHead(head: Map<string, unknown>, chunk: unknown): void {
  const told = recordOf(chunk) ?? {};
  for (const name of Object.keys(told)) {
    const value = told[name];
    if (name !== "choices" && (value !== null || !head.has(name))) head.set(name, value);
  }
}

/** The text of a piece that adds nothing else, so that one which is alike may be added unread. */
function onlyContent(choice: unknown): string | undefined {
  const delta = recordOf(field(choice, "delta")) ?? {};
  const others = Object.keys(delta).filter((name) => name !== "content" && name !== "role");
  return others.every((name) => delta[name] === null) ? textField(delta, "content") : undefined;
}

/** Adds one piece; true when it held content. */
function addDelta(partial: PartialChoice, choice: unknown): boolean {
  const delta = field(choice, "delta");
  const [content, thought] = contentOf(field(delta, "content") ?? field(choice, "text"));
  const reasoning = thought + (textField(delta, "reasoning_content") ?? textField(delta, "reasoning") ?? "");
  const refusal = textField(delta, "refusal") ?? "";
  const audio = field(delta, "audio");
  const calls = listField(delta, "tool_calls");
  const legacy = field(delta, "function_call");
  partial.role = textField(delta, "role") ?? partial.role;
  partial.content += content;
  partial.reasoning += reasoning;
  partial.refusal += refusal;
  partial.audio += textField(audio, "data") ?? "";
  partial.transcript += textField(audio, "transcript") ?? "";
  partial.finishReason = textField(choice, "finish_reason") ?? partial.finishReason;
  for (const call of calls) addCall(partial.calls, call);
  if (recordOf(legacy) !== undefined) addCall(partial.calls, { index: 0, function: legacy });
  const texts = content + reasoning + refusal + partial.audio + partial.transcript;
  return texts !== "" || calls.length > 0 || recordOf(legacy) !== undefined;
}

/** Content and reasoning of a piece: text, or Mistral's list of typed parts. */
function contentOf(content: unknown): readonly [content: string, reasoning: string] {
  if (typeof content === "string") return [content, ""];
  if (!Array.isArray(content)) return ["", ""];
  let text = "";
  let reasoning = "";
  for (const part of content as readonly unknown[]) {
    if (textField(part, "type") === "text") text += textField(part, "text") ?? "";
    for (const piece of listField(part, "thinking")) reasoning += textField(piece, "text") ?? "";
  }
  return [text, reasoning];
}

/** Some servers leave the index out, some give every call the same: then the id tells them apart. */
function addCall(calls: PartialCall[], piece: unknown): void {
  const id = textField(piece, "id");
  const index = numberField(piece, "index");
  let call = calls.findLast(
    (each) => (id === undefined || each.id === id) && (index === undefined || each.index === index),
  );
  if (call === undefined) calls.push((call = { index, id, name: "", arguments: "" }));
  const called = field(piece, "function") ?? field(piece, "custom");
  const given = field(called, "arguments") ?? field(called, "input") ?? "";
  call.name += textField(called, "name") ?? "";
  call.arguments += typeof given === "string" ? given : JSON.stringify(given);
}

function wholeChoice(partial: PartialChoice): Choice {
  const { role, content, reasoning, refusal, audio, transcript, finishReason } = partial;
  const calls = partial.calls.map(({ id, name, arguments: text }) => ({
    ...(id === undefined ? {} : { id }),
    function: { name, arguments: text },
  }));
  return {
    message: {
      role,
      content,
      ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
      ...(refusal === "" ? {} : { refusal }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...(audio === "" && transcript === "" ? {} : { audio: { data: audio, transcript } }),
    },
    finishReason,
  };
}
