import type { Content, Message, MessagePart } from "@telltale/model";
import { contentText } from "../dialect/content-text.ts";
import { type Counter, countTokens } from "./count-tokens.ts";

/** Tokens that OpenAI's format of messages takes beside their text: for each message, and to begin an answer. */
const PER_MESSAGE = 4;
const PER_ANSWER = 3;

/** What a part says; pictures and files have no text to count. */
function partText(part: MessagePart): string {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.content;
    case "tool_call":
      return `${part.name} ${JSON.stringify(part.arguments ?? {})}`;
    case "tool_call_response":
      return typeof part.response === "string" ? part.response : JSON.stringify(part.response ?? null);
    case "generic":
      return JSON.stringify(part.value);
    case "blob":
    case "uri":
    case "file":
      return "";
  }
}

function messagesOf(text: string): readonly Message[] | undefined {
  try {
    const told: unknown = JSON.parse(text);
    // Stored by this program, which had checked it.
    return Array.isArray(told) ? (told as readonly Message[]) : undefined;
  } catch {
    return undefined;
  }
}

/** What can be counted of a content: messages, or a text. */
export type Countable = readonly Message[] | string;

/** Stored content; `undefined` where it is hidden or was never told. */
export function storedCountable(type: string, text: string): Countable | undefined {
  if (type === "" || type === "masked") return undefined;
  return (type === "messages" ? messagesOf(text) : undefined) ?? text;
}

/** Content of a span; `undefined` where it is hidden or was not told. */
export function toldCountable(content: Content | undefined): Countable | undefined {
  if (content === undefined || content.type === "masked") return undefined;
  return content.type === "messages" ? content.messages : contentText(content);
}

/** Tokens of content, about. */
export function contentTokens(content: Countable, side: "input" | "output", counter: Counter): number {
  if (typeof content === "string") return countTokens(content, counter);
  const texts = content.map(({ parts }) => parts.map(partText).join("\n"));
  const tokens = countTokens(texts.join("\n"), counter);
  return side === "output" || counter.counting === "bytes"
    ? tokens
    : tokens + content.length * PER_MESSAGE + PER_ANSWER;
}
