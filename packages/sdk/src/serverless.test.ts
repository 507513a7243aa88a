import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FakeOpenai, startFakeOpenai } from "./testing/fake-openai.ts";
import { type SpanSink, startSpanSink } from "./testing/span-sink.ts";

let model: FakeOpenai;
let sink: SpanSink;

beforeAll(async () => {
  [model, sink] = await Promise.all([startFakeOpenai(), startSpanSink()]);
});
afterAll(() => Promise.all([model.stop(), sink.stop()]));

/** What a platform runs around a function: asks for an event, has it handled, says the answer, asks again. */
const PLATFORM = `
import { AsyncLocalStorage } from "node:async_hooks";
import { Telltale } from "@telltale/sdk";
const requests = new AsyncLocalStorage();
const next = process.env.RUNTIME + "/next";
async function serve(handler, platform) {
  for (;;) {
    const event = await (await fetch(next)).json();
    const later = [];
    const context = { waitUntil: (work) => void later.push(work) };
    const answer = await requests.run(context, () => handler(event, context));
    await fetch(process.env.RUNTIME + "/response", { method: "POST", body: JSON.stringify(answer) });
    await Promise.all(later);
    if (platform === "edge") await fetch(process.env.RUNTIME + "/idle", { method: "POST" });
  }
}
const ask = async (question) => {
  const body = JSON.stringify({ model: "echo", messages: [{ role: "user", content: question }] });
  const answer = await fetch(process.env.OPENAI_BASE_URL + "/chat/completions", { method: "POST", body });
  return (await answer.json()).choices[0].message.content;
};
`;

/** As in docs/guides/sending-and-sampling.md. */
const LAMBDA = `
Telltale.initialize();
const handler = async ({ question }) => {
  try {
    return await Telltale.withWorkflow("handle", () => ask(question));
  } finally {
    await Telltale.flush(5000);
  }
};
await serve(handler, "lambda");
`;

const WAITING = `
Telltale.initialize();
const handler = async ({ question }, context) => {
  const answer = await Telltale.withWorkflow("handle", () => ask(question));
  context.waitUntil(Telltale.flush(5000));
  return answer;
};
await serve(handler, "edge");
`;

const ANSWERING = `
const handler = ({ question }) => Telltale.withWorkflow("handle", () => ask(question));
await serve(handler, "edge");
`;

const OPTION = `
Telltale.initialize({ waitUntil: (work) => requests.getStore().waitUntil(work) });
${ANSWERING}`;

/** As @vercel/functions finds the request, and a program finds it that does not know of it. */
const VERCEL = `
globalThis[Symbol.for("@vercel/request-context")] = { get: () => requests.getStore() };
Telltale.initialize();
${ANSWERING}`;

const OPEN_NEXT = `
Object.defineProperty(globalThis, Symbol.for("__cloudflare-context__"), { get: () => ({ ctx: requests.getStore() }) });
Telltale.initialize();
${ANSWERING}`;

interface Platform {
  readonly url: string;
  readonly server: Server;
  /** Resolves with the number of spans that had arrived when the function was frozen. */
  frozen(): Promise<number>;
}

/** Freezes the process at the moment in which a real platform does: when it has answered, or is idle. */
async function startPlatform(freezeAt: "/response" | "/idle", freeze: () => void): Promise<Platform> {
  const queue = ["one", "two"];
  let tell: (spans: number) => void = () => {};
  const server = createServer((request: IncomingMessage, response) => {
    if (request.url === "/next") {
      const question = queue.shift();
      if (question !== undefined) response.end(JSON.stringify({ question }));
      return;
    }
    if (request.url === freezeAt) {
      freeze();
      tell(sink.spans.length);
    }
    request.resume().on("end", () => response.end("{}"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    frozen: () =>
      new Promise((resolve) => {
        tell = resolve;
      }),
  };
}

it.each([
  ["flushed before it answers, as on AWS Lambda", LAMBDA, "/response"],
  ["given to waitUntil, as on Vercel and Cloudflare", WAITING, "/idle"],
  ["waited for by the option waitUntil", OPTION, "/idle"],
  ["waited for as Vercel's request says, without a word in the program", VERCEL, "/idle"],
  ["waited for as OpenNext's request says on Cloudflare", OPEN_NEXT, "/idle"],
] as const)("a function that is frozen between its calls has sent every span: %s", async (_, text, freezeAt) => {
  sink.clear();
  const platform = await startPlatform(freezeAt, () => child.kill("SIGSTOP"));
  const first = platform.frozen();
  const child = spawn(
    process.execPath,
    ["--conditions=development", "--input-type=module", "--eval", PLATFORM + text],
    {
      cwd: import.meta.dirname,
      env: {
        PATH: process.env["PATH"],
        RUNTIME: platform.url,
        OPENAI_BASE_URL: model.baseUrl,
        TELLTALE_ENDPOINT: sink.endpoint,
      },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  try {
    expect(await first).toBe(2);
    const second = platform.frozen();
    child.kill("SIGCONT");
    expect(await second).toBe(4);
    expect(sink.spans.map(({ name }) => name)).toEqual([
      "chat echo",
      "invoke_workflow handle",
      "chat echo",
      "invoke_workflow handle",
    ]);
  } finally {
    child.kill("SIGKILL");
    platform.server.closeAllConnections();
    platform.server.close();
  }
});
