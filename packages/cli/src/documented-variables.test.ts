import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createNetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { OpenAI } from "openai";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { commands } from "./commands/index.ts";
import { chooseModels } from "./demo/models.ts";
import { parseCall } from "./parse-call.ts";

/* Every variable of docs/reference/configuration.md does what stands there, here or in the test that is named. */

const root = join(import.meta.dirname, "../../..");
const MAIN = join(import.meta.dirname, "main.ts");
const reference = readFileSync(join(root, "docs/reference/configuration.md"), "utf8");
const VARIABLES = Array.from(reference.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm), ([, name = ""]) => name);

type Variables = Readonly<Record<string, string>>;

const folder = mkdtempSync(join(tmpdir(), "telltale-variables-"));
const ORIGIN = "https://app.example";
/** The one server that these variables start, and nothing on the line. */
const SERVED: Record<string, string> = {
  TELLTALE_ALLOW_ORIGIN: ORIGIN,
  TELLTALE_DATA: join(folder, "data"),
  TELLTALE_DEMO: "0",
  TELLTALE_HOST: "127.0.0.2",
  TELLTALE_MAX_BYTES_IN_FLIGHT: "1500",
  TELLTALE_MAX_REQUEST_BYTES: "2000",
};
const JSON_BODY = { "content-type": "application/json" };

interface Run {
  /** Undefined when it ended before it listened. */
  readonly url: string | undefined;
  readonly said: () => string;
  readonly stop: () => Promise<void>;
}

async function run(line: readonly string[], variables: Variables): Promise<Run> {
  const env = { PATH: process.env["PATH"], HOME: folder, ...variables };
  const child = spawn(process.execPath, ["--conditions=development", MAIN, ...line], { env });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const url = Promise.withResolvers<string | undefined>();
  let said = "";
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on("line", (text) => {
      said += `${text}\n`;
      const found = /Look here\s+(http:\S+)/.exec(text)?.[1];
      if (found !== undefined) url.resolve(found);
    });
  void closed.then(() => url.resolve(undefined));
  return {
    url: await url.promise,
    said: () => said,
    stop: async () => {
      child.kill("SIGTERM");
      await closed;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createNetServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.2", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let served: Run;

beforeAll(async () => {
  SERVED["TELLTALE_PORT"] = String(await freePort());
  SERVED["TELLTALE_GRPC_PORT"] = String(await freePort());
  served = await run(["serve"], SERVED);
}, 60_000);
afterAll(async () => {
  await served.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the receiver answers to a body of so many bytes. */
async function statusOf(bytes: number): Promise<number> {
  const body = `{"resourceSpans":[]${" ".repeat(bytes - 20)}}`;
  return (await fetch(`${served.url}/v1/traces`, { method: "POST", headers: JSON_BODY, body })).status;
}

/** Another server, on a directory of its own. */
function runOther(directory: string, variables: Variables): Promise<Run> {
  const own = { TELLTALE_DATA: join(folder, directory), TELLTALE_GRPC_PORT: "off", TELLTALE_PORT: "0" };
  return run(["serve"], { ...SERVED, ...own, ...variables });
}

/** What comes to a server while `work` is at it: paths. */
async function askedDuring(work: (url: string) => Promise<Run>): Promise<readonly string[]> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.setHeader("content-type", "application/json").end('{"columns":[],"rows":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const running = await work(`http://127.0.0.1:${port}`);
  await vi.waitUntil(() => asked.length > 0, 20_000);
  await running.stop();
  server.closeAllConnections();
  server.close();
  return asked;
}

const client = new OpenAI({ apiKey: "none", baseURL: "https://api.openai.com/v1" });

/** By variable: what shows that it is heard, or the test that does. */
const SHOWN: Readonly<Record<string, string | (() => Promise<void>)>> = {
  TELLTALE_ALLOW_ORIGIN: async () => {
    const allowed = async (origin: string): Promise<string | null> => {
      const headers = { ...JSON_BODY, origin };
      const answer = await fetch(`${served.url}/v1/traces`, { method: "POST", headers, body: "{}" });
      return answer.headers.get("access-control-allow-origin");
    };
    expect([await allowed(ORIGIN), await allowed("https://other.example")]).toEqual([ORIGIN, null]);
  },
  TELLTALE_CLICKHOUSE_URL: async () => {
    await askedDuring((url) => runOther("elsewhere", { TELLTALE_CLICKHOUSE_URL: url }));
  },
  TELLTALE_DATA: async () => {
    expect(existsSync(SERVED["TELLTALE_DATA"] ?? "")).toBe(true);
    expect(served.said()).toContain(SERVED["TELLTALE_DATA"]);
  },
  TELLTALE_DEMO: "e2e/first-start.test.ts",
  TELLTALE_DEMO_EMBEDDING_MODEL: async () => {
    expect(await chooseModels(client, { TELLTALE_DEMO_EMBEDDING_MODEL: "own" })).toMatchObject({ embeddings: "own" });
  },
  TELLTALE_DEMO_MODEL: async () => {
    expect(await chooseModels(client, { TELLTALE_DEMO_MODEL: "own" })).toMatchObject({ triage: "own", writer: "own" });
  },
  TELLTALE_ESTIMATES: "packages/server/src/estimate/estimates-live.test.ts",
  TELLTALE_GRPC_PORT: async () => {
    const socket = connect(Number(SERVED["TELLTALE_GRPC_PORT"]), "127.0.0.2");
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    socket.destroy();
  },
  TELLTALE_HOST: async () => {
    expect(new URL(served.url ?? "").hostname).toBe("127.0.0.2");
  },
  TELLTALE_MAX_BYTES_IN_FLIGHT: async () => {
    expect(await statusOf(1800)).toBe(503);
  },
  TELLTALE_MAX_REQUEST_BYTES: async () => {
    expect([await statusOf(1000), await statusOf(2100)]).toEqual([200, 413]);
  },
  TELLTALE_PORT: async () => {
    expect(new URL(served.url ?? "").port).toBe(SERVED["TELLTALE_PORT"]);
  },
  TELLTALE_PRICES: async () => {
    const file = join(folder, "own-prices.json");
    writeFileSync(file, "no JSON");
    const priced = await runOther("priced", { TELLTALE_PRICES: file });
    await vi.waitUntil(() => priced.said().includes("own-prices.json"), 20_000);
    await priced.stop();
  },
  TELLTALE_URL: async () => {
    expect(await askedDuring((url) => run(["query", "SELECT 1"], { TELLTALE_URL: url }))).toEqual(["/api/v1/query"]);
  },
};

describe("variables of the commands", () => {
  it("are all here or named with the test that shows them", () => {
    expect(Object.keys(SHOWN)).toEqual(VARIABLES);
    for (const shown of Object.values(SHOWN))
      if (typeof shown === "string") expect(existsSync(join(root, shown))).toBe(true);
  });

  it.each(Object.entries(SHOWN).filter(([, shown]) => typeof shown !== "string"))("%s is heard", async (_, shown) => {
    if (typeof shown !== "string") await shown();
  });

  it("stand for their options in every command that has them, and lose against the line", () => {
    for (const command of commands)
      for (const [name, { environment, type }] of Object.entries(command.options)) {
        if (environment === undefined) continue;
        const value = (line: readonly string[], told: string): unknown =>
          parseCall(command, line, { [environment]: told }).options.get(name);
        if (type === "boolean") expect([value([], "1"), value([`--no-${name}`], "1")]).toEqual([true, false]);
        else expect([value([], "told"), value([`--${name}`, "line"], "told")]).toEqual(["told", "line"]);
      }
  });
});
