import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CostEstimate, CostExplanation } from "../packages/server/src/api-types.ts";
import { supportRun } from "../packages/web/src/fixture/support-run.ts";
import { launchBrowser, newContext, type PageOptions } from "./browser.ts";
import { FixtureServer } from "./fixture-server.ts";
import { expectAccessible, expectNoSidewaysScroll, watchErrors } from "./page-checks.ts";

/* The pages about money in a real browser, with given answers. */

const run = supportRun({ seed: 5, startTime: Date.now() - 90_000 });
const trace = run.summary.traceId;

const about = { source: "genai-prices 0.1.8", price: "openai/gpt-4o@2024-08-06", tier: "", model: "gpt-4o" };
const cost: CostExplanation = {
  totalNanos: "12500001",
  calls: 5,
  unpricedCalls: 2,
  roundingNanos: "1",
  lines: [
    { ...about, bucket: "input", count: "4000", calls: 3, nanosPerMillion: "2500000000", nanos: "10000000" },
    {
      ...about,
      bucket: "output",
      count: "250",
      calls: 3,
      nanosPerMillion: "10000000000",
      nanos: "2500000",
      tier: "batch",
    },
  ],
  unknown: [
    { model: "house-1", reason: "no-price", calls: 1 },
    { model: "gpt-4o", reason: "no-usage", calls: 2 },
  ],
  estimated: { calls: 1, inputTokens: 100, outputTokens: 10, nanos: "350000", unpricedCalls: 0 },
  reported: { calls: 2, nanos: "13000000" },
  estimatedBySender: { calls: 1, inputTokens: 1000, outputTokens: 0, nanos: "2500000", unpricedCalls: 0 },
};
const estimate: CostEstimate = {
  quality: "estimated",
  nanos: "42500",
  calls: 1,
  uncountedCalls: 1,
  isComplete: false,
  models: [
    {
      model: "gpt-4o",
      counting: "o200k_base",
      calls: 1,
      inputTokens: 9,
      outputTokens: 2,
      nanos: "42500",
      unpricedCalls: 0,
    },
  ],
};
const catalogue = {
  models: [
    {
      provider: "openai",
      model: "gpt-4o-mini",
      since: "2024-07-18",
      source: "genai-prices 0.1.8",
      prices: [
        { bucket: "input", nanosPerMillion: "150000000" },
        { bucket: "output", nanosPerMillion: "600000000" },
      ],
      largeAbove: 200_000,
      otherRows: 0,
      own: [{ name: "contract", tier: "", prices: [{ bucket: "input", nanosPerMillion: "127500000" }] }],
    },
  ],
  total: 900,
};
const OWN = {
  prices: [
    { name: "house", model: "acme-*", tokens: { input: "0.20", output: "0.60" } },
    { name: "contract", provider: "openai", factor: "0.85", from: "2026-01-01" },
  ],
};

const server = new FixtureServer({ traces: [run.summary], opened: new Map([[trace, run]]), cost, estimate, catalogue });
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

beforeEach(() => {
  server.data.ownPrices = OWN;
  delete server.data.refusal;
});

afterEach(async () => {
  await context.close();
});

async function open(path: string, options: PageOptions = {}): Promise<void> {
  context = await newContext(browser, options);
  page = await context.newPage();
  errors = watchErrors(page);
  await page.goto(url + path);
}

const PLACES = [
  ["prices", "/prices", "text=gpt-4o-mini"],
  ["the cost of a day", "/cost?day=2026-11-20", "text=openai/gpt-4o@2024-08-06"],
  ["the cost of a trace", `/cost?trace=${trace}&model=gpt-4o`, "text=of the trace"],
] as const;

describe.each(["light", "dark"] as const)("in %s colours", (theme) => {
  it.each(PLACES)("%s are accessible, fit and complain of nothing", async (_, path, sign) => {
    await open(path, { theme });
    await page.locator(sign).first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    expect(errors).toEqual([]);
  });

  it("a price that is refused says so at its field, accessibly", async () => {
    const message = "prices[0].tokens.input: expected a decimal";
    server.data.refusal = { error: { code: "bad-prices", message } };
    await open("/prices", { theme });
    const form = page.getByRole("form", { name: "Add a price" });
    await form.getByLabel("Name").fill("dear");
    await form.getByLabel("Input, a million").fill("much");
    await form.getByRole("button", { name: "Add" }).click();
    await page.getByText("expected a decimal").waitFor();
    expect(await form.getByLabel("Input, a million").getAttribute("aria-invalid")).toBe("true");
    expect(await form.getByLabel("Name").inputValue()).toBe("dear");
    await expectAccessible(page);
    expect(server.data.ownPrices).toEqual(OWN);
  });
});

