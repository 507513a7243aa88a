import { type Message, Ollama } from "ollama";
import { commonScenarios } from "../testing/common-scenarios.ts";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const host = String(process.env["SERVER_URL"]);
const ollama = new Ollama({ host });
const ask = (content: string): Message[] => [{ role: "user", content }];
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const TOOL = {
  type: "function",
  function: {
    name: "weather",
    description: "Weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const FORECAST = {
  type: "object",
  properties: { city: { type: "string" }, degrees: { type: "number" } },
  required: ["city", "degrees"],
};

async function say(model: string, more: object = {}): Promise<string> {
  const { message } = await ollama.chat({ model, messages: ask("Hello there"), ...more, stream: false });
  return message.content;
}

async function read(model: string, more: object = {}, most = Number.POSITIVE_INFINITY): Promise<string> {
  const stream = await ollama.chat({ model, messages: ask("Hello there"), ...more, stream: true });
  let text = "";
  let count = 0;
  for await (const { message } of stream) {
    text += (message.thinking ?? "") + message.content + JSON.stringify(message.tool_calls ?? "");
    if (++count === most) break;
  }
  return text;
}

async function agent(model: string): Promise<string> {
  const messages = ask("How is the weather?");
  for (;;) {
    const { message } = await ollama.chat({ model, messages, tools: [TOOL] });
    if (message.tool_calls === undefined) return message.content;
    messages.push(message);
    const results = message.tool_calls.map(({ function: called }) =>
      trace.withTool(called.name, { input: called.arguments }, async () => {
        await pause(2);
        return `sunny in ${String(called.arguments["city"])}`;
      }),
    );
    for (const content of await Promise.all(results)) messages.push({ role: "tool", tool_name: "weather", content });
  }
}

await runScenarios({
  ...commonScenarios({
    say: (text) => say("llama", { messages: ask(text) }),
    useTools: () => agent("tools"),
    embed: async (input) => (await ollama.embed({ model: "embedder", input })).embeddings[0],
  }),
  chat: async (print) => {
    const options = { temperature: 0, num_predict: 50, top_k: 40, seed: 1, stop: ["END"] };
    print(await ollama.chat({ model: "llama", messages: ask("Hello"), options }));
  },
  stream: async (print) => print(await read("llama")),
  thinks: async (print) => print(await say("thinks", { think: "high" }), await read("thinks", { think: true })),
  tools: async (print) => print(await agent("tools")),
  "parallel-tools": async (print) => print(await agent("tools-2")),
  "stream-tools": async (print) => print(await read("tools-2", { tools: [TOOL] })),
  structured: async (print) => print(await say("json", { format: FORECAST })),
  badjson: async (print) => print(JSON.parse(await say("bad-json", { format: "json" }))),
  badschema: async (print) => print(await say("bad-schema", { format: FORECAST })),
  vision: async (print) => {
    const images = [Buffer.alloc(900, "picture").toString("base64")];
    print(await say("llama", { messages: [{ role: "user", content: "What is it?", images }] }));
  },
  generate: async (print) =>
    print(await ollama.generate({ model: "llama", prompt: "Once", suffix: "end.", system: "Be brief." })),
  "generate-stream": async (print) => {
    for await (const { response } of await ollama.generate({ model: "llama", prompt: "Once", stream: true }))
      print(response);
  },
  embed: async (print) => print(await ollama.embed({ model: "embedder", input: ["one", "two"] })),
  embeddings: async (print) => print(await ollama.embeddings({ model: "embedder", prompt: "one" })),
  cached: async (print) => print(await say("cached")),
  loaded: async (print) => print(await say("llama", { messages: [] })),
  missing: () => say("missing"),
  err429: () => say("limited"),
  err500: () => say("broken"),
  fails: () => read("fails"),
  abort: async (print) => {
    const stream = await ollama.chat({ model: "endless", messages: ask("x"), stream: true });
    let count = 0;
    setTimeout(() => stream.abort(), 300);
    for await (const _ of stream) if (++count === 1) print("begun");
  },
  timeout: () => {
    const fetch: typeof globalThis.fetch = (input, init) =>
      globalThis.fetch(input, { ...init, signal: AbortSignal.timeout(300) });
    return new Ollama({ host, fetch }).chat({ model: "never", messages: ask("x") });
  },
  abandoned: async (print) => print(await read("endless", {}, 4)),
  cut: async (print) => print(await read("cut")),
  stopped: async (print) => print(await read("stopped")),
  dropped: () => say("drop"),
  concurrent: async (print) => {
    const users = Array.from({ length: 6 }, (_, index) => `user-${index}`);
    const turns = users.map((user, index) =>
      trace.withSpan(`turn of ${user}`, async () => {
        trace.setUser(user);
        await pause((index * 7) % 10);
        return say("llama", { messages: ask(user) });
      }),
    );
    print(await Promise.all(turns));
  },
  unicode: async (print) => print(await say("unicode"), await read("unicode")),
  big: async (print) => print(await say("llama", { messages: ask("Lorem ipsum — dolor. ".repeat(5000)) })),
  // A program has such a path of its own: not a call of a model.
  own: async (print) => {
    const answer = await fetch(`${host}/own/api/chat`, {
      method: "POST",
      body: JSON.stringify({ model: "x", messages: [] }),
    });
    print(answer.status);
  },
});
