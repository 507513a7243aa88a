import { type Content, type FunctionDeclaration, type GenerateContentConfig, GoogleGenAI, Type } from "@google/genai";
import { commonScenarios } from "../testing/common-scenarios.ts";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const baseUrl = process.env["SERVER_URL"] ?? "";
const { models } = new GoogleGenAI({ apiKey: "AIza-test", httpOptions: { baseUrl } });
const vertex = new GoogleGenAI({
  vertexai: true,
  project: "p",
  location: "europe-west4",
  httpOptions: { baseUrl },
  googleAuthOptions: {
    authClient: { getRequestHeaders: () => Promise.resolve(new Headers({ authorization: "Bearer t" })) } as never,
  },
});

const WEATHER: FunctionDeclaration = {
  name: "weather",
  description: "Weather of a city",
  parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ["city"] },
};
const TOOLS: GenerateContentConfig = { tools: [{ functionDeclarations: [WEATHER] }] };
const FORECAST: GenerateContentConfig = {
  responseMimeType: "application/json",
  responseSchema: {
    type: Type.OBJECT,
    properties: {
      city: { type: Type.STRING },
      degrees: { type: Type.NUMBER },
      wind: { type: Type.STRING, nullable: true },
    },
    required: ["city", "degrees"],
  },
};

async function agent(model: string): Promise<unknown> {
  const contents: Content[] = [{ role: "user", parts: [{ text: "How is the weather?" }] }];
  for (;;) {
    const answer = await models.generateContent({ model, contents, config: TOOLS });
    const calls = answer.functionCalls;
    if (calls === undefined) return answer.text;
    const said = answer.candidates?.[0]?.content;
    if (said !== undefined) contents.push(said);
    const results = calls.map(({ id, name = "", args }) =>
      trace.withTool(name, { input: args, ...(id === undefined ? {} : { callId: id }) }, async () => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        return { functionResponse: { ...(id === undefined ? {} : { id }), name, response: { sky: "sunny" } } };
      }),
    );
    contents.push({ role: "user", parts: await Promise.all(results) });
  }
}

async function read(
  model: string,
  config: GenerateContentConfig = {},
  most = Number.POSITIVE_INFINITY,
): Promise<string> {
  const stream = await models.generateContentStream({ model, contents: "Hello there", config });
  let text = "";
  let count = 0;
  for await (const chunk of stream) {
    for (const part of chunk.candidates?.[0]?.content?.parts ?? []) text += part.text ?? "";
    if (++count === most) break;
  }
  return text;
}

async function structured(model: string): Promise<unknown> {
  const { text } = await models.generateContent({ model, contents: "?", config: FORECAST });
  return JSON.parse(text ?? "");
}

const post = async (path: string, body: object): Promise<Response> =>
  fetch(`${baseUrl}${path}`, { method: "POST", body: JSON.stringify(body) });

