import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly notes: string;
}

/** Runs the program as a person does. */
function telltale(line: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  const env = { PATH: process.env["PATH"], HOME: "/nowhere", ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, ["--conditions=development", MAIN, ...line], { env }, (error, output, notes) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, output, notes });
    });
  });
}

let server: Server | undefined;
afterEach(() => void server?.close());

/** An HTTP server that answers as told, for what happens when the other side is not as hoped. */
async function answering(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("help", () => {
  test.each([[[]], [["--help"]], [["-h"]], [["help"]]])("telltale %j lists every command", async (line) => {
    const { code, output } = await telltale(line);
    expect(code).toBe(0);
    for (const name of ["serve", "demo", "query", "doctor"]) expect(output).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  test.each(["serve", "demo", "query", "doctor"])("telltale %s --help explains it, with examples", async (name) => {
    const { code, output } = await telltale([name, "--help"]);
    expect(code).toBe(0);
    expect(output).toContain("Examples");
    expect(await telltale(["help", name])).toEqual({ code, output, notes: "" });
  });

  test("an unknown command names the nearest and ends with 2", async () => {
    const { code, notes } = await telltale(["sevre"]);
    expect(code).toBe(2);
    expect(notes).toContain("Did you mean telltale serve?");
  });
});

describe("serve", () => {
  test.each(["0.0.0.0", "::", "192.168.0.10"])("refuses to listen on %s, and says what to do", async (host) => {
    const { code, notes } = await telltale(["serve", "--host", host]);
    expect(code).toBe(1);
    expect(notes).toContain("ssh -L");
  });

  test.each([["--port", "70000"], ["--port", "x"], ["surplus"]])("refuses %s %s as wrongly asked", async (...line) => {
    expect((await telltale(["serve", ...line])).code).toBe(2);
  });
});

describe("query", () => {
  const ANSWER = { columns: ["a\u001b[2J", "n"], types: ["String", "UInt64"], rows: [["=1+1", "7"]], truncated: false };

  test("prints a table, and shows what would move the cursor", async () => {
    const url = await answering((_, response) => response.end(JSON.stringify(ANSWER)));
    const { code, output, notes } = await telltale(["query", "SELECT 1", "--url", url]);
    expect(code).toBe(0);
    expect(output.split("\n")[0]).toBe("a\\x1b[2J  n");
    expect(notes).toBe("1 row\n");
  });

  test("prints CSV that no spreadsheet computes, and JSON", async () => {
    const url = await answering((_, response) => response.end(JSON.stringify(ANSWER)));
    const csv = await telltale(["query", "SELECT 1", "--format", "csv"], { TELLTALE_URL: url });
    expect(csv.output.split("\n")[1]).toBe("'=1+1,7");
    const json = await telltale(["query", "SELECT 1", "--format", "json"], { TELLTALE_URL: url });
    expect(JSON.parse(json.output)).toEqual([{ "a\u001b[2J": "=1+1", n: "7" }]);
  });

  test("passes on the server's message and hint, and ends with 1", async () => {
    const error = { code: "bad-query", message: "there is no column costt", hint: "did you mean cost_usd?" };
    const url = await answering((_, response) => response.writeHead(400).end(JSON.stringify({ error })));
    const { code, notes } = await telltale(["query", "SELECT costt FROM spans", "--url", url]);
    expect(code).toBe(1);
    expect(notes).toBe("there is no column costt\ndid you mean cost_usd?\n");
  });

  test("says so when nobody answers, or somebody else", async () => {
    const url = await answering((_, response) => response.end("<html>"));
    expect((await telltale(["query", "SELECT 1", "--url", url])).notes).toContain("not as Telltale does");
    server?.close();
    expect((await telltale(["query", "SELECT 1", "--url", url])).notes).toContain("Nobody answers");
  });

  test.each([[[]], [["  "]], [["SELECT", "1"]], [["SELECT 1", "--format", "xml"]], [["SELECT 1", "--url", "x"]]])(
    "%j is wrongly asked",
    async (line) => {
      expect((await telltale(["query", ...line])).code).toBe(2);
    },
  );
});

describe("doctor", () => {
  test("says that nobody listens and how to start", async () => {
    const url = await answering((_, response) => response.end());
    server?.close();
    const { code, output } = await telltale(["doctor", "--url", url, "--data", "/tmp"]);
    expect(code).toBe(1);
    expect(output).toContain(`nobody listens on ${url}`);
    expect(output).toContain("Start it: telltale serve");
  });

  test("tells another program on the port from Telltale", async () => {
    const url = await answering((_, response) => response.writeHead(404).end("not found"));
    const { code, output } = await telltale(["doctor", "--url", url, "--data", "/tmp"]);
    expect(code).toBe(1);
    expect(output).toContain("something else than Telltale");
    if (process.platform === "linux") expect(output).toContain(`process ${process.pid}`);
  });
});

test("demo says that nobody would see it before it starts, and ends with 1", async () => {
  const url = await answering((_, response) => response.end());
  server?.close();
  const { code, output, notes } = await telltale(["demo", "--url", url]);
  expect({ code, output }).toEqual({ code: 1, output: "" });
  expect(notes).toContain(`Nobody answers at ${url}`);
});

test.runIf(process.platform === "linux")("serve says where no data directory can be made", async () => {
  for (const directory of ["/proc/telltale", join(MAIN, "data")]) {
    const { code, notes } = await telltale(["serve", "--port", "0", "--no-demo", "--data", directory]);
    expect(code).toBe(1);
    expect(notes).toContain(`The data directory ${directory} cannot be used`);
  }
});
