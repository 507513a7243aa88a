import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reader } from "../query.ts";
import { createApi } from "./create-api.ts";
import { LiveFeed } from "./live-feed.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-price-routes-"));
const priceFile = join(directory, "telltale.prices.json");
const noStore: Reader = {
  rows: () => Promise.reject(new Error("asked")),
  bytes: () => Promise.reject(new Error("asked")),
};
const json = { "content-type": "application/json" };
let server: Server;
let address: string;

beforeAll(async () => {
  const api = createApi({
    reader: noStore,
    live: new LiveFeed(),
    health: { ready: () => true, status: () => ({}) },
    metrics: { render: () => "" },
    version: "1.2.3",
    priceFile,
  });
  server = createServer(api).listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/prices`;
});

afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function put(body: string, headers: Record<string, string> = json): Promise<{ status: number; body: unknown }> {
  const response = await fetch(address, { method: "PUT", headers, body });
  return { status: response.status, body: await response.json() };
}

describe("/api/v1/prices", () => {
  it("writes, shows and takes away a file of prices", async () => {
    expect(await (await fetch(address)).json()).toEqual({ file: null, problems: [] });
    const file = { prices: [{ name: "contract", provider: "openai", factor: "0.85" }] };
    expect(await put(JSON.stringify(file))).toEqual({ status: 200, body: { file, problems: [] } });
    expect(await (await fetch(address)).json()).toEqual({ file, problems: [] });
    expect(JSON.parse(readFileSync(priceFile, "utf8"))).toEqual(file);
    expect((await fetch(address, { method: "DELETE" })).status).toBe(200);
    expect(await (await fetch(address)).json()).toEqual({ file: null, problems: [] });
  });

  it("says what is wrong and where, and changes nothing then", async () => {
    const right = { prices: [{ name: "a", tokens: { input: "1" } }] };
    await put(JSON.stringify(right));
    expect(await put('{"prices":[{"name":"a","tokens":{"input":"dear"}}]}')).toMatchObject({
      status: 400,
      body: {
        error: {
          code: "bad-prices",
          message: expect.stringMatching(/^prices\[0\]\.tokens\.input: expected a decimal/),
        },
      },
    });
    expect(await put("no JSON")).toMatchObject({ status: 400, body: { error: { code: "bad-input" } } });
    expect(await put("{}", { "content-type": "text/plain" })).toMatchObject({ status: 415 });
    expect((await fetch(address, { method: "POST" })).status).toBe(405);
    expect(await (await fetch(address)).json()).toMatchObject({ file: right });
  });

  it("takes nothing from a page of another site", async () => {
    const answer = await fetch(address, { method: "DELETE", headers: { "sec-fetch-site": "cross-site" } });
    expect(answer.status).toBe(403);
  });
});
