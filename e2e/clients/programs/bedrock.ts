import {
  BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type Message,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { HttpRequest } from "@smithy/types";
import { commonScenarios } from "../testing/common-scenarios.ts";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const CONFIG = {
  region: "eu-west-1",
  endpoint: process.env["SERVER_URL"] ?? "",
  // A key, not a signature: what is sent is then the same each time.
  token: { token: "bedrock-api-key-test" },
  authSchemePreference: ["httpBearerAuth"],
  maxAttempts: 1,
};
/** HTTP/2 as the client does by itself, or HTTP/1 as many programs ask for. */
const isHttp1 = process.env["HANDLER"] === "http1";
const make = (more: object = {}): BedrockRuntimeClient => {
  const made = new BedrockRuntimeClient({
    ...CONFIG,
    ...(isHttp1 ? { requestHandler: new NodeHttpHandler() } : {}),
    ...more,
  });
  made.middlewareStack.add(
    (next) => (args) => {
      (args.request as HttpRequest).headers["amz-sdk-invocation-id"] = "the same each time";
      return next(args);
    },
    { step: "finalizeRequest", priority: "low" },
  );
  return made;
};
const client = make();

const ask = (text: string): Message[] => [{ role: "user", content: [{ text }] }];
const toolConfig: ConverseCommandInput["toolConfig"] = {
  tools: [
    {
      toolSpec: {
        name: "weather",
        description: "Weather of a city",
        inputSchema: { json: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
      },
    },
  ],
};
const SCHEMA = JSON.stringify({
  type: "object",
  properties: { city: { type: "string" }, degrees: { type: "number" } },
  required: ["city", "degrees"],
});
const outputConfig: ConverseCommandInput["outputConfig"] = {
  textFormat: { type: "json_schema", structure: { jsonSchema: { schema: SCHEMA, name: "forecast" } } },
};

async function agent(modelId: string): Promise<unknown> {
  const messages = ask("How is the weather?");
  for (;;) {
    const { output, stopReason } = await client.send(new ConverseCommand({ modelId, messages, toolConfig }));
    const message = output?.message;
    if (message === undefined || stopReason !== "tool_use") return message?.content;
    messages.push(message);
    const uses = (message.content ?? []).flatMap(({ toolUse }) => toolUse ?? []);
    const results = uses.map(({ toolUseId = "", name = "", input }) =>
      trace.withTool(name, { callId: toolUseId, input }, async () => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        return { toolResult: { toolUseId, content: [{ json: { sky: "sunny" } }] } } satisfies ContentBlock;
      }),
    );
    messages.push({ role: "user", content: await Promise.all(results) });
  }
}

async function read(modelId: string, most = Number.POSITIVE_INFINITY, by = client): Promise<string> {
  const { stream } = await by.send(new ConverseStreamCommand({ modelId, messages: ask("Hello there"), toolConfig }));
  let text = "";
  let count = 0;
  for await (const event of stream ?? []) {
    text += event.contentBlockDelta?.delta?.text ?? event.contentBlockDelta?.delta?.toolUse?.input ?? "";
    if (++count === most) break;
  }
  return text;
}

async function structured(modelId: string): Promise<unknown> {
  const { output } = await client.send(new ConverseCommand({ modelId, messages: ask("?"), outputConfig }));
  return JSON.parse(output?.message?.content?.[0]?.text ?? "");
}

async function converse(modelId: string, text: string, by = client): Promise<unknown> {
  const { output, usage } = await by.send(new ConverseCommand({ modelId, messages: ask(text) }));
  return [output?.message?.content, usage];
}

async function invoke(modelId: string, body: object): Promise<unknown> {
  const answer = await client.send(new InvokeModelCommand({ modelId, body: JSON.stringify(body) }));
  return JSON.parse(answer.body.transformToString());
}

async function invokeStream(modelId: string, body: object): Promise<unknown> {
  const { body: stream } = await client.send(
    new InvokeModelWithResponseStreamCommand({ modelId, body: JSON.stringify(body) }),
  );
  const texts: string[] = [];
  for await (const { chunk } of stream ?? []) texts.push(Buffer.from(chunk?.bytes ?? []).toString());
  return texts;
}

const CLAUDE = { anthropic_version: "bedrock-2023-05-31", max_tokens: 1024 };
const NOVA = { schemaVersion: "messages-v1", inferenceConfig: { maxTokens: 100, temperature: 0.5 } };
const BODIES: Readonly<Record<string, object>> = {
  "anthropic.claude-sonnet-v1:0": { ...CLAUDE, messages: [{ role: "user", content: "Hello" }], test: "thinks" },
  "amazon.nova-pro-v1:0": { ...NOVA, messages: ask("Hello") },
  "amazon.titan-text-v1": {
    inputText: "Hello",
    textGenerationConfig: { maxTokenCount: 100, temperature: 0.5, topP: 0.9 },
  },
  "meta.llama3-v1:0": { prompt: "Hello", max_gen_len: 100, temperature: 0.5, top_p: 0.9 },
  "mistral.mistral-7b-v0:2": { prompt: "Hello", max_tokens: 100, top_k: 5, stop: ["END"] },
  "cohere.command-r-v1:0": {
    message: "Hello",
    chat_history: [{ role: "CHATBOT", message: "Hi" }],
    p: 0.9,
    max_tokens: 100,
  },
};

await runScenarios({
  ...commonScenarios({
    say: (text) => converse("nova", text),
    useTools: () => agent("tools"),
    embed: async (inputText) => {
      const answer = await invoke("amazon.titan-embed-text-v2:0", { inputText, dimensions: 3 });
      return (answer as { readonly embedding: readonly number[] }).embedding;
    },
  }),
  chat: async (print) => {
    const { output, usage, $metadata } = await client.send(
      new ConverseCommand({
        modelId: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        system: [{ text: "Be brief." }, { cachePoint: { type: "default" } }],
        messages: ask("Hello"),
        inferenceConfig: { maxTokens: 100, temperature: 1, topP: 0.9, stopSequences: ["END"] },
        additionalModelRequestFields: { top_k: 5 },
      }),
    );
    print(output, usage, $metadata.requestId);
  },
  arn: async (print) =>
    print(await converse("arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0", "Hello")),
  stream: async (print) => print(await read("nova")),
  thinks: async (print) => print(await read("thinks")),
  tools: async (print) => print(await agent("tools")),
  "parallel-tools": async (print) => print(await agent("tools-2")),
  "stream-tools": async (print) => print(await read("tools-2")),
  structured: async (print) => print(await structured("json")),
  badjson: async (print) => print(await structured("bad-json")),
  badschema: async (print) => print(await structured("bad-schema")),
  guarded: async (print) => print(await converse("guarded", "Bad things")),
  vision: async (print) => {
    const image = { format: "png" as const, source: { bytes: new Uint8Array(3000).fill(7) } };
    const document = { format: "pdf" as const, name: "d", source: { s3Location: { uri: "s3://b/d.pdf" } } };
    const messages: Message[] = [{ role: "user", content: [{ image }, { document }, { text: "What?" }] }];
    print((await client.send(new ConverseCommand({ modelId: "nova", messages }))).stopReason);
  },
  err429: async () => converse("limited", "Hello"),
  err500: async () => converse("broken", "Hello"),
  "err429-stream": async (print) => print(await read("limited")),
  retried: async () => converse("limited", "Hello", make({ maxAttempts: 2 })),
  overloaded: async (print) => print(await read("overloaded")),
  timeout: async () => {
    const requestHandler = isHttp1
      ? new NodeHttpHandler({ requestTimeout: 100, throwOnRequestTimeout: true })
      : { requestTimeout: 100 };
    await converse("never", "Hello", make({ requestHandler }));
  },
  abort: async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    await client.send(new ConverseCommand({ modelId: "never", messages: ask("Hello") }), { abortSignal: stop.signal });
  },
  abandoned: async (print) => {
    const stop = new AbortController();
    const command = new ConverseStreamCommand({ modelId: "endless", messages: ask("Hello there") });
    const { stream } = await client.send(command, { abortSignal: stop.signal });
    let count = 0;
    for await (const { contentBlockDelta } of stream ?? []) {
      print(contentBlockDelta?.delta ?? {});
      if (++count === 6) break;
    }
    stop.abort();
  },
  left: async (print) => print(await read("endless", 6)),
  cut: async (print) => print(await read("cut")),
  stopped: async (print) => print(await read("stopped")),
  dropped: async () => converse("drop", "Hello"),
  concurrent: async (print) => {
    const users = Array.from({ length: 8 }, (_, index) => `user-${index}`);
    const answers = users.map((user, index) =>
      trace.withSpan(`turn of ${user}`, async () => {
        await new Promise((resolve) => setTimeout(resolve, (index * 7) % 5));
        trace.setUser(user);
        return converse("nova", user);
      }),
    );
    print(await Promise.all(answers));
  },
  unicode: async (print) => print(await converse("unicode", "Wie heißt 東京? \u{1F468}‍👩‍👧"), await read("unicode")),
  big: async (print) => print(await converse("nova", "Lorem ipsum — dolor sit amet. ".repeat(1700))),
  invoke: async (print) => {
    for (const [model, body] of Object.entries(BODIES)) print(model, await invoke(model, body));
  },
  "invoke-stream": async (print) => {
    for (const [model, body] of Object.entries(BODIES)) print(model, await invokeStream(model, body));
  },
  embeddings: async (print) => {
    print(await invoke("amazon.titan-embed-text-v2:0", { inputText: "one", dimensions: 3 }));
    print(await invoke("cohere.embed-english-v3", { texts: ["one", "two"], input_type: "search_query" }));
  },
});
// The client keeps the connection of an answer that was left half read, and with it the process.
process.kill(process.pid, "SIGTERM");
