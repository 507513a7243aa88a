import type * as Openai from "openai";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

/** `openai` or `openai-4`: the same program for both majors. */
const { AzureOpenAI, OpenAI, toFile } = (await import(String(process.env["CLIENT"]))) as typeof Openai;

type Message = Openai.OpenAI.ChatCompletionMessageParam;

const server = String(process.env["SERVER_URL"]);
const openai = new OpenAI({ apiKey: "sk-test", baseURL: `${server}/v1`, maxRetries: 0 });
const ask = (content: string): Message[] => [{ role: "user", content }];
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const TOOL = {
  type: "function" as const,
  function: {
    name: "weather",
    description: "Weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const STRICT = { ...TOOL, function: { ...TOOL.function, strict: true } };
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

async function say(model: string, more: object = {}): Promise<string | null | undefined> {
  const messages = ask("Hello there");
  const { choices } = await openai.chat.completions.create({ model, messages, ...more, stream: false });
  return choices[0]?.message.content;
}

async function read(model: string, more: object = {}, most = Number.POSITIVE_INFINITY): Promise<string> {
  const stream = await openai.chat.completions.create({ model, messages: ask("Hello there"), ...more, stream: true });
  let text = "";
  let count = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? JSON.stringify(chunk.choices[0]?.delta.tool_calls ?? chunk.usage ?? "");
    if (++count === most) break;
  }
  return text;
}

/** Asks until the model has no more calls of tools, as every agent does. */
async function agent(model: string, question = "How is the weather?"): Promise<unknown> {
  const messages = ask(question);
  for (;;) {
    const { choices } = await openai.chat.completions.create({ model, messages, tools: [TOOL] });
    const message = choices[0]?.message;
    if (message?.tool_calls === undefined) return message?.content;
    messages.push(message);
    const results = message.tool_calls.map((call) => {
      const { name, arguments: text } = call.type === "function" ? call.function : { name: "?", arguments: "" };
      return trace.withTool(name, { callId: call.id, input: text }, async () => {
        await pause(2);
        return { call: call.id, content: `sunny: ${text}` };
      });
    });
    for (const { call, content } of await Promise.all(results)) {
      messages.push({ role: "tool", tool_call_id: call, content });
    }
  }
}

async function rag(question: string): Promise<unknown> {
  const documents = await trace.withRetrieval("docs", { query: question, topK: 2 }, async () => {
    const { data } = await openai.embeddings.create({ model: "embedder", input: question });
    return [
      { id: "a", score: 0.9, content: `near ${data[0]?.embedding.length}` },
      { id: "b", score: 0.5, content: "far" },
    ];
  });
  return say("gpt", { messages: ask(`${documents.map(({ content }) => content).join("\n")}\n\n${question}`) });
}

async function poll(id: string): Promise<unknown> {
  for (;;) {
    const found = await openai.responses.retrieve(id);
    if (found.status !== "queued" && found.status !== "in_progress") return [found.status, found.output_text];
    await pause(2);
  }
}

await runScenarios({
  chat: async (print) => {
    const answer = await openai.chat.completions.create({
      model: "gpt",
      messages: ask("Hello"),
      temperature: 1,
      max_completion_tokens: 50,
    });
    print(answer, answer._request_id ?? "no request id");
  },
  stream: async (print) => print(await read("gpt", { stream_options: { include_usage: true } })),
  "stream-tools": async (print) => print(await read("tools-2")),
  helper: async (print) => {
    // Version 4 keeps its helpers under `beta`.
    const beta = Reflect.get(openai.beta, "chat") as typeof openai.chat | undefined;
    const stream = (beta ?? openai.chat).completions.stream({ model: "gpt", messages: ask("Hello") });
    print(await stream.finalContent());
  },
  tools: async (print) => print(await agent("tools")),
  "parallel-tools": async (print) => print(await agent("tools-2")),
  "strict-tools": async (print) => print(await say("strict-tools", { tools: [STRICT] })),
  structured: async (print) => print(JSON.parse((await say("json", { response_format: FORECAST })) ?? "")),
  badjson: async (print) =>
    print(JSON.parse((await say("bad-json", { response_format: { type: "json_object" } })) ?? "")),
  badschema: async (print) => print(await say("bad-schema", { response_format: FORECAST })),
  refused: async (print) => print(await say("refuses", { response_format: FORECAST })),
  embeddings: async (print) => print(await openai.embeddings.create({ model: "embedder", input: ["one", "two"] })),
  rag: async (print) => print(await rag("What is near?")),
  "multi-agent": async (print) => {
    const plan = await trace.withAgent("planner", () => say("gpt", { messages: ask("Plan it.") }));
    const work = ["north", "south"].map((part) =>
      trace.withAgent(part, () => agent("tools", `Weather in the ${part}?`)),
    );
    print(plan, await Promise.all(work));
  },
  err429: () => say("limited"),
  err500: () => say("broken"),
  retried: () => openai.chat.completions.create({ model: "limited", messages: ask("x") }, { maxRetries: 2 }),
  timeout: () => openai.chat.completions.create({ model: "never", messages: ask("x") }, { timeout: 1000 }),
  abort: () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    return openai.chat.completions.create({ model: "never", messages: ask("x") }, { signal: controller.signal });
  },
  "abort-stream": async (print) => {
    const stream = await openai.chat.completions.create({ model: "endless", messages: ask("x"), stream: true });
    let count = 0;
    for await (const _ of stream) if (++count === 3) stream.controller.abort();
    print(count >= 3);
  },
  abandoned: async (print) => print(await read("endless", {}, 4)),
  cut: async (print) => print(await read("cut")),
  stopped: async (print) => print(await read("stopped")),
  dropped: () => say("drop"),
  concurrent: async (print) => {
    const users = Array.from({ length: 10 }, (_, index) => `user-${index}`);
    const turns = users.map((user, index) =>
      trace.withSpan(`turn of ${user}`, async () => {
        trace.setUser(user);
        trace.setSession(`session of ${user}`);
        await pause((index * 7) % 10);
        return index % 2 === 0 ? say("gpt", { messages: ask(user) }) : read("gpt", { messages: ask(user) });
      }),
    );
    print(await Promise.all(turns));
  },
  unicode: async (print) =>
    print(await say("unicode", { messages: ask("日本語 \ud800 und 🧑🏽‍🚀") }), await read("unicode")),
  big: async (print) => print(await say("gpt", { messages: ask("Lorem ipsum — dolor. ".repeat(20_000)) })),
  vision: async (print) => {
    const url = `data:image/png;base64,${Buffer.alloc(900, 1).toString("base64")}`;
    const content = [
      { type: "text", text: "What?" },
      { type: "image_url", image_url: { url } },
    ];
    print(await say("gpt", { messages: [{ role: "user", content }] }));
  },
  completions: async (print) => print(await openai.completions.create({ model: "old", prompt: "Once", max_tokens: 3 })),
  responses: async (print) =>
    print(await openai.responses.create({ model: "o9", input: "Hi", instructions: "In Norwegian." })),
  "responses-stream": async (print) => {
    for await (const event of await openai.responses.create({ model: "o9", input: "Hi", stream: true }))
      print(event.type);
  },
  "responses-cut": async (print) => {
    for await (const event of await openai.responses.create({ model: "cut", input: "Hi", stream: true }))
      print(event.type);
  },
  "responses-tools": async (print) =>
    print((await openai.responses.create({ model: "built-in", input: "Hi" })).output.length),
  "responses-calls": async (print) => print((await openai.responses.create({ model: "calls", input: "Hi" })).output),
  background: async (print) => {
    const { id, status } = await openai.responses.create({ model: "o9", input: "Hi", background: true });
    print(
      status,
      await poll(id),
      await poll(id),
      await openai.responses.retrieve("resp_old").then(({ status: is }) => is),
    );
  },
  cancelled: async (print) => {
    const { id } = await openai.responses.create({ model: "o9", input: "cancel", background: true });
    const cancel = openai.responses as unknown as { cancel?: (id: string) => Promise<{ status?: string }> };
    print(await (cancel.cancel?.(id) ?? openai.post(`/responses/${id}/cancel`)));
  },
  forgotten: async (print) => {
    print((await openai.responses.create({ model: "o9", input: "forget", background: true })).status);
  },
  lost: () => openai.responses.retrieve("resp_lost"),
  moderation: async (print) =>
    print(await openai.moderations.create({ model: "omni-moderation-latest", input: "I fight you" })),
  image: async (print) => {
    const drawn = await openai.images.generate({ model: "gpt-image-1", prompt: "A boat", size: "1024x1024" });
    print(drawn.data?.[0]?.b64_json?.length, drawn.usage);
  },
  "image-stream": async (print) => {
    const options = { model: "gpt-image-1", prompt: "A boat", stream: true } as const;
    // Version 4 hands over the bytes.
    const drawn: unknown = await openai.images.generate(options);
    if (typeof drawn === "object" && drawn !== null && Symbol.asyncIterator in drawn) {
      for await (const event of drawn as AsyncIterable<{ readonly type: string }>) print(event.type);
    } else print(typeof drawn === "string" ? drawn.length : drawn);
  },
  "image-edit": async (print) => {
    const boat = await toFile(Buffer.alloc(700, "boat"), "boat.png", { type: "image/png" });
    const drawn = await openai.images.edit({ model: "gpt-image-1", image: boat, prompt: "A red boat" });
    print(drawn.data?.[0]?.b64_json?.length);
  },
  speech: async (print) => {
    const spoken = await openai.audio.speech.create({ model: "tts", voice: "alloy", input: "Good morning" });
    print(spoken.headers.get("content-type"), (await spoken.arrayBuffer()).byteLength);
  },
  transcription: async (print) => {
    const file = await toFile(Buffer.alloc(200_000, "sound"), "morning.mp3", { type: "audio/mpeg" });
    print(await openai.audio.transcriptions.create({ model: "whisper", file, language: "de" }));
  },
  translation: async (print) => {
    const file = await toFile(Buffer.alloc(400, "sound"), "morning.mp3", { type: "audio/mpeg" });
    print(await openai.audio.translations.create({ model: "whisper", file }));
  },
  azure: async (print) => {
    const azure = new AzureOpenAI({
      apiKey: "k",
      endpoint: server,
      apiVersion: "2026-10-01",
      deployment: "house-gpt",
      maxRetries: 0,
    });
    const { choices } = await azure.chat.completions.create({ model: "house-gpt", messages: ask("Hello") });
    const v1 = new OpenAI({ apiKey: "k", baseURL: `${server}/openai/v1`, maxRetries: 0 });
    const second = await v1.chat.completions.create({ model: "house-gpt", messages: ask("Again") });
    print(choices[0]?.message.content, second.choices[0]?.message.content);
  },
});
