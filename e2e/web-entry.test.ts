import { execFile } from "node:child_process";
import { cp, readFile, symlink } from "node:fs/promises";
import { createServer, type IncomingMessage, request as send, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { answerOrigin } from "../packages/server/src/receive/allowed-origins.ts";
import { type SpanSink, startSpanSink } from "../packages/sdk/src/testing/span-sink.ts";
import { launchBrowser } from "./browser.ts";
import { bundleAlone, WEB_BUNDLERS } from "./bundles/web-bundlers.ts";
import { openaiScript } from "./clients/servers/openai.ts";
import { type ScriptedServer, startScriptedServer } from "./clients/testing/scripted-server.ts";
import { type InstalledSdk, installSdk } from "./installed-sdk.ts";
import { toldOf } from "./told-spans.ts";

/* The SDK in a real browser: pages and their workers, against a model and a collector of other origins. */

const bundles = join(import.meta.dirname, "bundles");
const SAID = "You said: Where is it? / You said: Where is it?";
const ANY_PAGE = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*, authorization",
  "access-control-expose-headers": "*",
};
const TYPES = new Map([
  [".html", "text/html"],
  [".js", "text/javascript"],
  [".mjs", "text/javascript"],
]);
/** What a page loads before its first line runs, shortened and in gzip. Measured: see docs/guides/browsers-and-workers.md. */
const LARGEST_START = 60 * 1024;

let model: ScriptedServer;
let sink: SpanSink;
let sdk: InstalledSdk;
let browser: Browser;
let collector: Server;
let expected: unknown;
const servers: Server[] = [];

