import { describe, expect, it } from "vitest";
import { largeTrace } from "../packages/web/src/fixture/large-trace.ts";
import { totalsOf } from "../packages/server/src/query/run-totals.ts";
import { seededRandom } from "../packages/web/src/fixture/random.ts";
import { supportRun } from "../packages/web/src/fixture/support-run.ts";
import { traceListFixture, traceSummaryFixture } from "../packages/web/src/fixture/trace-list-fixture.ts";
import { FixtureServer } from "./fixture-server.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./page-checks.ts";
import { usePage } from "./use-page.ts";

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

const tab = usePage(server);

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
  ["what is no trace id", `/trace/${failed?.spanId}`, "text=This is no trace id"],
  ["the query page", "/query", "role=textbox[name=SQL]"],
  ["a page that does not exist", "/nothing/here", "text=There is no such page"],
] as const;

describe.each(["light", "dark"] as const)("in %s colours", (theme) => {
  it.each(PLACES)("%s is accessible, fits and complains of nothing", async (_, path, sign) => {
    await tab.open(path, { theme });
    await tab.page.locator(sign).first().waitFor();
    await expectAccessible(tab.page);
    await expectNoSidewaysScroll(tab.page);
    expect(tab.errors.filter((error) => !error.includes("404"))).toEqual([]);
  });

  it("palette, key help and menus are accessible", async () => {
    await tab.open("/", { theme });
    await tab.page.locator("text=support_request").first().waitFor();
    await tab.page.keyboard.press("Control+k");
    await tab.page.getByRole("dialog").getByRole("option").first().waitFor();
    await expectAccessible(tab.page);
    await tab.page.keyboard.press("Escape");
    await tab.page.keyboard.press("?");
    await tab.page.getByRole("dialog", { name: "Keys" }).waitFor();
    await expectAccessible(tab.page);
    await tab.page.keyboard.press("Escape");
    await tab.page.getByRole("button", { name: "Last 7 days" }).click();
    await tab.page.getByRole("button", { name: "Last hour" }).waitFor();
    await expectAccessible(tab.page);
    expect(tab.errors).toEqual([]);
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
    await tab.open(path, { width });
    await tab.page.locator("h1, h2").first().waitFor();
    await expectNoSidewaysScroll(tab.page);
  });
});

