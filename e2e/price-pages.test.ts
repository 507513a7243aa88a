import { beforeEach, describe, expect, it } from "vitest";
import { CATALOGUE, COST, ESTIMATE, OWN_PRICES } from "../packages/web/src/fixture/price-fixture.ts";
import { supportRun } from "../packages/web/src/fixture/support-run.ts";
import { FixtureServer } from "./fixture-server.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./page-checks.ts";
import { usePage } from "./use-page.ts";

/* The pages about money in a real browser, with given answers. */

const run = supportRun({ seed: 5, startTime: Date.now() - 90_000 });
const trace = run.summary.traceId;

const server = new FixtureServer({
  traces: [run.summary],
  opened: new Map([[trace, run]]),
  cost: COST,
  estimate: ESTIMATE,
  catalogue: CATALOGUE,
});
const tab = usePage(server);

beforeEach(() => {
  server.data.ownPrices = OWN_PRICES;
  delete server.data.refusal;
});

const PLACES = [
  ["prices", "/prices", "text=gpt-4o-mini"],
  ["the cost of a day", "/cost?day=2026-11-20", "text=openai/gpt-4o@2024-08-06"],
  ["the cost of a trace", `/cost?trace=${trace}&model=gpt-4o`, "text=of the trace"],
] as const;

describe.each(["light", "dark"] as const)("in %s colours", (theme) => {
  it.each(PLACES)("%s are accessible, fit and complain of nothing", async (_, path, sign) => {
    await tab.open(path, { theme });
    await tab.page.locator(sign).first().waitFor();
    await expectAccessible(tab.page);
    await expectNoSidewaysScroll(tab.page);
    expect(tab.errors).toEqual([]);
  });

  it("a price that is refused says so at its field, accessibly", async () => {
    const message = "prices[0].tokens.input: expected a decimal";
    server.data.refusal = { error: { code: "bad-prices", message } };
    await tab.open("/prices", { theme });
    const form = tab.page.getByRole("form", { name: "Add a price" });
    await form.getByLabel("Name").fill("dear");
    await form.getByLabel("Input, a million").fill("much");
    await form.getByRole("button", { name: "Add" }).click();
    await tab.page.getByText("expected a decimal").waitFor();
    expect(await form.getByLabel("Input, a million").getAttribute("aria-invalid")).toBe("true");
    expect(await form.getByLabel("Name").inputValue()).toBe("dear");
    await expectAccessible(tab.page);
    expect(server.data.ownPrices).toEqual(OWN_PRICES);
  });
});

describe.each(["light", "dark"] as const)("an estimate in %s colours", (theme) => {
  it("is asked for, marked, and in no total", async () => {
    await tab.open("/cost?day=2026-11-20", { theme });
    await tab.page.getByRole("button", { name: "Estimate what nobody told" }).click();
    await tab.page.getByText("≈ $0.000042500").waitFor();
    await tab.page.getByText("in no other figure").waitFor();
    await tab.page.getByText("There are more calls than were counted").waitFor();
    await tab.page.getByText("≥ $0.012500001").waitFor();
    await expectAccessible(tab.page);
    await expectNoSidewaysScroll(tab.page);
    expect(tab.errors).toEqual([]);
  });
});