await runScenarios({
  ...commonScenarios({
    say: async (text) => (await models.generateContent({ model: "gemini", contents: text })).text,
    useTools: () => agent("tools"),
    embed: async (text) => (await models.embedContent({ model: "embedder", contents: text })).embeddings?.[0]?.values,
  }),
  chat: async (print) => {
    const config = {
      systemInstruction: "Be brief.",
      temperature: 1,
      topP: 0.9,
      topK: 40,
      maxOutputTokens: 100,
      seed: 7,
      stopSequences: ["END"],
      thinkingConfig: { thinkingLevel: "HIGH" as never },
    };
    const { candidates, usageMetadata, responseId } = await models.generateContent({
      model: "gemini",
      contents: "Hello",
      config,
    });
    print(candidates, usageMetadata, responseId);
  },
  stream: async (print) => print(await read("gemini")),
  thinks: async (print) => print(await read("thinks")),
  session: async (print) => {
    const chat = new GoogleGenAI({ apiKey: "AIza-test", httpOptions: { baseUrl } }).chats.create({ model: "gemini" });
    print((await chat.sendMessage({ message: "One" })).text, (await chat.sendMessage({ message: "Two" })).text);
  },
  list: async (print) => {
    const contents = [{ role: "user", parts: [{ text: "Hello there" }] }];
    print(await (await post("/v1beta/models/thinks:streamGenerateContent", { contents })).json());
  },
  "list-cut": async (print) => {
    const contents = [{ role: "user", parts: [{ text: "Hello there" }] }];
    const { body } = await post("/v1beta/models/cut:streamGenerateContent", { contents });
    let text = "";
    try {
      for await (const piece of body ?? []) text += Buffer.from(piece).toString();
    } finally {
      print(text);
    }
  },
  tools: async (print) => print(await agent("tools")),
  "parallel-tools": async (print) => print(await agent("tools-2")),
  "stream-tools": async (print) => {
    const stream = await models.generateContentStream({ model: "tools-2", contents: "Hello", config: TOOLS });
    for await (const { functionCalls } of stream) if (functionCalls !== undefined) print(functionCalls);
  },
  code: async (print) => {
    const config = { tools: [{ codeExecution: {} }, { googleSearch: {} }] };
    print((await models.generateContent({ model: "runs", contents: "6 times 7?", config })).candidates);
  },
  structured: async (print) => print(await structured("json")),
  badjson: async (print) => print(await structured("bad-json")),
  badschema: async (print) => print(await structured("bad-schema")),
  embeddings: async (print) => {
    const config = { outputDimensionality: 3, taskType: "RETRIEVAL_DOCUMENT" };
    print((await models.embedContent({ model: "embedder", contents: ["one", "two"], config })).embeddings);
  },
  embedding: async (print) => {
    const content = { parts: [{ text: "one" }] };
    print(await (await post("/v1beta/models/embedder:embedContent", { content })).json());
  },
  "embeddings-vertex": async (print) =>
    print((await vertex.models.embedContent({ model: "text-embedding-005", contents: ["one", "two"] })).embeddings),
  "imagen-vertex": async (print) =>
    print((await vertex.models.generateImages({ model: "imagen-4", prompt: "A boat" })).generatedImages?.length),
  vertex: async (print) => print((await vertex.models.generateContent({ model: "gemini", contents: "Hello" })).text),
  refused: async (print) => print((await models.generateContent({ model: "blocked", contents: "Bad" })).promptFeedback),
  filtered: async (print) => print((await models.generateContent({ model: "unsafe", contents: "Bad" })).candidates),
  "refused-stream": async (print) => print(await read("blocked")),
  vision: async (print) => {
    const data = Buffer.alloc(3000, 7).toString("base64");
    const parts = [
      { inlineData: { mimeType: "audio/wav", data } },
      { fileData: { mimeType: "image/png", fileUri: "gs://b/x.png" } },
    ];
    print((await models.generateContent({ model: "draws", contents: [{ role: "user", parts }] })).data?.length);
  },
  err429: async () => models.generateContent({ model: "limited", contents: "Hello" }),
  err500: async () => models.generateContent({ model: "broken", contents: "Hello" }),
  "err429-stream": async (print) => print(await read("limited")),
  overloaded: async (print) => print(await read("overloaded")),
  timeout: async () =>
    models.generateContent({ model: "never", contents: "Hello", config: { httpOptions: { timeout: 1000 } } }),
  abort: async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    await models.generateContent({ model: "never", contents: "Hello", config: { abortSignal: stop.signal } });
  },
  abandoned: async (print) => print(await read("endless", {}, 6)),
  cut: async (print) => print(await read("cut")),
  stopped: async (print) => print(await read("stopped")),
  dropped: async () => models.generateContent({ model: "drop", contents: "Hello" }),
  concurrent: async (print) => {
    const users = Array.from({ length: 8 }, (_, index) => `user-${index}`);
    const answers = users.map((user, index) =>
      trace.withSpan(`turn of ${user}`, async () => {
        await new Promise((resolve) => setTimeout(resolve, (index * 7) % 5));
        trace.setUser(user);
        return (await models.generateContent({ model: "gemini", contents: user })).text;
      }),
    );
    print(await Promise.all(answers));
  },
  unicode: async (print) => {
    const contents = "Wie heißt 東京? \u{1F468}‍👩‍👧 \ud800";
    print((await models.generateContent({ model: "unicode", contents })).text, await read("unicode"));
  },
  big: async (print) => {
    const contents = "Lorem ipsum — dolor sit amet. ".repeat(1700);
    print((await models.generateContent({ model: "gemini", contents })).text);
  },
  counted: async (print) => print(await models.countTokens({ model: "limited", contents: "Hello" }).catch(() => "no")),
});
