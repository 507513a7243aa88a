import type { Message } from "@telltale/model";
import type { ApiContent } from "@telltale/server/api-types";

/** What a model call adds to the conversation: agents send all of it again with every call. */
export interface Turn {
  /** Said before, in earlier calls. */
  readonly earlier: readonly Message[];
  /** New with this call: everything after the last answer, but results of tools, which have rows of their own. */
  readonly added: readonly Message[];
  readonly toolResults: number;
}

/** Splits the input of a call behind the last answer of the model. */
export function splitTurn(input: ApiContent | null): Turn {
  if (input?.type !== "messages") return { earlier: [], added: [], toolResults: 0 };
  const { messages } = input;
  const last = messages.findLastIndex(({ role }) => role === "assistant" || role === "model");
  const tail = messages.slice(last + 1);
  const isResult = (message: Message): boolean =>
    message.role === "tool" ||
    (message.parts.length > 0 && message.parts.every((part) => part.type === "tool_call_response"));
  const added = tail.filter((message) => !isResult(message));
  return { earlier: messages.slice(0, last + 1), added, toolResults: tail.length - added.length };
}
