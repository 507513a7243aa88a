import type * as Openai from "openai";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

/** `openai` or `openai-4`: the same program for both majors. */
const { OpenAI } = (await import(String(process.env["CLIENT"]))) as typeof Openai;

type OpenAIMessage = Openai.OpenAI.ChatCompletionMessageParam;

const openai = new OpenAI({ apiKey: "sk-test", baseURL: `${process.env["SERVER_URL"]}/v1`, maxRetries: 0 });
const ask = (content: string) => [{ role: "user" as const, content }];

const TOOLS = [
  {
    type: "function" as const,
    function: {
      name: "weather",
      description: "Weather of a city",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];
const FORECAST = {
  type: "json_schema" as const,
  json_schema: {
    name: "forecast",
    strict: true,
    schema: {
      type: "object",
      properties: { city: { type: "string" }, degrees: { type: "number" } },
      required: ["city", "degrees"],
      additionalProperties: false,
    },
  },
};

async function agent(model: string): Promise<unknown> {
  const messages: OpenAIMessage[] = ask("How is the weather?");
  for (;;) {
    const { choices } = await openai.chat.completions.create({ model, messages, tools: TOOLS });
    const message = choices[0]?.message;
    if (message?.tool_calls === undefined) return message?.content;
    messages.push(message);
    const results = message.tool_calls.map((call) => {
      const { name, arguments: text } = call.type === "function" ? call.function : { name: "?", arguments: "" };
      return trace.withTool(name, { callId: call.id, input: text }, async () => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        return { call: call.id, content: `sunny: ${text}` };
      });
    });
    for (const { call, content } of await Promise.all(results)) {
      messages.push({ role: "tool", tool_call_id: call, content });
    }
  }
}

async function read(model: string, more: object = {}, most = Number.POSITIVE_INFINITY): Promise<string> {
  const stream = await openai.chat.completions.create({ model, messages: ask("Hello there"), stream: true, ...more });
  let text = "";
  let count = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    if (++count === most) break;
  }
  return text;
}

await runScenarios({
  chat: async (print) => {
    const answer = await openai.chat.completions.create({ model: "gpt", messages: ask("Hello") });
    print(answer, answer._request_id ?? "no request id");
  },
  stream: async (print) => print(await read("gpt", { stream_options: { include_usage: true } })),
  tools: async (print) => print(await agent("tools")),
  "parallel-tools": async (print) => print(await agent("tools-2")),
  structured: async (print) => {
    const answer = await openai.chat.completions.create({
      model: "json",
      messages: ask("?"),
      response_format: FORECAST,
    });
    print(JSON.parse(answer.choices[0]?.message.content ?? ""));
  },
  badjson: async (print) => {
    const answer = await openai.chat.completions.create({
      model: "bad-json",
      messages: ask("?"),
      response_format: FORECAST,
    });
    print(JSON.parse(answer.choices[0]?.message.content ?? ""));
  },
});
