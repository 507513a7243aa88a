import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "../json/read-json.ts";
import type { Call } from "../wire.ts";
import { template } from "./_template.ts";
import { wires } from "./index.ts";

const request = { method: "POST", host: "api.example.com", port: 443, path: "/v1/x" };
const call: Call = {
  request,
  requestBody: undefined,
  requestJson: undefined,
  status: undefined,
  contentType: "",
  responseBody: "",
  responseBytes: new Uint8Array(),
  responseSize: 0,
  cutShort: false,
  outcome: "failed",
  millisecondsAt: () => undefined,
  millisecondsAtByte: () => undefined,
  header: () => "",
};
const bodies = fc.oneof(
  fc.string(),
  fc.json(),
  fc.constant('{"model":"m","messages":[{"role":"user","content":"x"}]}'),
);

const SECRET = "SECRET";
/** Something that most APIs take for a request, and for an answer. */
const ASKED = {
  model: "m",
  input: SECRET,
  prompt: SECRET,
  question: SECRET,
  instructions: SECRET,
  messages: [{ role: "user", content: SECRET }],
  tools: [{ type: "function", function: { name: "f", description: SECRET } }],
};
const ANSWERED = {
  choices: [{ message: { content: SECRET } }],
  output: [{ type: "message", content: [{ type: "output_text", text: SECRET }] }],
};
/** What the others need to be told apart from somebody else's API. */
const SAMPLES = new Map<string, { path?: string; request?: object; response: object }>([
  ["openai-audio", { path: "/v1/audio/speech", response: {} }],
  ["ollama", { path: "/api/chat", response: { message: { role: "assistant", content: SECRET }, done: true } }],
  ["llama-cpp", { path: "/completion", response: { content: SECRET, stop: true } }],
  [
    "qdrant",
    {
      path: "/collections/c/points/query",
      request: { query: { text: SECRET }, filter: { must: [SECRET] } },
      response: { result: { points: [{ id: 1, score: 0.5, payload: { text: SECRET } }] }, status: "ok" },
    },
  ],
  [
    "chroma",
    {
      path: "/api/v2/tenants/t/databases/d/collections/c/query",
      request: { query_embeddings: [[0.1]], where: { a: SECRET } },
      response: { ids: [["1"]], documents: [[SECRET]] },
    },
  ],
  [
    "pinecone",
    {
      path: "/query",
      request: { topK: 2, vector: [0.5], filter: { a: SECRET } },
      response: { matches: [{ id: "1", metadata: { text: SECRET } }] },
    },
  ],
  [
    "weaviate",
    {
      path: "/v1/graphql",
      request: { query: `{ Get { Article(nearText: { concepts: ["${SECRET}"] }) { title } } }` },
      response: { data: { Get: { Article: [{ title: SECRET }] } } },
    },
  ],
  [
    "elasticsearch",
    {
      path: "/i/_search",
      request: { query: { semantic: { field: "f", query: SECRET } } },
      response: { hits: { hits: [{ _id: "1", _source: { text: SECRET } }] } },
    },
  ],
  [
    "anthropic-messages",
    {
      path: "/v1/messages",
      request: { system: SECRET, tools: [{ name: "f", description: SECRET }] },
      response: { content: [{ type: "text", text: SECRET }], stop_reason: "end_turn" },
    },
  ],
  [
    "gemini",
    {
      path: "/v1beta/models/m:generateContent",
      request: { contents: [{ parts: [{ text: SECRET }] }], systemInstruction: { parts: [{ text: SECRET }] } },
      response: { candidates: [{ content: { parts: [{ text: SECRET }] }, finishReason: "STOP" }] },
    },
  ],
  [
    "bedrock-converse",
    {
      path: "/model/m/converse",
      request: { messages: [{ role: "user", content: [{ text: SECRET }] }], system: [{ text: SECRET }] },
      response: { output: { message: { role: "assistant", content: [{ text: SECRET }] } }, stopReason: "end_turn" },
    },
  ],
  [
    "bedrock-invoke",
    {
      path: "/model/m/invoke",
      request: { inputText: SECRET },
      response: { results: [{ outputText: SECRET, completionReason: "FINISH" }] },
    },
  ],
  ["cohere", { path: "/v2/chat", response: { message: { content: [{ type: "text", text: SECRET }] } } }],
]);

