import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { largeTrace } from "../packages/web/src/fixture/large-trace.ts";
import { totalsOf } from "../packages/server/src/query/run-totals.ts";
import { seededRandom } from "../packages/web/src/fixture/random.ts";
import { supportRun } from "../packages/web/src/fixture/support-run.ts";
import { traceListFixture, traceSummaryFixture } from "../packages/web/src/fixture/trace-list-fixture.ts";
import { launchBrowser, newContext, type PageOptions } from "./browser.ts";
import { FixtureServer } from "./fixture-server.ts";
import { expectAccessible, expectNoSidewaysScroll, watchErrors } from "./page-checks.ts";

/* The built pages in a real browser, with given answers: what they show, do, and never do. */

const now = Date.now();
const run = supportRun({ seed: 5, startTime: now - 90_000 });
const large = largeTrace(100_000);
const traces = [run.summary, ...traceListFixture(340, now - 120_000)];
const server = new FixtureServer({
  traces,
  opened: new Map([[run.summary.traceId, run]]),
  skeletons: new Map([[large.summary.traceId, large]]),
  answer: {
    columns: ["trace_id", "root_name", "cost_usd"],
    types: ["String", "String", "Nullable(Decimal(38, 9))"],
    rows: Array.from({ length: 2000 }, (_, row) => [run.summary.traceId, `=evil(${row})`, row === 0 ? null : "0.01"]),
    truncated: true,
    elapsedMs: 4.2,
  },
});
const trace = `/trace/${run.summary.traceId}`;
const failed = run.spans.find(({ status }) => status === "error");
const refundCall = run.spans.find(({ agentName, kind }) => agentName === "refund" && kind === "llm");

let browser: Browser;
let url: string;
let context: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  url = await server.start();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

afterEach(async () => {
  await context.close();
});

async function open(path: string, options: PageOptions = {}, base: string = url): Promise<void> {
  context = await newContext(browser, options);
  page = await context.newPage();
  errors = watchErrors(page);
  await page.goto(base + path);
}

const PLACES = [
  ["the list of traces", "/", "text=support_request"],
  ["a filtered list", "/?filter=status:error&sort=costNanos", "role=checkbox[name=error]"],
  ["the reader", trace, "text=needs the refund policy"],
  ["the waterfall", `${trace}?view=waterfall`, "role=treegrid"],
  ["messages of a span", `${trace}?view=waterfall&span=${refundCall?.spanId}`, "role=tabpanel"],
  ["the cost of a span", `${trace}?view=waterfall&tab=cost&span=${refundCall?.spanId}`, "text=Counted in totals"],
  ["attributes of a span", `${trace}?view=waterfall&tab=attributes&span=${refundCall?.spanId}`, "text=server.address"],
  ["a failed span", `${trace}?view=log&tab=events&span=${failed?.spanId}`, "text=PaymentGatewayTimeout"],
  ["a trace that does not exist", "/trace/ffffffffffffffffffffffffffffffff", "text=There is no such trace"],
  ["the query page", "/query", "role=textbox[name=SQL]"],
  ["a page that does not exist", "/nothing/here", "text=There is no such page"],
] as const;

describe.each(["light", "dark"] as const)("in %s colours", (theme) => {
  it.each(PLACES)("%s is accessible, fits and complains of nothing", async (_, path, sign) => {
    await open(path, { theme });
    await page.locator(sign).first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    expect(errors.filter((error) => !error.includes("404"))).toEqual([]);
  });

  it("palette, key help and menus are accessible", async () => {
    await open("/", { theme });
    await page.locator("text=support_request").first().waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("option").first().waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Last 7 days" }).click();
    await page.getByRole("button", { name: "Last hour" }).waitFor();
    await expectAccessible(page);
    expect(errors).toEqual([]);
  });
});

describe("at any width", () => {
  it.each([
    [800, "/"],
    [800, `${trace}?view=waterfall&span=${refundCall?.spanId}`],
    [800, "/query"],
    [1600, "/"],
    [1600, `${trace}?span=${refundCall?.spanId}`],
  ])("%i pixels of %s do not scroll sideways", async (width, path) => {
    await open(path, { width });
    await page.locator("h1, h2").first().waitFor();
    await expectNoSidewaysScroll(page);
  });
});

