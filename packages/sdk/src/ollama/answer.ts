import { jsonLines } from "../json/json-lines.ts";
import { field, listField, recordOf, textField } from "../json/read-json.ts";
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

/** Puts an answer together, as far as it came; undefined when nothing did. */
export function ollamaAnswerOf(body: string): OllamaAnswer | undefined {
  if (body === "") return undefined;
  const texts = { role: "assistant", content: "", thinking: "" };
  const calls: unknown[] = [];
  const images: string[] = [];
  let last: unknown;
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  let count = 0;
  for (const { value, end } of jsonLines(body)) {
    count++;
    failure ??= failureIn(value);
    if (failure === undefined || recordOf(value) !== undefined) last = value;
    const message = field(value, "message") ?? value;
    const content = (textField(message, "content") ?? "") + (textField(value, "response") ?? "");
    const thinking = textField(message, "thinking") ?? "";
    const called = listField(message, "tool_calls");
    const image = textField(value, "image");
    texts.role = textField(message, "role") ?? texts.role;
    texts.content += content;
    texts.thinking += thinking;
    calls.push(...called);
    if (image !== undefined) images.push(image);
    if (content !== "" || thinking !== "" || called.length > 0) firstContentAt ??= end;
  }
  const vector = field(last, "embedding");
  const vectors = Array.isArray(vector) ? [vector] : listField(last, "embeddings");
  return {
    ...texts,
    last: last ?? cutEmbeddings(body),
    calls,
    images,
    vectors,
    doneReason: textField(last, "done_reason"),
    failure,
    streamed: count > 1 || field(last, "done") === false,
    firstContentAt,
    finished: field(last, "done") === true || vectors.length > 0,
    isOllama: failure !== undefined || isOllamaObject(last) || cutEmbeddings(body) !== undefined,
  };
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
