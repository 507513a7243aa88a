import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { errorAnswer } from "./api-error.ts";
import { type Api, type ApiContext, fail } from "./api-route.ts";
import { acceptsGzip } from "./send-answer.ts";
import { loadWebFiles, type WebFile } from "./web-files.ts";

/** Paths of programs: what is not found there is told as JSON and is never a page. */
const PROGRAM_PATH = /^\/(api|v1)(\/|$)/;
/** The last part of a page's path has no extension; a missing file must not come back as a page, but to who reads pages. */
const FILE_PATH = /\.[a-z0-9]+$/i;

/**
 * Adds the built web pages: files by their path, and for every other path of a page the one
 * document that all pages start from. Everything else is 404 or 405.
 */
export function addPages(app: Api, directory: string | undefined): void {
  let files: Promise<ReadonlyMap<string, WebFile>> | undefined;
  app.all("*", async (context) => {
    const { method, path } = context.req;
    if (PROGRAM_PATH.test(path))
      return fail(errorAnswer(404, "unknown-path", `there is nothing at ${path}`, "see /api/v1/openapi.json"));
    if (method !== "GET" && method !== "HEAD") {
      context.env.outgoing.setHeader("Allow", "GET, HEAD");
      return fail(errorAnswer(405, "wrong-method", `${method} is not possible here`, "use GET or HEAD"));
    }
    files ??= directory === undefined ? Promise.resolve(new Map()) : loadWebFiles(directory);
    const found = fileFor(await files, path);
    if (found) return sendFile(context, found, 200);
    const document = (await files).get("/index.html");
    if (document === undefined)
      return fail(errorAnswer(404, "no-pages", "the web pages are not built", "run npm run build"));
    // Somebody typed it or followed a link: the document says what is wrong, where scripts and programs are told by JSON.
    if (context.req.header("accept")?.includes("text/html")) return sendFile(context, document, 404);
    return fail(errorAnswer(404, "unknown-path", `there is nothing at ${path}`));
  });
}

function fileFor(files: ReadonlyMap<string, WebFile>, path: string): WebFile | undefined {
  const file = files.get(path);
  return file ?? (FILE_PATH.test(path) ? undefined : files.get("/index.html"));
}

function sendFile(context: ApiContext, file: WebFile, status: 200 | 404): Response {
  const { incoming, outgoing } = context.env;
  const headers = { ETag: file.etag, "Cache-Control": file.cache, ...(file.gzip ? { Vary: "Accept-Encoding" } : {}) };
  if (status === 200 && context.req.header("if-none-match") === file.etag) {
    outgoing.writeHead(304, headers).end();
    return RESPONSE_ALREADY_SENT;
  }
  const compressed = acceptsGzip(incoming) ? file.gzip : undefined;
  const bytes = compressed ?? file.bytes;
  outgoing.writeHead(status, {
    ...headers,
    "Content-Type": file.type,
    "Content-Length": bytes.byteLength,
    ...(compressed ? { "Content-Encoding": "gzip" } : {}),
  });
  outgoing.end(incoming.method === "HEAD" ? undefined : bytes);
  return RESPONSE_ALREADY_SENT;
}