describe("the list of traces", () => {
  const rows = () => page.getByRole("row");

  it("writes facets into the filter of the address, and reads them back", async () => {
    await open("/");
    await page.getByRole("checkbox", { name: "error" }).click();
    await page.waitForURL(/filter=status:error/);
    expect(await page.getByRole("combobox", { name: "Filter traces" }).inputValue()).toBe("status:error");
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await page.waitForURL((address) => !address.search.includes("filter"));
    expect(await page.getByRole("checkbox", { name: "error" }).getAttribute("aria-checked")).toBe("false");
  });

  it("says where a filter is wrong, and asks the server nothing", async () => {
    await open("/?filter=status:error%20modle:gpt");
    await page.getByText('At character 14: there is no field "modle".').waitFor();
    await page.getByText("The filter cannot be read").waitFor();
    // Nobody asks for facets of what cannot be read, so none are on their way.
    expect(await page.getByText("Loading", { exact: true }).count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it("completes fields and values by keyboard alone", async () => {
    await open("/");
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("stat");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.type("err");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.waitForURL(/filter=status:error/);
  });

  it("sorts by the column that is clicked, on the server", async () => {
    await open("/");
    await page.getByRole("button", { name: "Cost" }).click();
    await page.waitForURL(/sort=costNanos/);
    await expect
      .poll(() => page.getByRole("columnheader", { name: "Cost" }).getAttribute("aria-sort"))
      .toBe("descending");
    expect(server.requests.some((request) => request.includes("sort=costNanos&order=desc"))).toBe(true);
  });

  it("asks for the next page before the end is reached", async () => {
    await open("/?range=all");
    await page.getByText("First 100 traces").waitFor();
    await page.getByRole("table", { name: "Traces" }).evaluate((table) => table.scrollTo({ top: 4800 }));
    await page.getByText("First 200 traces").waitFor();
    expect(server.requests.some((request) => request.includes("cursor=100"))).toBe(true);
  });

  it("tells unknown costs and lower bounds from known ones", async () => {
    await open("/?range=all");
    await rows().nth(1).waitFor();
    const text = await page.getByRole("table", { name: "Traces" }).innerText();
    expect(text).toMatch(/≥ \$/);
    expect(text).toContain("unknown");
  });

  it("goes through rows by keyboard and opens one", async () => {
    await open("/");
    await rows().nth(1).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${trace}`);
  });

  it("never moves a row under the pointer: new traces wait, and come when asked", async () => {
    await open("/");
    const first = rows().nth(1);
    await first.waitFor();
    await first.hover();
    const before = await first.innerText();
    const fresh = traceSummaryFixture(seededRandom(99), Date.now());
    server.push(fresh);
    await page.getByRole("button", { name: "1 new" }).waitFor();
    expect(await first.innerText()).toBe(before);
    server.push({ ...run.summary, spanCount: 4321 });
    await page.getByText("4,321").waitFor();
    await page.getByRole("button", { name: "1 new" }).click();
    await expect.poll(() => rows().nth(1).getByRole("link").getAttribute("href")).toBe(`/trace/${fresh.traceId}`);
  });

  it("lets new traces in by itself at the top, when nobody points there", async () => {
    await open("/");
    await rows().nth(1).waitFor();
    await page.mouse.move(5, 5);
    const fresh = traceSummaryFixture(seededRandom(98), Date.now());
    server.push(fresh);
    await page.locator(`a[href="/trace/${fresh.traceId}"]`).waitFor();
  });

  it("shows the texts of a row whole where there is room, however short its name is", async () => {
    await open("/");
    await rows().nth(1).waitFor();
    server.push({
      ...traceSummaryFixture(seededRandom(97), Date.now()),
      serviceName: "",
      tags: [],
      rootName: "n",
      inputPreview: "",
      outputPreview: "",
    });
    const input = page.getByText("no input").first();
    await input.waitFor();
    expect(await input.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  });
});

describe("the start", () => {
  it("shows how to send, sends a test trace, and turns green when it arrives", async () => {
    const empty = new FixtureServer();
    const base = await empty.start();
    await open("/", {}, base);
    await page.getByText("Waiting for the first span").waitFor();
    await expectAccessible(page);
    await page.getByRole("tab", { name: "OpenTelemetry" }).click();
    await page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${base}`).waitFor();
    await page.getByRole("button", { name: "Send a test trace" }).click();
    await expect.poll(() => empty.received.length).toBe(1);
    expect(JSON.stringify(empty.received[0])).toContain("gen_ai.usage.input_tokens");
    empty.data.traces.push(run.summary);
    empty.push(run.summary);
    await page.getByText("The first trace has arrived").waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Show all traces" }).click();
    await page.getByRole("link", { name: "support_request" }).waitFor();
    expect(errors).toEqual([]);
    await empty.stop();
  });
});

describe("one trace", () => {
  it("opens an agent's trace in the reader, with the loop folded", async () => {
    await open(trace);
    await page.getByText("×14").waitFor();
    expect(await page.getByRole("button", { name: "Reader" }).getAttribute("aria-pressed")).toBe("true");
  });

  it("opens what a link names, inside a folded run and far down", async () => {
    const deep = run.spans.filter(({ kind }) => kind === "retrieval").at(-2);
    await open(`${trace}?view=waterfall&span=${deep?.spanId}`);
    const row = page.getByRole("row", { selected: true });
    await row.waitFor();
    expect(await row.isVisible()).toBe(true);
    expect(await row.innerText()).toContain("query knowledge_base");
    expect(await row.getAttribute("aria-level")).toBe("5");
  });

  it("is walked, folded and searched by keyboard", async () => {
    await open(`${trace}?view=waterfall`);
    await page.getByRole("row").nth(1).waitFor();
    const count = () => page.getByRole("treegrid").getAttribute("aria-rowcount");
    const all = Number(await count());
    await page.keyboard.press("ArrowDown");
    await page.waitForURL(/span=/);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(count).toBe("2");
    await page.keyboard.press("ArrowRight");
    await expect.poll(count).toBe(String(all));
    await page.keyboard.press("]");
    await expect.poll(count).toBe(String(run.spans.length + 2));
    await page.keyboard.press("[");
    await expect.poll(count).toBe("6");
    await page.keyboard.press("e");
    await page.waitForURL(new RegExp(`span=${failed?.spanId}`));
    await page.getByText("PaymentGatewayTimeout:").waitFor();
    await page.keyboard.press("1");
    await page.waitForURL(/view=reader/);
    await page.keyboard.press("c");
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
    await page.keyboard.press("Escape");
    await page.waitForURL((address) => !address.search.includes("span="));
    await page.keyboard.press("Escape");
    await page.waitForURL((address) => address.pathname === "/");
  });

  it("finds spans and steps through them", async () => {
    await open(`${trace}?view=waterfall`);
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("issue_refund");
    await page.keyboard.press("Enter");
    await page.getByText(/^1 of \d+$/).waitFor();
    await page.waitForURL(/span=/);
  });

  it("tells which traces belong with it, how, and what they cost together", async () => {
    const [, other] = traces;
    server.data.related = {
      related: [{ trace: other!, ties: ["answer"] }],
      together: { ...totalsOf([run.summary, other!]), llmCalls: 5, unpricedCalls: 0, costNanos: "1234000000" },
      more: false,
      splitBy: null,
    };
    await open(trace);
    await page.getByTitle("Traces of the same run").click();
    const panel = page.getByLabel("Traces of the same run");
    await panel.waitFor();
    const text = (await panel.innerText()).replaceAll(/\s+/g, " ");
    expect(text).toContain("All 2 together: 5 model calls, $1.23");
    expect(text).toContain("tells the same answer");
    await expectAccessible(page);
    await panel.getByRole("link").click();
    await page.waitForURL(`**/trace/${other!.traceId}`);
    delete server.data.related;
  });

  it("shows each line of a cost", async () => {
    await open(`${trace}?view=waterfall&tab=cost&span=${refundCall?.spanId}`);
    const table = page.getByRole("group", { name: "Lines of the cost" });
    await table.waitFor();
    expect((await table.innerText()).replaceAll(/\s+/g, " ")).toContain(
      "Input 980 $2.50 $0.0024 openai/gpt-4o@2024-08-06",
    );
  });

  it("loads a span that is not among those sent, and says so", async () => {
    const other = supportRun({ seed: 6, startTime: now });
    const [hidden] = other.spans;
    server.data.opened.set(run.summary.traceId, { ...run, spans: [...run.spans, ...other.spans] });
    await open(`${trace}?view=waterfall&span=${hidden?.spanId}`);
    await page.getByText("The linked span is not among the spans shown").waitFor();
    await page.getByRole("tab", { name: "Messages" }).waitFor();
    server.data.opened.set(run.summary.traceId, run);
  });

  it("holds a payload of 20 MB: its beginning is shown, with its size", async () => {
    const [root] = run.spans;
    if (root === undefined) throw new Error("the run has spans");
    const heavy = {
      ...root,
      input: null,
      output: { type: "json" as const, value: { page: "x".repeat(20_000_000), list: [1, 2] } },
    };
    server.data.opened.set(run.summary.traceId, { ...run, spans: [heavy, ...run.spans] });
    await open(`${trace}?view=waterfall&tab=io&span=${root.spanId}`);
    await page.getByText("about 20.0 MB").waitFor();
    await page.getByRole("button", { name: "more", exact: true }).click();
    await page.getByText("first 20.0 kB shown").waitFor();
    server.data.opened.set(run.summary.traceId, run);
    expect(errors).toEqual([]);
  });

  it("holds 100,000 spans: few rows are drawn, and the last one can be reached", async () => {
    await open(`/trace/${large.summary.traceId}?view=waterfall`);
    const grid = page.getByRole("treegrid");
    await grid.waitFor();
    expect(Number(await grid.getAttribute("aria-rowcount"))).toBeGreaterThan(90_000);
    expect(await page.getByRole("row").count()).toBeLessThan(80);
    await grid.evaluate((box) => box.scrollTo({ top: box.scrollHeight }));
    const last = await grid.getAttribute("aria-rowcount");
    await page.locator(`[role=row][aria-rowindex="${last}"]`).waitFor();
    expect(errors).toEqual([]);
  });
});

describe("the query page", () => {
  it("asks with Ctrl+Enter, shows rows, links traces, and guards the file against formulas", async () => {
    await open("/query");
    await page.getByRole("textbox", { name: "SQL" }).fill("SELECT 1");
    await page.keyboard.press("Control+Enter");
    await page.getByText("2,000 rows in 4 ms").waitFor();
    await page.getByText("Cut off at the row limit").waitFor();
    expect(await page.getByRole("row").count()).toBeLessThan(80);
    expect(await page.getByRole("link", { name: run.summary.traceId }).first().getAttribute("href")).toBe(trace);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV" }).click();
    const stream = await (await download).createReadStream();
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    expect(text.split("\r\n")[1]).toBe(`${run.summary.traceId},'=evil(0),`);
    expect(text.split("\r\n")).toHaveLength(2002);
    await expectAccessible(page);
  });

  it("writes the name of a column that is clicked", async () => {
    await open("/query");
    await page.getByRole("textbox", { name: "SQL" }).fill("");
    await page
      .getByRole("button", { name: /^cost_usd/ })
      .first()
      .click();
    expect(await page.getByRole("textbox", { name: "SQL" }).inputValue()).toBe("cost_usd");
  });
});

describe("the frame", () => {
  it("runs commands from the palette and keeps the colours that were chosen", async () => {
    await open("/");
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("query");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/query");
    await page.getByRole("button", { name: "Colours" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Dark" }).click();
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.reload();
    expect(await background()).toBe(dark);
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  });

  it("opens a trace whose id is pasted into the palette", async () => {
    await open("/query");
    await page.getByRole("textbox", { name: "SQL" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type(run.summary.traceId);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${trace}`);
  });

  it("says when the server is gone, and that it is back", async () => {
    const other = new FixtureServer({ traces });
    const base = await other.start();
    await open("/", {}, base);
    await page.getByText("Live", { exact: true }).waitFor();
    await other.stop();
    await page.getByText("Offline", { exact: true }).waitFor();
  });

  it("draws with a language that is none", async () => {
    context = await newContext(browser);
    await context.addInitScript(() =>
      Object.defineProperty(Navigator.prototype, "language", { get: () => "en-US@posix" }),
    );
    page = await context.newPage();
    errors = watchErrors(page);
    await page.goto(url);
    await page.locator("canvas").first().waitFor();
    expect(errors).toEqual([]);
  });
});
