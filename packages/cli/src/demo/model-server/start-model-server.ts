import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { answerChat } from "./answer-chat.ts";
import { answerEmbeddings } from "./answer-embeddings.ts";
import { answerResponses } from "./answer-responses.ts";
import { ModelContext, sendError, sendJson } from "./model-context.ts";

/** A scripted model server that runs. */
export interface ModelServer {
  /** For `baseURL` of a client: `http://127.0.0.1:…/v1`. */
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** How it runs. */
export interface ModelServerOptions {
  /** 1 is as fast as a hosted model, 10 ten times faster. Default 1. */
  readonly speed?: number;
}

/** A request of the demo is a few kilobytes; more is somebody else's. */
const LONGEST_REQUEST = 16 * 1024 * 1024;

/**
 * Starts a server on loopback that speaks OpenAI's API (chat completions, responses, embeddings,
 * models) and answers from a script that reads the conversation. Nothing leaves the machine.
 */
export async function startModelServer({ speed = 1 }: ModelServerOptions = {}): Promise<ModelServer> {
  const context = new ModelContext(speed);
  const server = createServer((request, response) => {
    answer(request, response, context).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, 400, String(error), "invalid_request_error");
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The scripted model server has no port.");
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const MODELS = ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-5-mini", "text-embedding-3-small"];

async function answer(request: IncomingMessage, response: ServerResponse, context: ModelContext): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "GET" && pathname === "/v1/models") {
    return sendJson(response, 200, { object: "list", data: MODELS.map((id) => ({ id, object: "model" })) });
  }
  const route = request.method === "POST" ? ROUTES.get(pathname) : undefined;
  if (route === undefined) return sendError(response, 404, `Nothing is at ${pathname}.`, "not_found");
  const body = await readBody(request);
  const status = context.hiccups.next(body);
  if (status === 429) return sendError(response, 429, "Rate limit reached for requests.", "rate_limit_exceeded");
  if (status === 500) return sendError(response, 500, "The server had an error while processing.", "server_error");
  await route(body, response, context);
}

type Route = (body: string, response: ServerResponse, context: ModelContext) => Promise<void>;

// The openai client sends what its types say; anything else ends as a 400.
const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["/v1/chat/completions", (body, ...rest) => answerChat(JSON.parse(body), ...rest)],
  ["/v1/embeddings", (body, ...rest) => answerEmbeddings(JSON.parse(body), ...rest)],
  ["/v1/responses", (body, ...rest) => answerResponses(JSON.parse(body), ...rest)],
]);

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    if (!Buffer.isBuffer(piece)) continue;
    length += piece.length;
    if (length > LONGEST_REQUEST) throw new Error("The request is too large.");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