beforeAll(async () => {
  model = await startScriptedServer((request) => {
    if (request.method === "OPTIONS") return { status: 204, headers: ANY_PAGE };
    const reply = openaiScript(request);
    return typeof reply === "string" ? reply : { ...reply, headers: { ...reply.headers, ...ANY_PAGE } };
  });
  sink = await startSpanSink();
  sdk = await installSdk();
  await symlink(join(bundles, "node_modules", "openai"), join(sdk.folder, "node_modules", "openai"));
  await cp(join(bundles, "programs"), sdk.folder, { recursive: true });
  browser = await launchBrowser();
  const env = {
    ...process.env,
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: `${model.url}/v1`,
    OTEL_SERVICE_NAME: "forms",
  };
  await promisify(execFile)(process.execPath, ["answer.mjs"], {
    cwd: sdk.folder,
    env: { ...env, TELLTALE_ENDPOINT: sink.endpoint },
  });
  expected = toldOf(sink.spans);
});
afterAll(async () => {
  for (const server of servers) server.close();
  await browser.close();
  await Promise.all([model.stop(), sink.stop()]);
  await sdk.remove();
});

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  collector = server;
  return `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
}

/** A collector that lets pages of these origins send, as `telltale serve --allow-origin` does. */
function startCollector(origins: readonly string[]): Promise<string> {
  return listen((request, response) => {
    if (answerOrigin(request, response, origins)) return;
    const { method = "", url = "", headers } = request;
    const passed = send(sink.endpoint + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500);
      answer.pipe(response);
    });
    request.pipe(passed);
  });
}

function servePages(folder: string): Promise<string> {
  return listen((request, response) => {
    const file = resolve(folder, `.${request.url === "/" ? "/index.html" : request.url}`);
    readFile(file).then(
      (content) => response.writeHead(200, { "content-type": TYPES.get(extname(file)) ?? "text/plain" }).end(content),
      () => response.writeHead(404).end(),
    );
  });
}

interface Program {
  answer(place: object): Promise<string>;
  answerInWorker(place: object): Promise<string>;
  leave(place: object): void;
}

async function openPage(origin: string): Promise<{ page: Page; said: string[] }> {
  sink.clear();
  const page = await browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(origin);
  return { page, said };
}

describe.each(WEB_BUNDLERS)("a page bundled by %s", (_, bundle) => {
  let origin: string;
  let place: object;
  beforeAll(async () => {
    origin = await servePages(await bundle(sdk.folder));
    place = { endpoint: await startCollector([origin]), baseURL: `${model.url}/v1` };
  });

  it("tells the same spans as Node, of a chat and a stream through the real client", async () => {
    const { page, said } = await openPage(origin);
    const run = (given: object): Promise<string> =>
      (globalThis as unknown as { program: Program }).program.answer(given);
    expect(await page.evaluate(run, place)).toBe(SAID);
    expect(toldOf(sink.spans)).toEqual(expected);
    expect(sink.requests.every(({ headers }) => headers.origin === origin)).toBe(true);
    expect(said.filter((line) => !line.includes("favicon"))).toEqual([]);
    await page.close();
  });

  it("tells the same from a worker of the page", async () => {
    const { page } = await openPage(origin);
    const run = (given: object): Promise<string> =>
      (globalThis as unknown as { program: Program }).program.answerInWorker(given);
    expect(await page.evaluate(run, place)).toBe(SAID);
    expect(toldOf(sink.spans)).toEqual(expected);
    await page.close();
  });

  it("sends what is left when the page is left, without its secrets", async () => {
    const { page } = await openPage(origin);
    await page.evaluate((given) => (globalThis as unknown as { program: Program }).program.leave(given), {
      ...place,
      to: `${origin}/index.html?next`,
    });
    await vi.waitFor(
      () => expect(sink.spans.map(({ name }) => name).toSorted()).toEqual(["finished", "never ends"]),
      5000,
    );
    const open = sink.spans.find(({ name }) => name === "never ends");
    expect(open?.attributes).toMatchObject({
      "telltale.outcome": "abandoned",
      "gen_ai.input.messages": expect.any(String),
    });
    expect(JSON.stringify(open?.attributes)).not.toContain("ada@");
    expect(JSON.stringify(open?.attributes)).toContain("[email]");
    await page.close();
  });
});

it("a collector that does not allow the page gets nothing, and the program notices nothing", async () => {
  const [, [, bundle] = []] = WEB_BUNDLERS;
  const origin = await servePages((await bundle?.(sdk.folder)) ?? "");
  const { page } = await openPage(origin);
  const place = { endpoint: await startCollector(["https://other.example"]), baseURL: `${model.url}/v1` };
  const answered = page.evaluate(
    (given) => (globalThis as unknown as { program: Program }).program.answer(given),
    place,
  );
  // Its flush waits for a server that may come back.
  void answered.catch(() => {});
  await vi.waitFor(
    () => expect(model.requests.filter(({ method }) => method === "POST").length).toBeGreaterThan(2),
    5000,
  );
  expect(sink.spans).toEqual([]);
  await page.close();
});

it("is small: what a page loads at once, and what comes when it is wanted", async () => {
  const outputs = Object.entries(await bundleAlone(sdk.folder));
  const sizes = await Promise.all(
    outputs.map(async ([file, { imports, entryPoint }]) => {
      const content = await readFile(resolve(file));
      return {
        file,
        entry: entryPoint,
        needs: imports.filter(({ kind }) => kind === "import-statement"),
        bytes: gzipSync(content).length,
      };
    }),
  );
  const start = new Set(sizes.filter(({ entry }) => entry === "<stdin>").map(({ file }) => file));
  for (const file of start) for (const { path } of sizes.find((one) => one.file === file)?.needs ?? []) start.add(path);
  const bytes = sizes.filter(({ file }) => start.has(file)).reduce((sum, one) => sum + one.bytes, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(LARGEST_START);
  const texts = await Promise.all(outputs.map(([file]) => readFile(resolve(file), "utf8")));
  expect(texts.filter((text) => /\bprocess\.|from"node:|import\("node:/.test(text))).toEqual([]);
});
