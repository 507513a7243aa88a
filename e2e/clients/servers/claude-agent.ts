import { EVENT_STREAM, namedEvents, type Reply, type ServedRequest } from "../testing/scripted-server.ts";

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly content?: unknown;
}

interface Asked {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: string | readonly Block[] }[];
}

const USAGE = {
  input_tokens: 18,
  cache_creation_input_tokens: 100,
  cache_read_input_tokens: 512,
  output_tokens: 25,
};

/** Anthropic's API as the CLI of the Claude Agent SDK asks it; the prompt says what happens. */
export function claudeAgentScript(request: ServedRequest): Reply {
  if (request.path !== "/v1/messages") return { status: 404, json: {} };
  const asked = request.body as Asked;
  const said = alwaysSaid(asked) ?? lastSaid(asked);
  if (said === "HANG") return "hang";
  if (said === "BROKEN") return refused(400, "invalid_request_error");
  if (said.startsWith("LIMITED")) return refused(429, "rate_limit_error");
  if (said === "OUT OF ORDER") return refused(500, "api_error");
  const calls = said.startsWith("CALLS ") ? (JSON.parse(said.slice(6)) as readonly object[]) : [];
  const content =
    calls.length > 0
      ? calls.map((call, index) => ({ type: "tool_use", id: `toolu_${index}_${counter}`, ...call }))
      : [{ type: "text", text: `You said: ${said.slice(0, 200)}` }];
  const message = {
    id: `msg_${counter++}`,
    type: "message",
    role: "assistant",
    model: asked.model,
    content,
    stop_reason: calls.length > 0 ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: USAGE,
  };
  if (asked.stream !== true) return { json: message };
  // The CLI then asks for the answer in one piece.
  if (said === "CUT") return { headers: EVENT_STREAM, pieces: namedEvents(eventsOf(message).slice(0, 3)), end: "cut" };
  return { headers: EVENT_STREAM, pieces: namedEvents(eventsOf(message)) };
}

let counter = 1;

function refused(status: number, type: string): Reply {
  return { status, json: { type: "error", error: { type, message: `Refused: ${type}.` } } };
}

/** Orders that hold for every turn. */
function alwaysSaid({ messages }: Asked): string | undefined {
  const texts = messages.flatMap(({ content }) => (typeof content === "string" ? content : content.map(textOf)));
  return texts.find((text) => text.startsWith("ALWAYS "))?.slice("ALWAYS ".length);
}

const textOf = ({ text = "" }: Block): string => text;

/** The words of the user, or what the tools answered. */
function lastSaid({ messages }: Asked): string {
  const content = messages.findLast(({ role }) => role === "user")?.content ?? "";
  if (typeof content === "string") return content;
  const results = content.filter(({ type }) => type === "tool_result");
  if (results.length > 0) return `${results.length} results`;
  return content.findLast(({ type }) => type === "text")?.text ?? "";
}

function eventsOf(message: {
  readonly content: readonly object[];
  readonly stop_reason: string;
}): { readonly type: string }[] {
  const started = { ...message, content: [], stop_reason: null, usage: { ...USAGE, output_tokens: 1 } };
  const blocks = message.content.flatMap((block, index) => {
    const text: unknown = Reflect.get(block, "text");
    const empty = text === undefined ? { ...block, input: {} } : { ...block, text: "" };
    const input: unknown = Reflect.get(block, "input");
    const delta =
      text === undefined
        ? { type: "input_json_delta", partial_json: typeof input === "string" ? input : JSON.stringify(input) }
        : { type: "text_delta", text };
    return [
      { type: "content_block_start", index, content_block: empty },
      { type: "content_block_delta", index, delta },
      { type: "content_block_stop", index },
    ];
  });
  const delta = { stop_reason: message.stop_reason, stop_sequence: null };
  return [
    { type: "message_start", message: started } as { readonly type: string },
    ...blocks,
    { type: "message_delta", delta, usage: { output_tokens: 25 } } as { readonly type: string },
    { type: "message_stop" },
  ];
}
