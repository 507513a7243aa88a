import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BUDGET_REPORT } from "../packages/web/src/fixture/budget-fixture.ts";
import { CATALOGUE, COST, ESTIMATE, OWN_PRICES } from "../packages/web/src/fixture/price-fixture.ts";
import { supportRun } from "../packages/web/src/fixture/support-run.ts";
import { traceListFixture } from "../packages/web/src/fixture/trace-list-fixture.ts";
import { FixtureServer } from "./fixture-server.ts";
import { expectAccessible, expectNoSidewaysScroll, expectReachable } from "./page-checks.ts";
import { usePage } from "./use-page.ts";

/* Every page on a phone and on a tablet. */

const now = Date.now();
const run = supportRun({ seed: 5, startTime: now - 90_000 });
const failed = run.spans.find(({ status }) => status === "error");
const server = new FixtureServer({
  traces: [run.summary, ...traceListFixture(60, now - 120_000)],
  opened: new Map([[run.summary.traceId, run]]),
  budgets: BUDGET_REPORT,
  cost: COST,
  estimate: ESTIMATE,
  catalogue: CATALOGUE,
  ownPrices: OWN_PRICES,
  answer: {
    columns: ["trace_id", "root_name", "cost_usd"],
    types: ["String", "String", "Nullable(Decimal(38, 9))"],
    rows: Array.from({ length: 90 }, (_, row) => [run.summary.traceId, `call ${row}`, "0.01"]),
    truncated: false,
    elapsedMs: 4.2,
  },
});
const tab = usePage(server);
const trace = `/trace/${run.summary.traceId}`;

const SIZES = { phone: { width: 390, height: 844 }, tablet: { width: 768, height: 1024 } } as const;

/** By the name of the page: addresses, and what shows that they are drawn. */
const PLACES: { readonly [page: string]: readonly (readonly [path: string, sign: string])[] } = {
  traces: [
    ["/?range=all", "role=row >> nth=3"],
    ["/?filter=status:error%20modle:gpt", "text=there is no field"],
  ],
  trace: [
    [`${trace}?view=reader`, "text=needs the refund policy"],
    [`${trace}?view=waterfall`, "role=row >> nth=3"],
    [`${trace}?view=log`, "text=search_knowledge_base"],
    [`${trace}?view=waterfall&tab=io&span=${failed?.spanId}`, "text=PaymentGatewayTimeout"],
    [`${trace}?view=waterfall&tab=attributes&span=${failed?.spanId}`, "role=tabpanel"],
    [`${trace}?view=waterfall&tab=json&span=${failed?.spanId}`, "role=tabpanel"],
    ["/trace/xyz", "text=This is no trace id"],
    [`/trace/${"f".repeat(32)}`, "text=There is no such trace"],
  ],
  cost: [
    [`/cost?trace=${run.summary.traceId}&model=gpt-4o`, "role=table"],
    ["/cost?day=2026-11-20", "role=table"],
  ],
  budgets: [["/budgets", "role=meter >> nth=0"]],
  prices: [["/prices", "text=gpt-4o-mini"]],
  query: [["/query", "role=textbox[name=SQL]"]],
  none: [[`/nothing/${"here".repeat(30)}`, "text=There is no such page"]],
};
const CASES = Object.entries(SIZES).flatMap(([size, { width, height }]) =>
  Object.values(PLACES)
    .flat()
    .map(([path, sign]) => ({ size, width, height, path, sign })),
);

it("are all tried", () => {
  const pages = readdirSync(join(import.meta.dirname, "../packages/web/src/pages"));
  expect(Object.keys(PLACES).toSorted()).toEqual([...pages.map((file) => file.replace(".tsx", "")), "none"].toSorted());
});

