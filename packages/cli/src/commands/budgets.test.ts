import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BudgetReport } from "@telltale/server/api-types";
import { type RunningServer, startServer } from "@telltale/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callOf } from "../testing/call-of.ts";
import { sendCall, untilCalls } from "../testing/send-call.ts";
import { budgets } from "./budgets.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-cli-budgets-"));
const json = { "content-type": "application/json" };
let server: RunningServer;

/** A trace of one call: 1,000 tokens at $2.50 for a million are a quarter of a cent. */
async function send(index: number, user: string, model: string): Promise<void> {
  const start = BigInt(Date.now()) * 1_000_000n;
  await sendCall(server.url, {
    index,
    model,
    start,
    inputTokens: 1000,
    outputTokens: 0,
    ...(user === "" ? {} : { user }),
  });
}

async function put(budget: object): Promise<void> {
  const response = await fetch(`${server.url}/api/v1/budgets`, {
    method: "PUT",
    headers: json,
    body: JSON.stringify(budget),
  });
  expect(response.status).toBe(200);
}

beforeAll(async () => {
  server = await startServer({ port: 0, host: "127.0.0.1", dataDirectory: directory });
  await server.whenReady();
  await send(1, "ada", "gpt-4o");
  await send(2, "ada", "gpt-4o");
  await send(3, "bob", "gpt-4o");
  await send(4, "", "house-1");
  await untilCalls(server.url, 4);
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("telltale budgets", () => {
  it("says that there are none, and where to learn how to make one", async () => {
    const call = callOf({ url: server.url });
    expect(await budgets.run(call)).toBe(0);
    expect(call.terminal.printed).toEqual([]);
    expect(call.terminal.noted).toEqual(["There are no budgets. telltale budgets --help says how to make one."]);
  });

  it("shows what is spent and left, and ends with 1 only when one is over", async () => {
    await put({ name: "all of it", amount: "0.0100", period: "all", covers: { provider: "openai" } });
    const fine = callOf({ url: server.url });
    expect(await budgets.run(fine)).toBe(0);
    expect(fine.terminal.printed.at(-1)).toMatch(
      /^all of it +provider openai +all +≥ 0\.007500000 +0\.010000000 +75\.0 % +0\.002500000 +fine +never$/,
    );
    expect(fine.terminal.noted).toEqual([
      "all of it: 1 call without a wholly known cost: at least this much is spent.",
    ]);
    await put({ name: "users", amount: "0.005", period: "month", each: "user" });
    const over = callOf({ url: server.url, values: "1" });
    expect(await budgets.run(over)).toBe(1);
    expect(over.terminal.printed.at(-1)).toMatch(
      /^users +user ada +month +0\.005000000 +0\.005000000 +100\.0 % +0\.000000000 +over +\d{4}-\d\d-01T00:00Z$/,
    );
    expect(over.terminal.noted.slice(1)).toEqual([
      "users: the first 1 of 2; over 1, near 0.",
      "users: 1 call without a user, for $0.000000000, in none of these.",
    ]);
  });

  it("gives programs the whole answer", async () => {
    const call = callOf({ url: server.url, format: "json" });
    expect(await budgets.run(call)).toBe(1);
    const report = JSON.parse(call.terminal.printed.join("\n")) as BudgetReport;
    expect(report.budgets.map(({ name, state }) => [name, state])).toEqual([
      ["all of it", "fine"],
      ["users", "over"],
    ]);
    expect(report.budgets[1]?.values.map(({ value, spentNanos }) => [value, spentNanos])).toEqual([
      ["ada", "5000000"],
      ["bob", "2500000"],
    ]);
  });

  it("says what the server's gauges say", async () => {
    const gauges = (await (await fetch(`${server.url}/metrics`)).text()).split("\n");
    expect(gauges.filter((line) => line.startsWith("telltale_budget_"))).toEqual([
      'telltale_budget_amount_dollars{budget="all of it"} 0.01',
      'telltale_budget_amount_dollars{budget="users"} 0.005',
      'telltale_budget_spent_dollars{budget="all of it"} 0.0075',
      'telltale_budget_spent_dollars{budget="users"} 0.005',
      'telltale_budget_over{budget="all of it"} 0',
      'telltale_budget_over{budget="users"} 1',
    ]);
  });

  it("ends with 1 when the file is wrong, and says what it cannot use", async () => {
    writeFileSync(join(directory, "telltale.budgets.json"), '{ "budgets": [{}] }');
    const call = callOf({ url: server.url });
    expect(await budgets.run(call)).toBe(1);
    expect(call.terminal.noted.at(-1)).toMatch(/^telltale\.budgets\.json is not used as it is: budgets\[0\]\./);
    await expect(budgets.run(callOf({ url: server.url, values: "0" }))).rejects.toThrow("0 is not a number of lines");
    await expect(budgets.run(callOf({ url: server.url, format: "xml" }))).rejects.toMatchObject({ exitCode: 2 });
    await expect(budgets.run(callOf({ url: server.url }, ["users"]))).rejects.toMatchObject({ exitCode: 2 });
  });
});
