import { AlikeJson } from "../json/alike-json.ts";
import { textLines } from "../json/json-lines.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { lastObject } from "../json/last-object.ts";
import { type Failure, failureIn } from "../reading/failure.ts";

/** What Ollama answered to a chat, a completion or an embedding; one object or a line for each piece. */
export interface OllamaAnswer {
  /** The last object: it has the counts. */
  readonly last: unknown;
  readonly role: string;
  readonly content: string;
  readonly thinking: string;
  readonly calls: readonly unknown[];
  /** Pictures that were drawn, in base64. */
  readonly images: readonly string[];
  readonly vectors: readonly unknown[];
  readonly doneReason: string | undefined;
  readonly failure: Failure | undefined;
  readonly streamed: boolean;
  /** The character at which the first content was complete. */
  readonly firstContentAt: number | undefined;
  /** Whether Ollama said that this is the end. */
  readonly finished: boolean;
  /** Whether these are Ollama's objects at all. */
  readonly isOllama: boolean;
}

interface PartialAnswer {
  role: string;
  content: string;
  thinking: string;
  readonly calls: unknown[];
  readonly images: string[];
  last: unknown;
  failure: Failure | undefined;
}

/** Puts an answer together, as far as it came; undefined when nothing did. */
export function ollamaAnswerOf(body: string): OllamaAnswer | undefined {
  if (body === "") return undefined;
  const texts = { role: "assistant", content: "", thinking: "" };
  const partial: PartialAnswer = { ...texts, calls: [], images: [], last: undefined, failure: undefined };
  const alike = new AlikeJson(["content", "response"], ["created_at"]);
  let firstContentAt: number | undefined;
  let count = 0;
  for (const { data, end } of textLines(body)) {
    const more = alike.textIn(data);
    if (more === undefined) {
      const value = parseJson(data);
      if (value === undefined) continue;
      alike.learn(data, addObject(partial, value));
    } else partial.content += more;
    count++;
    if (hasContent(partial)) firstContentAt ??= end;
  }
  const { last, failure } = partial;
  const vector = field(last, "embedding");
  const vectors = Array.isArray(vector) ? [vector] : listField(last, "embeddings");
  return {
    ...partial,
    last: last ?? cutEmbeddings(body),
    vectors,
    doneReason: textField(last, "done_reason"),
    streamed: count > 1 || field(last, "done") === false,
    firstContentAt,
    finished: field(last, "done") === true || vectors.length > 0,
    isOllama: failure !== undefined || isOllamaObject(last) || cutEmbeddings(body) !== undefined,
  };
}

function hasContent({ content, thinking, calls }: PartialAnswer): boolean {
  return content !== "" || thinking !== "" || calls.length > 0;
}

/** Adds what an object says; answers with its text when it says nothing else that is new. */
function addObject(partial: PartialAnswer, value: unknown): string | undefined {
  partial.failure ??= failureIn(value);
  if (partial.failure === undefined || recordOf(value) !== undefined) partial.last = value;
  const message = field(value, "message") ?? value;
  const content = textField(message, "content");
  const response = textField(value, "response");
  const thinking = textField(message, "thinking") ?? "";
  const calls = listField(message, "tool_calls");
  const image = textField(value, "image");
  partial.role = textField(message, "role") ?? partial.role;
  partial.content += (content ?? "") + (response ?? "");
  partial.thinking += thinking;
  partial.calls.push(...calls);
  if (image !== undefined) partial.images.push(image);
  return thinking === "" && calls.length === 0 && image === undefined ? (content ?? response) : undefined;
}

function isOllamaObject(value: unknown): boolean {
  const done = field(value, "done");
  return typeof done === "boolean" || Array.isArray(field(value, "embeddings") ?? field(value, "embedding"));
}

/** Thousands of vectors may be cut in the middle; the counts stand behind them. */
function cutEmbeddings(body: string): unknown {
  if (!/^\s*\{[^[]{0,300}"embeddings"\s*:/.test(body.slice(0, 400))) return undefined;
  const end = body.slice(-400);
  const start = end.lastIndexOf("]");
  return start < 0 ? undefined : lastObject(`{"rest":{${end.slice(start + 1).replace(/^\s*,/, "")}}`, "rest");
}