it.each(CASES)(
  "on a $size $path does not scroll sideways, and all of it is in reach",
  async ({ path, sign, ...size }) => {
    await tab.open(path, size);
    await tab.page.locator(sign).first().waitFor();
    await expectNoSidewaysScroll(tab.page);
    await expectReachable(tab.page);
    expect(tab.errors.filter((error) => !error.includes("404"))).toEqual([]);
  },
);

describe.each(["light", "dark"] as const)("on a phone in %s colours", (theme) => {
  const phone = { ...SIZES.phone, theme };

  it("pages are accessible", async () => {
    for (const [path, sign] of Object.values(PLACES).flat()) {
      await tab.open(path, phone);
      await tab.page.locator(sign).first().waitFor();
      await expectAccessible(tab.page);
    }
  });

  it("what opens over the list fits", async () => {
    await tab.open("/?range=all", phone);
    await tab.page.getByRole("row").nth(3).waitFor();
    await tab.page.getByRole("button", { name: "Show the facets" }).click();
    await tab.page.getByRole("checkbox", { name: "error" }).click();
    await tab.page.waitForURL(/filter=status:error/);
    await expectReachable(tab.page);
    await tab.page.getByRole("button", { name: "Hide the facets" }).click();
    await tab.page.getByRole("button", { name: "All time" }).click();
    await tab.page.getByRole("button", { name: "Show this range" }).waitFor();
    await expectReachable(tab.page);
    await tab.page.keyboard.press("Escape");
    await tab.page.getByRole("button", { name: "Search commands" }).click();
    await tab.page.getByRole("dialog").waitFor();
    await expectReachable(tab.page);
    await expectNoSidewaysScroll(tab.page);
  });

  it("an alert is followed: list, failed trace, its next error, and back", async () => {
    await tab.open("/?range=all", phone);
    await tab.page.getByRole("link", { name: "support_request" }).first().click();
    await tab.page.getByRole("button", { name: "Waterfall" }).click();
    await tab.page.getByTitle("Go to the next error (E)").click();
    await tab.page.getByText("PaymentGatewayTimeout:").waitFor();
    await expectReachable(tab.page);
    await tab.page.getByRole("button", { name: "Close the details" }).click();
    await tab.page.getByRole("treegrid").waitFor();
    await tab.page.getByRole("link", { name: "Traces", exact: true }).first().click();
    await tab.page.getByRole("row").nth(3).waitFor();
    expect(tab.errors).toEqual([]);
  });

  it("a budget is written", async () => {
    await tab.open("/budgets", phone);
    await tab.page.getByRole("button", { name: "Add a budget" }).click();
    await tab.page.getByRole("button", { name: "Narrow it" }).click();
    await expectReachable(tab.page);
    await expectNoSidewaysScroll(tab.page);
  });

  it("an answer of SQL scrolls in its own box", async () => {
    await tab.open("/query", phone);
    await tab.page.getByRole("button", { name: "Run", exact: true }).click();
    await tab.page.getByText("90 rows").waitFor();
    expect(await tab.page.getByRole("row").count()).toBeLessThan(60);
    await expectReachable(tab.page);
    await expectNoSidewaysScroll(tab.page);
  });
});

it("where a phone is short the strip scrolls away and rows stay", async () => {
  await tab.open("/?range=all", { width: 390, height: 560 });
  await tab.page.getByRole("row").nth(3).waitFor();
  const table = await tab.page.getByRole("table", { name: "Traces" }).boundingBox();
  expect(table?.height).toBeGreaterThan(300);
  await tab.page
    .getByText("First")
    .or(tab.page.getByText(/^\d+ traces$/))
    .first()
    .scrollIntoViewIfNeeded();
  await expectReachable(tab.page);
});

it("a first start on a phone shows how to send", async () => {
  const empty = new FixtureServer();
  await tab.open("/", { ...SIZES.phone, base: await empty.start() });
  await tab.page.getByText("Waiting for the first span").waitFor();
  await expectNoSidewaysScroll(tab.page);
  await expectReachable(tab.page);
  await empty.stop();
});
