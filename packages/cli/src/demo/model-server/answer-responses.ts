import type { ServerResponse } from "node:http";
import type { OpenAI } from "openai";
import { chooseAnswer } from "./choose-answer.ts";
import { type ModelContext, sendJson } from "./model-context.ts";

/** A request as it comes in; only what the scripted model reads of it. */
export interface ResponsesRequest {
  readonly model: string;
  readonly input: string | OpenAI.Responses.EasyInputMessage[];
  readonly instructions?: string;
  readonly stream?: boolean;
}

/** Answers `POST /v1/responses` with text, in one piece or streamed. */
export async function answerResponses(
  request: ResponsesRequest,
  response: ServerResponse,
  context: ModelContext,
): Promise<void> {
  const messages = messagesOf(request);
  const chat = { model: request.model, messages };
  const answer = chooseAnswer(chat);
  const usage = context.usage.count(chat, answer);
  await context.pace.think(JSON.stringify(messages));
  const text = answer.content ?? "";
  const item = {
    id: context.nextId("msg_"),
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text, annotations: [] }],
  };
  const whole = {
    id: context.nextId("resp_"),
    object: "response",
    created_at: Math.floor(Date.now() / 1000),
    model: request.model,
    status: "completed",
    error: null,
    output: [item],
    usage: {
      input_tokens: usage.prompt_tokens,
      input_tokens_details: usage.prompt_tokens_details,
      output_tokens: usage.completion_tokens,
      output_tokens_details: usage.completion_tokens_details,
      total_tokens: usage.total_tokens,
    },
  };
  if (request.stream !== true) return sendJson(response, 200, whole);
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  let number = 0;
  const send = (type: string, fields: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...fields })}\n\n`);
  };
  send("response.created", { response: { ...whole, status: "in_progress", output: [], usage: null } });
  send("response.output_item.added", { output_index: 0, item: { ...item, status: "in_progress", content: [] } });
  for (const [delta] of text.matchAll(/\s*\S+\s*$|\s*\S+/g)) {
    send("response.output_text.delta", { item_id: item.id, output_index: 0, content_index: 0, delta });
    await context.pace.speak(1);
  }
  send("response.output_item.done", { output_index: 0, item });
  send("response.completed", { response: whole });
  response.end();
}

function messagesOf({ input, instructions }: ResponsesRequest): OpenAI.ChatCompletionMessageParam[] {
  const said = typeof input === "string" ? [{ role: "user" as const, content: input }] : input.map(asMessage);
  return instructions === undefined ? said : [{ role: "system", content: instructions }, ...said];
}

function asMessage({ role, content }: OpenAI.Responses.EasyInputMessage): OpenAI.ChatCompletionMessageParam {
  const text =
    typeof content === "string" ? content : content.map((part) => ("text" in part ? part.text : "")).join("");
  return { role, content: text };
}
