import type { Content } from "@telltale/model";
import { jsonText } from "./json-of.ts";

class Itself {
  constructor(content: Content) {
    return content;
  }
}

/**
 * The JSON text of a content, where it is known: the sender's own, or made once. A private member of the content
 * itself, which no copy takes along: a copy with something redacted never has the text of before. As a `WeakMap` it cost
 * each span 2 µs, and the collector as much again.
 */
class KnownText extends Itself {
  #text: string;

  constructor(content: Content, text: string) {
    super(content);
    this.#text = text;
  }

  static set(content: Content, text: string): void {
    if (#text in content) content.#text = text;
    else new KnownText(content, text);
  }

  static of(content: Content): string | undefined {
    return #text in content ? content.#text : undefined;
  }
}

/** Says that `text` is the JSON of `content`, so that nobody has to write it again. */
export function withText<C extends Content>(content: C, text: string): C {
  KnownText.set(content, text);
  return content;
}

/** The text a content was made of, when it is known. */
export function knownText(content: Content): string | undefined {
  return KnownText.of(content);
}

/**
 * What is stored of a content: the text itself, "" for masked content, otherwise JSON of the
 * messages, documents or value. JSON that was parsed is given back as the sender wrote it.
 */
export function contentText(content: Content): string {
  if (content.type === "masked") return "";
  if (content.type === "text") return content.text.toWellFormed();
  let text = KnownText.of(content);
  if (text === undefined) KnownText.set(content, (text = stringify(content)));
  return text.toWellFormed();
}

function stringify(content: Exclude<Content, { type: "masked" | "text" }>): string {
  if (content.type === "messages") return jsonText(content.messages) ?? "null";
  return jsonText(content.type === "documents" ? content.documents : content.value) ?? "null";
}
