import type { Json, MessagePart } from "@telltale/model";
import type { ApiContent } from "@telltale/server/api-types";

/** A tool call that a model asked for, with the answer when one was sent back. */
export interface ToolExchange {
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: Json | undefined;
  readonly response: Json | undefined;
  readonly isAnswered: boolean;
  /** Asked for by the answer of this very call, not by an earlier one. */
  readonly isNew: boolean;
}

/** The tool calls of a conversation, in order, joined with their answers by id. */
export function toolExchanges(input: ApiContent | null, output: ApiContent | null): ToolExchange[] {
  const before = partsOf(input);
  const after = partsOf(output);
  const answers = new Map<string, Extract<MessagePart, { type: "tool_call_response" }>>();
  for (const part of [...before, ...after])
    if (part.type === "tool_call_response" && part.id !== undefined) answers.set(part.id, part);
  const read = (part: MessagePart, isNew: boolean): ToolExchange[] => {
    if (part.type !== "tool_call") return [];
    const answer = part.id === undefined ? undefined : answers.get(part.id);
    return [
      {
        id: part.id,
        name: part.name,
        arguments: part.arguments,
        response: answer?.response,
        isAnswered: answer !== undefined,
        isNew,
      },
    ];
  };
  return [...before.flatMap((part) => read(part, false)), ...after.flatMap((part) => read(part, true))];
}

function partsOf(content: ApiContent | null): readonly MessagePart[] {
  return content?.type === "messages" ? content.messages.flatMap((message) => message.parts) : [];
}
