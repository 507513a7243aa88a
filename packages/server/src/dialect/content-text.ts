import type { Content } from "@telltale/model";
import { jsonText } from "./json-of.ts";

/** The JSON text of a content, where it is known: the sender's own, or made once. */
const texts = new WeakMap<Content, string>();

/** Says that `text` is the JSON of `content`, so that nobody has to write it again. */
export function withText<C extends Content>(content: C, text: string): C {
  texts.set(content, text);
  return content;
}

/** The text a content was made of, when it is known. */
export function knownText(content: Content): string | undefined {
  return texts.get(content);
}

/**
 * What is stored of a content: the text itself, "" for masked content, otherwise JSON of the
 * messages, documents or value. JSON that was parsed is given back as the sender wrote it.
 */
export function contentText(content: Content): string {
  if (content.type === "masked") return "";
  if (content.type === "text") return content.text.toWellFormed();
  let text = texts.get(content);
  if (text === undefined) texts.set(content, (text = stringify(content)));
  return text.toWellFormed();
}

function stringify(content: Exclude<Content, { type: "masked" | "text" }>): string {
  if (content.type === "messages") return jsonText(content.messages) ?? "null";
  return jsonText(content.type === "documents" ? content.documents : content.value) ?? "null";
}
