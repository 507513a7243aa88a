import type { Message } from "@telltale/model";

/** In any case of letters but for the bare word, which in small letters may be an answer. */
const SENTINEL = /^(?:__redacted__|<redacted>|\[redacted\])$/i;

/**
 * Whether a value stands for content that the sender hid (conventions, rule 8): OpenInference
 * writes `__REDACTED__`, Claude Code `<REDACTED>`, Logfire `[Scrubbed due to …]`.
 */
export function isMaskedText(text: string): boolean {
  if (text.length > 200) return false;
  return text === "REDACTED" || SENTINEL.test(text) || text.startsWith("[Scrubbed due to ");
}

/** Whether every message is hidden: there is text, and all of it is a sentinel. */
export function areMasked(messages: readonly Message[]): boolean {
  let masked = false;
  for (const message of messages)
    for (const part of message.parts) {
      if (part.type !== "text" || !isMaskedText(part.content)) return false;
      masked = true;
    }
  return masked;
}
