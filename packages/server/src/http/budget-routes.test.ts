import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BudgetFile } from "../budget/budget-file.ts";
import type { Reader } from "../query.ts";
import { createApi } from "./create-api.ts";
import { LiveFeed } from "./live-feed.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-budget-routes-"));
const path = join(directory, "telltale.budgets.json");
const emptyStore: Reader = { rows: () => Promise.resolve([]), bytes: () => Promise.reject(new Error("asked")) };
const json = { "content-type": "application/json" };
let server: Server;
let address: string;

beforeAll(async () => {
  const api = createApi({
    reader: emptyStore,
    live: new LiveFeed(),
    health: { ready: () => true, status: () => ({}) },
    metrics: { render: () => "" },
    version: "1.2.3",
    budgets: new BudgetFile(path),
  });
  server = createServer(api).listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/budgets`;
});

afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function ask(method: string, search = "", body?: unknown): Promise<{ status: number; body: unknown }> {
  const init = body === undefined ? { method } : { method, headers: json, body: JSON.stringify(body) };
  const response = await fetch(address + search, init);
  return { status: response.status, body: await response.json() };
}

const day = { name: "the day", amount: "25.00", period: "day" };
const users = { name: "users", amount: "5", period: "month", each: "user", covers: { project: "shop" } };

describe("/api/v1/budgets", () => {
  it("makes budgets, replaces the one of a name, and takes one away", async () => {
    expect(await ask("GET")).toEqual({ status: 200, body: { budgets: [], problems: [] } });
    expect(await ask("PUT", "", day)).toEqual({ status: 200, body: { budgets: [day], problems: [] } });
    await ask("PUT", "", users);
    const more = { ...day, amount: "30" };
    expect(await ask("PUT", "", more)).toEqual({ status: 200, body: { budgets: [more, users], problems: [] } });
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ budgets: [more, users] });
    expect(await ask("DELETE", "?name=the%20day")).toEqual({ status: 200, body: { budgets: [users], problems: [] } });
    expect(await ask("DELETE", "?name=the%20day")).toEqual({
      status: 404,
      body: { error: { code: "not-found", message: 'there is no budget "the day"', hint: 'there are "users"' } },
    });
    expect(await ask("GET", "/status")).toMatchObject({ status: 200, body: { budgets: [{ name: "users" }] } });
  });

  it("says what is wrong and where, and changes nothing then", async () => {
    await ask("PUT", "", users);
    const wrong = { ...day, amount: "dear", covers: { model: "m", user: "u" } };
    expect(await ask("PUT", "", wrong)).toMatchObject({
      status: 400,
      body: { error: { code: "bad-budget", message: expect.stringMatching(/^amount: expected dollars as a decimal/) } },
    });
    expect(await ask("PUT", "", { ...wrong, amount: "1" })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/^covers: model cannot be together with user: exact sums/) } },
    });
    expect(await ask("PUT", "", [])).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/^the budget: /) } },
    });
    expect((await fetch(address, { method: "PUT", headers: json, body: "no JSON" })).status).toBe(400);
    expect(
      (await fetch(address, { method: "PUT", headers: { "content-type": "text/plain" }, body: "{}" })).status,
    ).toBe(415);
    expect(await ask("POST")).toMatchObject({ status: 405 });
    expect(await ask("PUT", "/status", day)).toMatchObject({ status: 405 });
    expect(await ask("DELETE")).toMatchObject({ status: 400 });
    expect(await ask("GET", "/status?limit=1000")).toMatchObject({ status: 400 });
    expect(await ask("GET")).toEqual({ status: 200, body: { budgets: [users], problems: [] } });
  });

  it("has a hundred at most", async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ ...day, name: `b${index}` }));
    writeFileSync(path, JSON.stringify({ budgets: many }));
    expect(await ask("PUT", "", { ...day, name: "b7", amount: "1" })).toMatchObject({ status: 200 });
    expect(await ask("PUT", "", day)).toMatchObject({
      status: 400,
      body: { error: { message: "budgets: at most 100 budgets" } },
    });
  });

  it("holds what held, and writes nothing, where somebody's hand made the file wrong", async () => {
    writeFileSync(path, JSON.stringify({ budgets: [day] }));
    await ask("GET");
    const byHand = '{ "budgets": [{ "name": "the day", "amount": "-1", "period": "day" }] }';
    writeFileSync(path, byHand);
    const problems = [{ where: "budgets[0].amount", problem: expect.stringMatching(/^expected dollars/) }];
    expect(await ask("GET")).toEqual({ status: 200, body: { budgets: [day], problems } });
    expect(await ask("GET", "/status")).toMatchObject({ body: { budgets: [{ name: "the day" }], problems } });
    for (const answer of [await ask("PUT", "", users), await ask("DELETE", "?name=the%20day")])
      expect(answer).toMatchObject({
        status: 400,
        body: { error: { code: "bad-budgets", message: expect.stringMatching(/^the file of budgets is wrong: /) } },
      });
    expect(readFileSync(path, "utf8")).toBe(byHand);
  });

  it("takes nothing from a page of another site", async () => {
    const answer = await fetch(address, { method: "DELETE", headers: { "sec-fetch-site": "cross-site" } });
    expect(answer.status).toBe(403);
  });
});
