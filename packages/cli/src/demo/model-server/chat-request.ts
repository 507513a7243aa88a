import type { OpenAI } from "openai";

/** A chat request as the client sends it. */
export type ChatRequest = OpenAI.ChatCompletionCreateParams;
/** One message of it. */
export type ChatMessage = OpenAI.ChatCompletionMessageParam;

/** The text of a message, whatever form it has. */
export function textOf(message: ChatMessage | undefined): string {
  const content = message?.content;
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => ("text" in part ? part.text : "")).join("\n");
}

/** The text of the last message of a role. */
export function lastText(request: ChatRequest, role: ChatMessage["role"]): string {
  return textOf(request.messages.findLast((message) => message.role === role));
}

/** Results of tools in the conversation, by the name of the tool, in their order. */
export function toolResults(request: ChatRequest): readonly { readonly tool: string; readonly result: string }[] {
  const names = new Map<string, string>();
  for (const message of request.messages) {
    if (message.role !== "assistant") continue;
    for (const call of message.tool_calls ?? []) if (call.type === "function") names.set(call.id, call.function.name);
  }
  return request.messages.flatMap((message) =>
    message.role === "tool" ? [{ tool: names.get(message.tool_call_id) ?? "", result: textOf(message) }] : [],
  );
}

/** Whether the model may call a tool of this name. */
export function hasTool(request: ChatRequest, name: string): boolean {
  return (request.tools ?? []).some((tool) => tool.type === "function" && tool.function.name === name);
}