describe.each(["light", "dark"] as const)("an estimate in %s colours", (theme) => {
  it("is asked for, marked, and in no total", async () => {
    await open("/cost?day=2026-11-20", { theme });
    await page.getByRole("button", { name: "Estimate what nobody told" }).click();
    await page.getByText("≈ $0.000042500").waitFor();
    await page.getByText("in no other figure").waitFor();
    await page.getByText("There are more calls than were counted").waitFor();
    await page.getByText("≥ $0.012500001").waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    expect(errors).toEqual([]);
  });
});

describe("prices", () => {
  it("shows one's own, adds in front of them, and takes away", async () => {
    await open("/prices");
    const own = page.getByRole("group", { name: "Your prices in their order" });
    await own.getByText("input $0.20, output $0.60").waitFor();
    await own.getByText("×0.85 of the catalogue's price").waitFor();
    const form = page.getByRole("form", { name: "Add a price" });
    await form.getByLabel("Name").fill("less");
    await form.getByLabel("Provider").fill("anthropic");
    await form.getByRole("radio", { name: "A contract" }).check();
    await form.getByLabel("Times the catalogue's").fill("0.9");
    await form.getByRole("button", { name: "Add" }).click();
    await own.getByText("less").waitFor();
    expect(server.data.ownPrices).toEqual({
      prices: [{ name: "less", provider: "anthropic", factor: "0.9" }, ...OWN.prices],
    });
    await page.getByRole("button", { name: "Remove house" }).click();
    await page.getByRole("button", { name: "Remove house" }).waitFor({ state: "detached" });
    expect(server.data.ownPrices).toMatchObject({ prices: [{ name: "less" }, { name: "contract" }] });
    expect(errors).toEqual([]);
  });

  it("adds a machine paid by the second in another currency, with its rate", async () => {
    await open("/prices");
    const form = page.getByRole("form", { name: "Add a price" });
    await form.getByLabel("Name").fill("our GPU");
    await form.getByLabel("Provider").fill("ollama");
    await form.getByRole("radio", { name: "By second" }).check();
    await form.getByLabel("A second").fill("0.0005");
    await form.getByLabel("Currency").fill("eur");
    await form.getByLabel("Dollars for one of it").fill("1.10");
    await form.getByRole("button", { name: "Add" }).click();
    await page.getByText("EUR 0.0005 a second").waitFor();
    await page.getByText("Rates of exchange: EUR at $1.10").waitFor();
    expect(server.data.ownPrices).toMatchObject({
      prices: [{ name: "our GPU", provider: "ollama", second: "0.0005", currency: "EUR" }, {}, {}],
      currencies: [{ currency: "EUR", dollars: "1.10" }],
    });
    await expectAccessible(page);
    expect(errors).toEqual([]);
  });

  it("shows which prices of the catalogue yours go before, and only those", async () => {
    await open("/prices");
    const models = page.getByRole("group", { name: "Models and their prices" });
    await models.getByText("yours: contract").waitFor();
    await models.getByText("Input $0.1275").waitFor();
    await page.getByRole("checkbox", { name: "Only what yours go before" }).check();
    await expect.poll(() => server.requests).toContain("GET /api/v1/prices/catalogue?own=true");
  });

  it("asks the catalogue for what is typed", async () => {
    await open("/prices");
    await page.getByText("the first 1 of 900 models").waitFor();
    await page.getByRole("searchbox", { name: "Search the catalogue" }).fill("mini");
    await expect.poll(() => server.requests).toContain("GET /api/v1/prices/catalogue?search=mini");
    await page.getByText("other prices above 200,000 input tokens").waitFor();
  });
});

describe("cost", () => {
  it("explains a trace from its page, a day, and one model of it", async () => {
    await open(`/trace/${trace}`);
    await page.getByTitle("Show the breakdown").first().click();
    await page.getByRole("link", { name: "Explain this number" }).click();
    await page.waitForURL(`**/cost?trace=${trace}`);
    await page.getByText("≥ $0.012500001").waitFor();
    await page.getByText("5 calls, of which 2 have a cost that is not wholly known").waitFor();
    await page.getByText("There is no price for house-1").waitFor();
    const estimated = page.getByRole("list", { name: "Beside the total" });
    await estimated.getByText("≈ $0.000350000 estimated beside it").waitFor();
    await estimated.getByText("$0.002500000 of the total is for tokens that the sender may have counted").waitFor();
    await estimated.getByText("$0.013000000 is what the senders of 2 calls said").waitFor();
    await page.getByRole("button", { name: "gpt-4o", exact: true }).first().click();
    await page.waitForURL(/model=gpt-4o/);
    await expect.poll(() => server.requests).toContain(`GET /api/v1/cost?traceId=${trace}&model=gpt-4o`);
    await page.goto(`${url}/cost?day=2026-11-20`);
    const from = Date.UTC(2026, 10, 20);
    await expect.poll(() => server.requests).toContain(`GET /api/v1/cost?from=${from}&to=${from + 86_400_000}`);
    await page.getByLabel("Day in UTC").fill("2026-11-21");
    await page.waitForURL(/day=2026-11-21/);
    expect(errors).toEqual([]);
  });
});