/** Names that only the conventions or Telltale give. */
const KNOWN = /^(gen_ai|openai|anthropic|aws|telltale|error|server|http|db)\.[a-z0-9_.]+$/;

describe.each([...wires, template])("wire $name", (wire) => {
  it("has a name of its own, made of words", () => {
    expect(wire.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(wires.filter(({ name }) => name === wire.name).length).toBeLessThanOrEqual(1);
  });

  it("claims no request of others, and answers for any path", () => {
    for (const path of ["/", "/v1/x", "/v1/traces", "/api/public/ingestion"]) {
      expect(wire.claims({ ...request, path })).toBe(false);
    }
    fc.assert(fc.property(fc.webPath(), (path) => typeof wire.claims({ ...request, path }) === "boolean"));
  });

  it("reads a call that nobody answered", () => {
    const reading = wire.read(call, { captureContent: true });
    expect(reading?.attributes.get("gen_ai.operation.name")).toEqual(expect.any(String));
    expect(reading?.name).not.toBe("");
    expect([...(reading?.attributes.keys() ?? [])].every((name) => !name.startsWith("gen_ai.usage."))).toBe(true);
  });

  it("reads any bytes without throwing, and changes nothing it was given", () => {
    const outcome = fc.constantFrom("complete" as const, "cut" as const, "abandoned" as const);
    const streams = fc.array(bodies).map((all) => all.map((body) => `data: ${body}\n\n`).join(""));
    fc.assert(
      fc.property(
        bodies,
        fc.oneof(bodies, streams),
        fc.constantFrom(200, 404, 500),
        outcome,
        (sent, got, status, end) => {
          const responseBytes = Buffer.from(got);
          const answer = { responseBody: got, responseBytes, status, outcome: end };
          const given: Call = Object.freeze({ ...call, requestBody: sent, requestJson: parseJson(sent), ...answer });
          for (const contentType of ["application/json", "text/event-stream"]) {
            const reading = wire.read({ ...given, contentType }, { captureContent: true });
            for (const name of reading?.attributes.keys() ?? []) expect(name).toMatch(KNOWN);
          }
        },
      ),
    );
  });

  it("asks for no header of the answer that it does not name", () => {
    const sample = SAMPLES.get(wire.name);
    const requestBody = JSON.stringify({ ...ASKED, ...sample?.request });
    for (const host of [request.host, "api.openai.com", "localhost"])
      for (const status of [200, 400, 404, 500])
        for (const responseBody of ["", JSON.stringify(sample?.response ?? ANSWERED), '{"message":"m","__type":"T"}']) {
          const asked = { ...request, host, path: sample?.path ?? request.path };
          const names = wire.headers?.(asked) ?? [];
          const header = (name: string): string => (expect(names).toContain(name), "");
          const answer = {
            status,
            responseBody,
            responseBytes: Buffer.from(responseBody),
            outcome: "complete" as const,
          };
          const given = {
            ...call,
            request: asked,
            requestBody,
            requestJson: parseJson(requestBody),
            ...answer,
            header,
          };
          wire.read(given, { captureContent: true });
        }
  });

  it("says no word of the content when it is not wanted", () => {
    const secret = "a very secret word";
    const sample = SAMPLES.get(wire.name);
    const requestBody = JSON.stringify({ ...ASKED, ...sample?.request }).replaceAll(SECRET, secret);
    const responseBody = JSON.stringify(sample?.response ?? ANSWERED).replaceAll(SECRET, secret);
    const responseBytes = Buffer.from(responseBody);
    const asked = { ...request, path: sample?.path ?? request.path };
    const answer = { status: 200, responseBody, responseBytes, outcome: "complete" as const };
    const given = { ...call, request: asked, requestBody, requestJson: parseJson(requestBody), ...answer };
    const reading = wire.read(given, { captureContent: false });
    expect(reading).toBeDefined();
    expect(JSON.stringify([...(reading?.attributes ?? [])])).not.toContain("secret");
    if (reading?.kind !== "retrieval") expect(reading?.attributes.get("gen_ai.request.model")).toBe("m");
  });
});