describe("the list of traces", () => {
  const rows = () => tab.page.getByRole("row");

  it("writes facets into the filter of the address, and reads them back", async () => {
    await tab.open("/");
    await tab.page.getByRole("checkbox", { name: "error" }).click();
    await tab.page.waitForURL(/filter=status:error/);
    expect(await tab.page.getByRole("combobox", { name: "Filter traces" }).inputValue()).toBe("status:error");
    await tab.page.getByRole("button", { name: "Clear the filter" }).click();
    await tab.page.waitForURL((address) => !address.search.includes("filter"));
    expect(await tab.page.getByRole("checkbox", { name: "error" }).getAttribute("aria-checked")).toBe("false");
  });

  it("says where a filter is wrong, and asks the server nothing", async () => {
    await tab.open("/?filter=status:error%20modle:gpt");
    await tab.page.getByText('At character 14: there is no field "modle".').waitFor();
    await tab.page.getByText("The filter cannot be read").waitFor();
    // Nobody asks for facets of what cannot be read, so none are on their way.
    expect(await tab.page.getByText("Loading", { exact: true }).count()).toBe(0);
    expect(tab.errors).toEqual([]);
  });

  it("completes fields and values by keyboard alone", async () => {
    await tab.open("/");
    await tab.page.getByRole("row").nth(1).waitFor();
    await tab.page.keyboard.press("/");
    await tab.page.keyboard.type("stat");
    await tab.page.keyboard.press("ArrowDown");
    await tab.page.keyboard.press("Enter");
    await tab.page.keyboard.type("err");
    await tab.page.keyboard.press("ArrowDown");
    await tab.page.keyboard.press("Enter");
    await tab.page.keyboard.press("Enter");
    await tab.page.waitForURL(/filter=status:error/);
  });

  it("sorts by the column that is clicked, on the server", async () => {
    await tab.open("/");
    await tab.page.getByRole("button", { name: "Cost" }).click();
    await tab.page.waitForURL(/sort=costNanos/);
    await expect
      .poll(() => tab.page.getByRole("columnheader", { name: "Cost" }).getAttribute("aria-sort"))
      .toBe("descending");
    expect(server.requests.some((request) => request.includes("sort=costNanos&order=desc"))).toBe(true);
  });

  it("asks for the next page before the end is reached", async () => {
    await tab.open("/?range=all");
    await tab.page.getByText("First 100 traces").waitFor();
    await tab.page.getByRole("table", { name: "Traces" }).evaluate((table) => table.scrollTo({ top: 4800 }));
    await tab.page.getByText("First 200 traces").waitFor();
    expect(server.requests.some((request) => request.includes("cursor=100"))).toBe(true);
  });

  it("tells unknown costs and lower bounds from known ones", async () => {
    await tab.open("/?range=all");
    await rows().nth(1).waitFor();
    const text = await tab.page.getByRole("table", { name: "Traces" }).innerText();
    expect(text).toMatch(/≥ \$/);
    expect(text).toContain("unknown");
  });

  it("goes through rows by keyboard and opens one", async () => {
    await tab.open("/");
    await rows().nth(1).waitFor();
    await tab.page.keyboard.press("j");
    await tab.page.keyboard.press("j");
    await tab.page.keyboard.press("k");
    await tab.page.keyboard.press("Enter");
    await tab.page.waitForURL(`**${trace}`);
  });

  it("never moves a row under the pointer: new traces wait, and come when asked", async () => {
    await tab.open("/");
    const first = rows().nth(1);
    await first.waitFor();
    await first.hover();
    const before = await first.innerText();
    const fresh = traceSummaryFixture(seededRandom(99), Date.now());
    server.push(fresh);
    await tab.page.getByRole("button", { name: "1 new" }).waitFor();
    expect(await first.innerText()).toBe(before);
    server.push({ ...run.summary, spanCount: 4321 });
    await tab.page.getByText("4,321").waitFor();
    await tab.page.getByRole("button", { name: "1 new" }).click();
    await expect.poll(() => rows().nth(1).getByRole("link").getAttribute("href")).toBe(`/trace/${fresh.traceId}`);
  });

  it("lets new traces in by itself at the top, when nobody points there", async () => {
    await tab.open("/");
    await rows().nth(1).waitFor();
    await tab.page.mouse.move(5, 5);
    const fresh = traceSummaryFixture(seededRandom(98), Date.now());
    server.push(fresh);
    await tab.page.locator(`a[href="/trace/${fresh.traceId}"]`).waitFor();
  });

  it("shows the texts of a row whole where there is room, however short its name is", async () => {
    await tab.open("/");
    await rows().nth(1).waitFor();
    server.push({
      ...traceSummaryFixture(seededRandom(97), Date.now()),
      serviceName: "",
      tags: [],
      rootName: "n",
      inputPreview: "",
      outputPreview: "",
    });
    const input = tab.page.getByText("no input").first();
    await input.waitFor();
    expect(await input.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  });
});

describe("the start", () => {
  it("shows how to send, sends a test trace, and turns green when it arrives", async () => {
    const empty = new FixtureServer();
    const base = await empty.start();
    await tab.open("/", { base });
    await tab.page.getByText("Waiting for the first span").waitFor();
    await expectAccessible(tab.page);
    await tab.page.getByRole("tab", { name: "OpenTelemetry" }).click();
    await tab.page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${base}`).waitFor();
    await tab.page.getByRole("button", { name: "Send a test trace" }).click();
    await expect.poll(() => empty.received.length).toBe(1);
    expect(JSON.stringify(empty.received[0])).toContain("gen_ai.usage.input_tokens");
    empty.data.traces.push(run.summary);
    empty.push(run.summary);
    await tab.page.getByText("The first trace has arrived").waitFor();
    await expectAccessible(tab.page);
    await tab.page.getByRole("button", { name: "Show all traces" }).click();
    await tab.page.getByRole("link", { name: "support_request" }).waitFor();
    expect(tab.errors).toEqual([]);
    await empty.stop();
  });
});

describe("one trace", () => {
  it("opens an agent's trace in the reader, with the loop folded", async () => {
    await tab.open(trace);
    await tab.page.getByText("×14").waitFor();
    expect(await tab.page.getByRole("button", { name: "Reader" }).getAttribute("aria-pressed")).toBe("true");
  });

  it("opens what a link names, inside a folded run and far down", async () => {
    const deep = run.spans.filter(({ kind }) => kind === "retrieval").at(-2);
    await tab.open(`${trace}?view=waterfall&span=${deep?.spanId}`);
    const row = tab.page.getByRole("row", { selected: true });
    await row.waitFor();
    expect(await row.isVisible()).toBe(true);
    expect(await row.innerText()).toContain("query knowledge_base");
    expect(await row.getAttribute("aria-level")).toBe("5");
  });

  it("is walked, folded and searched by keyboard", async () => {
    await tab.open(`${trace}?view=waterfall`);
    await tab.page.getByRole("row").nth(1).waitFor();
    const count = () => tab.page.getByRole("treegrid").getAttribute("aria-rowcount");
    const all = Number(await count());
    await tab.page.keyboard.press("ArrowDown");
    await tab.page.waitForURL(/span=/);
    await tab.page.keyboard.press("ArrowLeft");
    await expect.poll(count).toBe("2");
    await tab.page.keyboard.press("ArrowRight");
    await expect.poll(count).toBe(String(all));
    await tab.page.keyboard.press("]");
    await expect.poll(count).toBe(String(run.spans.length + 2));
    await tab.page.keyboard.press("[");
    await expect.poll(count).toBe("6");
    await tab.page.keyboard.press("e");
    await tab.page.waitForURL(new RegExp(`span=${failed?.spanId}`));
    await tab.page.getByText("PaymentGatewayTimeout:").waitFor();
    await tab.page.keyboard.press("1");
    await tab.page.waitForURL(/view=reader/);
    await tab.page.keyboard.press("c");
    await expect.poll(() => tab.page.evaluate(() => navigator.clipboard.readText())).toBe(tab.page.url());
    await tab.page.keyboard.press("Escape");
    await tab.page.waitForURL((address) => !address.search.includes("span="));
    await tab.page.keyboard.press("Escape");
    await tab.page.waitForURL((address) => address.pathname === "/");
  });

  it("finds spans and steps through them", async () => {
    await tab.open(`${trace}?view=waterfall`);
    await tab.page.getByRole("row").nth(1).waitFor();
    await tab.page.keyboard.press("/");
    await tab.page.keyboard.type("issue_refund");
    await tab.page.keyboard.press("Enter");
    await tab.page.getByText(/^1 of \d+$/).waitFor();
    await tab.page.waitForURL(/span=/);
  });

  it("tells which traces belong with it, how, and what they cost together", async () => {
    const [, other] = traces;
    server.data.related = {
      related: [{ trace: other!, ties: ["answer"] }],
      together: { ...totalsOf([run.summary, other!]), llmCalls: 5, unpricedCalls: 0, costNanos: "1234000000" },
      more: false,
      splitBy: null,
    };
    await tab.open(trace);
    await tab.page.getByTitle("Traces of the same run").click();
    const panel = tab.page.getByLabel("Traces of the same run");
    await panel.waitFor();
    const text = (await panel.innerText()).replaceAll(/\s+/g, " ");
    expect(text).toContain("All 2 together: 5 model calls, $1.23");
    expect(text).toContain("tells the same answer");
    await expectAccessible(tab.page);
    await panel.getByRole("link").click();
    await tab.page.waitForURL(`**/trace/${other!.traceId}`);
    delete server.data.related;
  });

  it("shows each line of a cost", async () => {
    await tab.open(`${trace}?view=waterfall&tab=cost&span=${refundCall?.spanId}`);
    const table = tab.page.getByRole("group", { name: "Lines of the cost" });
    await table.waitFor();
    expect((await table.innerText()).replaceAll(/\s+/g, " ")).toContain(
      "Input 980 $2.50 $0.0024 openai/gpt-4o@2024-08-06",
    );
  });

  it("loads a span that is not among those sent, and says so", async () => {
    const other = supportRun({ seed: 6, startTime: now });
    const [hidden] = other.spans;
    server.data.opened.set(run.summary.traceId, { ...run, spans: [...run.spans, ...other.spans] });
    await tab.open(`${trace}?view=waterfall&span=${hidden?.spanId}`);
    await tab.page.getByText("The linked span is not among the spans shown").waitFor();
    await tab.page.getByRole("tab", { name: "Messages" }).waitFor();
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
    await tab.open(`${trace}?view=waterfall&tab=io&span=${root.spanId}`);
    await tab.page.getByText("about 20.0 MB").waitFor();
    await tab.page.getByRole("button", { name: "more", exact: true }).click();
    await tab.page.getByText("first 20.0 kB shown").waitFor();
    server.data.opened.set(run.summary.traceId, run);
    expect(tab.errors).toEqual([]);
  });

  it("holds 100,000 spans: few rows are drawn, and the last one can be reached", async () => {
    await tab.open(`/trace/${large.summary.traceId}?view=waterfall`);
    const grid = tab.page.getByRole("treegrid");
    await grid.waitFor();
    expect(Number(await grid.getAttribute("aria-rowcount"))).toBeGreaterThan(90_000);
    expect(await tab.page.getByRole("row").count()).toBeLessThan(80);
    await grid.evaluate((box) => box.scrollTo({ top: box.scrollHeight }));
    const last = await grid.getAttribute("aria-rowcount");
    await tab.page.locator(`[role=row][aria-rowindex="${last}"]`).waitFor();
    expect(tab.errors).toEqual([]);
  });
});

describe("an address that leads nowhere", () => {
  it("says what the form of a trace id is, asks the server nothing, and leads back", async () => {
    await tab.open("/");
    server.requests.length = 0;
    await tab.open("/trace/xyz");
    await tab.page.getByRole("heading", { name: "This is no trace id" }).waitFor();
    await tab.page.getByText("32 hex digits").waitFor();
    expect(server.requests.filter((request) => request.includes("/api/v1/traces"))).toEqual([]);
    await tab.page.getByRole("link", { name: "To the list of traces" }).click();
    await tab.page.getByRole("row").nth(1).waitFor();
    expect(tab.errors).toEqual([]);
  });

  it("knows the id of a span, and a trace id with hyphens", async () => {
    await tab.open(`/trace/${failed?.spanId}`);
    await tab.page.getByText(`WHERE span_id = '${failed?.spanId}'`).waitFor();
    const { traceId } = run.summary;
    await tab.open(`/trace/${traceId.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5").toUpperCase()}`);
    await tab.page.getByRole("link", { name: `open ${traceId}` }).click();
    await tab.page.getByText("needs the refund policy").first().waitFor();
    expect(tab.errors).toEqual([]);
  });

  it("opens a trace that had not arrived when it does", async () => {
    const late = supportRun({ seed: 7, startTime: now });
    await tab.open(`/trace/${late.summary.traceId}`);
    await tab.page.getByRole("heading", { name: "There is no such trace" }).waitFor();
    await tab.page.getByText(late.summary.traceId).waitFor();
    server.data.opened.set(late.summary.traceId, late);
    server.push(late.summary);
    await tab.page.getByRole("heading", { name: late.summary.rootName, level: 1 }).waitFor();
    server.data.opened.delete(late.summary.traceId);
  });

  it("names itself and the pages that there are", async () => {
    await tab.open("/nothing/here");
    await tab.page.getByText("Nothing is at /nothing/here").waitFor();
    await tab.page.getByRole("main").getByRole("link", { name: "Budgets" }).click();
    await tab.page.waitForURL("**/budgets");
    expect(tab.errors).toEqual([]);
  });
});

describe("the query page", () => {
  it("asks with Ctrl+Enter, shows rows, links traces, and guards the file against formulas", async () => {
    await tab.open("/query");
    await tab.page.getByRole("textbox", { name: "SQL" }).fill("SELECT 1");
    await tab.page.keyboard.press("Control+Enter");
    await tab.page.getByText("2,000 rows in 4 ms").waitFor();
    await tab.page.getByText("Cut off at the row limit").waitFor();
    expect(await tab.page.getByRole("row").count()).toBeLessThan(80);
    expect(await tab.page.getByRole("link", { name: run.summary.traceId }).first().getAttribute("href")).toBe(trace);
    const download = tab.page.waitForEvent("download");
    await tab.page.getByRole("button", { name: "CSV" }).click();
    const stream = await (await download).createReadStream();
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    expect(text.split("\r\n")[1]).toBe(`${run.summary.traceId},'=evil(0),`);
    expect(text.split("\r\n")).toHaveLength(2002);
    await expectAccessible(tab.page);
  });

  it("writes the name of a column that is clicked", async () => {
    await tab.open("/query");
    await tab.page.getByRole("textbox", { name: "SQL" }).fill("");
    await tab.page
      .getByRole("button", { name: /^cost_usd/ })
      .first()
      .click();
    expect(await tab.page.getByRole("textbox", { name: "SQL" }).inputValue()).toBe("cost_usd");
  });
});

describe("the frame", () => {
  it("runs commands from the palette and keeps the colours that were chosen", async () => {
    await tab.open("/");
    await tab.page.getByRole("row").nth(1).waitFor();
    await tab.page.keyboard.press("Control+k");
    await tab.page.keyboard.type("query");
    await tab.page.keyboard.press("Enter");
    await tab.page.waitForURL("**/query");
    await tab.page.getByRole("button", { name: "Colours" }).click();
    await tab.page.getByRole("menuitemcheckbox", { name: "Dark" }).click();
    const background = () => tab.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await tab.page.reload();
    expect(await background()).toBe(dark);
    expect(await tab.page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  });

  it("opens a trace whose id is pasted into the palette", async () => {
    await tab.open("/query");
    await tab.page.getByRole("textbox", { name: "SQL" }).waitFor();
    await tab.page.keyboard.press("Control+k");
    await tab.page.keyboard.type(run.summary.traceId);
    await tab.page.keyboard.press("Enter");
    await tab.page.waitForURL(`**${trace}`);
  });

  it("says when the server is gone, and that it is back", async () => {
    const other = new FixtureServer({ traces });
    const base = await other.start();
    await tab.open("/", { base });
    await tab.page.getByText("Live", { exact: true }).waitFor();
    await other.stop();
    await tab.page.getByText("Offline", { exact: true }).waitFor();
  });

  it("draws with a language that is none", async () => {
    await tab.open("/", {
      before: (page) =>
        page.addInitScript(() => Object.defineProperty(Navigator.prototype, "language", { get: () => "en-US@posix" })),
    });
    await tab.page.locator("canvas").first().waitFor();
    expect(tab.errors).toEqual([]);
  });
});
