import Anthropic from "@anthropic-ai/sdk";
import { commonScenarios } from "../testing/common-scenarios.ts";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

type Message = Anthropic.MessageParam;

const client = new Anthropic({ apiKey: "sk-ant-test", baseURL: process.env["SERVER_URL"] ?? "", maxRetries: 0 });
const ask = (content: string): Message[] => [{ role: "user", content }];
const max_tokens = 1024;

/** Gone from the types of this version; the API takes it for older models. */
const SAMPLING = { temperature: 1, top_k: 5 };
const TOOLS: Anthropic.Tool[] = [
  {
    name: "weather",
    description: "Weather of a city",
    input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];
const SCHEMA = {
  type: "object",
  properties: { city: { type: "string" }, degrees: { type: "number" } },
  required: ["city", "degrees"],
  additionalProperties: false,
};
const FORECAST = { format: { type: "json_schema" as const, schema: SCHEMA } };

async function agent(model: string, turn: (messages: Message[]) => Promise<Anthropic.Message>): Promise<unknown> {
  const messages = ask(`How is the weather, ${model}?`);
  for (;;) {
    const { content, stop_reason } = await turn(messages);
    if (stop_reason !== "tool_use") return content;
    messages.push({ role: "assistant", content });
    const calls = content.flatMap((block) => (block.type === "tool_use" ? [block] : []));
    const results = calls.map((call) =>
      trace.withTool(call.name, { callId: call.id, input: call.input }, async () => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        return { type: "tool_result" as const, tool_use_id: call.id, content: `sunny: ${JSON.stringify(call.input)}` };
      }),
    );
    messages.push({ role: "user", content: await Promise.all(results) });
  }
}

const whole = (model: string) => (messages: Message[]) =>
  client.messages.create({ model, max_tokens, messages, tools: TOOLS });

async function read(model: string, most = Number.POSITIVE_INFINITY): Promise<string> {
  const stream = await client.messages.create({ model, max_tokens, messages: ask("Hello there"), stream: true });
  let text = "";
  let count = 0;
  for await (const event of stream) {
    if (event.type === "content_block_delta" && event.delta.type === "text_delta") text += event.delta.text;
    if (++count === most) break;
  }
  return text;
}

async function structured(model: string): Promise<unknown> {
  const answer = await client.messages.create({ model, max_tokens, messages: ask("?"), output_config: FORECAST });
  const [block] = answer.content;
  return JSON.parse(block?.type === "text" ? block.text : "");
}

await runScenarios({
  ...commonScenarios({
    say: async (text) => (await client.messages.create({ model: "claude", max_tokens, messages: ask(text) })).content,
    useTools: () => agent("tools", whole("tools")),
  }),
  chat: async (print) => {
    const answer = await client.messages.create({
      model: "claude",
      max_tokens,
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral", ttl: "1h" } }],
      messages: ask("Hello"),
      ...SAMPLING,
      stop_sequences: ["END"],
      thinking: { type: "enabled", budget_tokens: 1024 },
    });
    print(answer, answer._request_id ?? "no request id");
  },
  stream: async (print) => print(await read("claude")),
  helper: async (print) => {
    const stream = client.messages.stream({ model: "thinks", max_tokens, messages: ask("Hello") });
    const texts: string[] = [];
    stream.on("text", (text) => void texts.push(text));
    print(await stream.finalMessage(), texts);
  },
  tools: async (print) => print(await agent("tools", whole("tools"))),
  "parallel-tools": async (print) => print(await agent("tools-2", whole("tools-2"))),
  "stream-tools": async (print) =>
    print(
      await agent("tools-2", (messages) =>
        client.messages.stream({ model: "tools-2", max_tokens, messages, tools: TOOLS }).finalMessage(),
      ),
    ),
  advised: async (print) => {
    const tools = [{ type: "web_search_20250305" as const, name: "web_search" as const, max_uses: 3 }];
    print(await client.beta.messages.create({ model: "advised", max_tokens, messages: ask("Tides?"), tools }));
  },
  "advised-stream": async (print) =>
    print(await client.beta.messages.stream({ model: "advised", max_tokens, messages: ask("Tides?") }).finalMessage()),
  structured: async (print) => print(await structured("json")),
  badjson: async (print) => print(await structured("bad-json")),
  badschema: async (print) => print(await structured("bad-schema")),
  refused: async (print) =>
    print(await client.messages.create({ model: "refuses", max_tokens, messages: ask("Bad things") })),
  vision: async (print) => {
    const data = Buffer.alloc(3000, 7).toString("base64");
    const source = { type: "base64" as const, media_type: "image/png" as const, data };
    const content = [
      { type: "image" as const, source },
      { type: "text" as const, text: "What is this?" },
    ];
    print((await client.messages.create({ model: "unicode", max_tokens, messages: [{ role: "user", content }] })).id);
  },
  err429: async () => client.messages.create({ model: "limited", max_tokens, messages: ask("Hello") }),
  err500: async () => client.messages.create({ model: "broken", max_tokens, messages: ask("Hello") }),
  overloaded: async (print) => print(await read("overloaded")),
  timeout: async () =>
    client.messages.create({ model: "never", max_tokens, messages: ask("Hello") }, { timeout: 1000 }),
  abort: async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    await client.messages.create({ model: "never", max_tokens, messages: ask("Hello") }, { signal: stop.signal });
  },
  abandoned: async (print) => print(await read("endless", 6)),
  cut: async (print) => print(await read("cut")),
  stopped: async (print) => print(await read("stopped")),
  dropped: async () => client.messages.create({ model: "drop", max_tokens, messages: ask("Hello") }),
  concurrent: async (print) => {
    const users = Array.from({ length: 8 }, (_, index) => `user-${index}`);
    const answers = users.map((user, index) =>
      trace.withSpan(`turn of ${user}`, async () => {
        await new Promise((resolve) => setTimeout(resolve, (index * 7) % 5));
        trace.setUser(user);
        const { content } = await client.messages.create({ model: "claude", max_tokens, messages: ask(user) });
        return content;
      }),
    );
    print(await Promise.all(answers));
  },
  unicode: async (print) => {
    const messages = ask("Wie heißt 東京? \u{1F468}‍👩‍👧 \ud800");
    print((await client.messages.create({ model: "unicode", max_tokens, messages })).content, await read("unicode"));
  },
  big: async (print) => {
    const messages = ask("Lorem ipsum — dolor sit amet. ".repeat(1700));
    print(await client.messages.create({ model: "claude", max_tokens, messages }));
  },
  counted: async (print) => print(await client.messages.countTokens({ model: "claude", messages: ask("Hello") })),
  vertex: async (print) => {
    const path = "/v1/projects/p/locations/eu/publishers/anthropic/models";
    const body = { anthropic_version: "vertex-2023-10-16", max_tokens, messages: ask("Hello") };
    const send = (verb: string, more: object) =>
      fetch(`${process.env["SERVER_URL"]}${path}/claude@20261101:${verb}`, {
        method: "POST",
        body: JSON.stringify({ ...body, ...more }),
      });
    print(await (await send("rawPredict", {})).json(), await (await send("streamRawPredict", { stream: true })).text());
  },
});
