import type { Message, MessagePart } from "@telltale/model";
import { countTokens, type TokenCounting } from "./count-tokens.ts";

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

/** Tokens of stored content, about; `undefined` where it is hidden or was never told. */
export async function contentTokens(
  content: { readonly type: string; readonly text: string },
  side: "input" | "output",
  counting: TokenCounting,
): Promise<number | undefined> {
  if (content.type === "" || content.type === "masked") return undefined;
  const messages = content.type === "messages" ? messagesOf(content.text) : undefined;
  if (!messages) return countTokens(content.text, counting);
  const texts = messages.map(({ parts }) => parts.map(partText).join("\n"));
  const tokens = await countTokens(texts.join("\n"), counting);
  return side === "output" || counting === "bytes" ? tokens : tokens + messages.length * PER_MESSAGE + PER_ANSWER;
}
