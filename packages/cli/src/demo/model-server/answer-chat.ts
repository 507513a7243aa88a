import type { ServerResponse } from "node:http";
import type { OpenAI } from "openai";
import type { ChatRequest } from "./chat-request.ts";
import { chooseAnswer } from "./choose-answer.ts";
import { type ModelContext, sendJson } from "./model-context.ts";
import type { ScriptedAnswer } from "./script.ts";

type ToolCall = OpenAI.ChatCompletionMessageFunctionToolCall;
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta;

/** A word and its space are a little more than a token; pieces come one by one over the network. */
const TOKENS_PER_PIECE = 2;
/** Words and the space before them: what a streamed answer is made of. */
const PIECES = /\s*\S+\s*$|\s*\S+/g;

/** Answers `POST /v1/chat/completions`, in one piece or streamed as the request says. */
export async function answerChat(request: ChatRequest, response: ServerResponse, context: ModelContext): Promise<void> {
  const answer = chooseAnswer(request);
  const usage = context.usage.count(request, answer);
  const head = {
    id: context.nextId("chatcmpl-"),
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    service_tier: "default" as const,
    system_fingerprint: "fp_scripted",
  };
  const calls = (answer.calls ?? []).map((call) => toolCall(call, context));
  await context.pace.think(JSON.stringify(request.messages));
  if (request.stream === true) return stream({ head, answer, calls, usage }, request, response, context);
  await context.pace.speak(usage.completion_tokens);
  sendJson(response, 200, {
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message: messageOf(answer, calls), logprobs: null, finish_reason: reasonOf(calls) }],
    usage,
  });
}

function toolCall(call: NonNullable<ScriptedAnswer["calls"]>[number], context: ModelContext): ToolCall {
  const { name } = call;
  return {
    id: context.nextId("call_"),
    type: "function",
    function: { name, arguments: JSON.stringify(call.arguments) },
  };
}

function messageOf({ content }: ScriptedAnswer, calls: readonly ToolCall[]): object {
  const message = { role: "assistant", content: content ?? null, refusal: null };
  return calls.length === 0 ? message : { ...message, tool_calls: calls };
}

function reasonOf(calls: readonly ToolCall[]): string {
  return calls.length === 0 ? "stop" : "tool_calls";
}

interface Streamed {
  readonly head: object;
  readonly answer: ScriptedAnswer;
  readonly calls: readonly ToolCall[];
  readonly usage: OpenAI.CompletionUsage;
}

async function stream(
  { head, answer, calls, usage }: Streamed,
  request: ChatRequest,
  response: ServerResponse,
  context: ModelContext,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  const send = (choices: readonly object[], more: object = {}): void => {
    response.write(`data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices, ...more })}\n\n`);
  };
  for (const delta of deltasOf(answer, calls)) {
    if (response.destroyed) return;
    send([{ index: 0, delta, logprobs: null, finish_reason: null }]);
    await context.pace.speak(TOKENS_PER_PIECE);
  }
  send([{ index: 0, delta: {}, logprobs: null, finish_reason: reasonOf(calls) }]);
  if (request.stream_options?.include_usage === true) send([], { usage });
  response.end("data: [DONE]\n\n");
}

function* deltasOf(answer: ScriptedAnswer, calls: readonly ToolCall[]): Generator<Delta> {
  yield { role: "assistant", content: calls.length === 0 ? "" : null, refusal: null };
  for (const [piece] of (answer.content ?? "").matchAll(PIECES)) yield { content: piece };
  for (const [index, { id, type, function: called }] of calls.entries()) {
    yield { tool_calls: [{ index, id, type, function: { name: called.name, arguments: "" } }] };
    for (const [piece] of called.arguments.matchAll(/.{1,12}/gs)) {
      yield { tool_calls: [{ index, function: { arguments: piece } }] };
    }
  }
}