describe("prices", () => {
  it("shows one's own, adds in front of them, and takes away", async () => {
    await tab.open("/prices");
    const own = tab.page.getByRole("group", { name: "Your prices in their order" });
    await own.getByText("input $0.20, output $0.60").waitFor();
    await own.getByText("×0.85 of the catalogue's price").waitFor();
    const form = tab.page.getByRole("form", { name: "Add a price" });
    await form.getByLabel("Name").fill("less");
    await form.getByLabel("Provider").fill("anthropic");
    await form.getByRole("radio", { name: "A contract" }).check();
    await form.getByLabel("Times the catalogue's").fill("0.9");
    await form.getByRole("button", { name: "Add" }).click();
    await own.getByText("less").waitFor();
    expect(server.data.ownPrices).toEqual({
      prices: [{ name: "less", provider: "anthropic", factor: "0.9" }, ...OWN_PRICES.prices],
    });
    await tab.page.getByRole("button", { name: "Remove house" }).click();
    await tab.page.getByRole("button", { name: "Remove house" }).waitFor({ state: "detached" });
    expect(server.data.ownPrices).toMatchObject({ prices: [{ name: "less" }, { name: "contract" }] });
    expect(tab.errors).toEqual([]);
  });

  it("adds a machine paid by the second in another currency, with its rate", async () => {
    await tab.open("/prices");
    const form = tab.page.getByRole("form", { name: "Add a price" });
    await form.getByLabel("Name").fill("our GPU");
    await form.getByLabel("Provider").fill("ollama");
    await form.getByRole("radio", { name: "By second" }).check();
    await form.getByLabel("A second").fill("0.0005");
    await form.getByLabel("Currency").fill("eur");
    await form.getByLabel("Dollars for one of it").fill("1.10");
    await form.getByRole("button", { name: "Add" }).click();
    await tab.page.getByText("EUR 0.0005 a second").waitFor();
    await tab.page.getByText("Rates of exchange: EUR at $1.10").waitFor();
    expect(server.data.ownPrices).toMatchObject({
      prices: [{ name: "our GPU", provider: "ollama", second: "0.0005", currency: "EUR" }, {}, {}],
      currencies: [{ currency: "EUR", dollars: "1.10" }],
    });
    await expectAccessible(tab.page);
    expect(tab.errors).toEqual([]);
  });

  it("shows which prices of the catalogue yours go before, and only those", async () => {
    await tab.open("/prices");
    const models = tab.page.getByRole("group", { name: "Models and their prices" });
    await models.getByText("yours: contract").waitFor();
    await models.getByText("Input $0.1275").waitFor();
    await tab.page.getByRole("checkbox", { name: "Only what yours go before" }).check();
    await expect.poll(() => server.requests).toContain("GET /api/v1/prices/catalogue?own=true");
  });

  it("asks the catalogue for what is typed", async () => {
    await tab.open("/prices");
    await tab.page.getByText("the first 1 of 900 models").waitFor();
    await tab.page.getByRole("searchbox", { name: "Search the catalogue" }).fill("mini");
    await expect.poll(() => server.requests).toContain("GET /api/v1/prices/catalogue?search=mini");
    await tab.page.getByText("other prices above 200,000 input tokens").waitFor();
  });
});

describe("cost", () => {
  it("explains a trace from its page, a day, and one model of it", async () => {
    await tab.open(`/trace/${trace}`);
    await tab.page.getByTitle("Show the breakdown").first().click();
    await tab.page.getByRole("link", { name: "Explain this number" }).click();
    await tab.page.waitForURL(`**/cost?trace=${trace}`);
    await tab.page.getByText("≥ $0.012500001").waitFor();
    await tab.page.getByText("5 calls, of which 2 have a cost that is not wholly known").waitFor();
    await tab.page.getByText("There is no price for house-1").waitFor();
    const estimated = tab.page.getByRole("list", { name: "Beside the total" });
    await estimated.getByText("≈ $0.000350000 estimated beside it").waitFor();
    await estimated.getByText("$0.002500000 of the total is for tokens that the sender may have counted").waitFor();
    await estimated.getByText("$0.013000000 is what the senders of 2 calls said").waitFor();
    await tab.page.getByRole("button", { name: "gpt-4o", exact: true }).first().click();
    await tab.page.waitForURL(/model=gpt-4o/);
    await expect.poll(() => server.requests).toContain(`GET /api/v1/cost?traceId=${trace}&model=gpt-4o`);
    await tab.page.goto(`${tab.url}/cost?day=2026-11-20`);
    const from = Date.UTC(2026, 10, 20);
    await expect.poll(() => server.requests).toContain(`GET /api/v1/cost?from=${from}&to=${from + 86_400_000}`);
    await tab.page.getByLabel("Day in UTC").fill("2026-11-21");
    await tab.page.waitForURL(/day=2026-11-21/);
    expect(tab.errors).toEqual([]);
  });
});
