import { beforeEach, describe, expect, it } from "vitest";
import { BUDGET_REPORT } from "../packages/web/src/fixture/budget-fixture.ts";
import { FixtureServer } from "./fixture-server.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./page-checks.ts";
import { usePage } from "./use-page.ts";

/* The page of budgets in a real browser, with given answers. */

const server = new FixtureServer();
const tab = usePage(server);

beforeEach(() => {
  server.data.budgets = BUDGET_REPORT;
  server.putBudgets.length = 0;
  server.requests.length = 0;
  delete server.data.refusal;
});

describe.each(["light", "dark"] as const)("in %s colours", (theme) => {
  it.each([1280, 480])("budgets are accessible, fit %i pixels and complain of nothing", async (width) => {
    await tab.open("/budgets", { theme, width });
    await tab.page.getByRole("heading", { name: "users" }).waitFor();
    await expectAccessible(tab.page);
    await expectNoSidewaysScroll(tab.page);
    expect(tab.errors).toEqual([]);
  });

  it("a budget that is refused says so at its fields, accessibly", async () => {
    const message = "amount: expected dollars; covers: model cannot be together with user; thresholds[0]: expected";
    server.data.refusal = { error: { code: "bad-budget", message } };
    await tab.open("/budgets", { theme });
    await tab.page.getByRole("button", { name: "Add a budget" }).click();
    const dialog = tab.page.getByRole("dialog", { name: "Add a budget" });
    await dialog.getByLabel("Name").fill("dear");
    await dialog.getByRole("button", { name: "Narrow it" }).click();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByText("expected dollars").waitFor();
    await dialog.getByText("model cannot be together with user").waitFor();
    expect(await dialog.getByLabel("Amount in US dollars").getAttribute("aria-invalid")).toBe("true");
    expect(await dialog.getByLabel("Say so at, in per cent").getAttribute("aria-invalid")).toBe("true");
    expect(await dialog.getByLabel("Name").inputValue()).toBe("dear");
    await expectAccessible(tab.page);
    expect(server.putBudgets).toEqual([]);
  });

  it("a file that somebody's hand made wrong is told, and so is that there are none", async () => {
    server.data.budgets = { budgets: [], problems: [{ where: "budgets[0].amount", problem: "expected dollars" }] };
    await tab.open("/budgets", { theme });
    await tab.page.getByRole("alert").getByText("expected dollars").waitFor();
    await expectAccessible(tab.page);
    server.data.budgets = { budgets: [], problems: [] };
    await tab.page.reload();
    await tab.page.getByText("There are no budgets").waitFor();
    await expectAccessible(tab.page);
  });
});

describe("budgets", () => {
  it("say how they stand in words, and lead to the traces behind them", async () => {
    await tab.open("/budgets");
    const users = tab.page.getByRole("article", { name: "users" });
    await users.getByText("$5.00 a day for each user, only project shop").waitFor();
    await users.getByText("1 over, 1 near, of 120 users").waitFor();
    await users.getByText("$6.20 of $5.00").waitFor();
    await users.getByText("$1.20 over").waitFor();
    await users.getByText("≥ $4.10 of $5.00").waitFor();
    await users.getByText("2 calls without a wholly known cost: at least this much is spent.").waitFor();
    await users.getByText("4 calls without a user, for $0.1200, in none of these.").waitFor();
    await users.getByText("The first 3 of 120.").waitFor();
    expect(await users.getByRole("meter", { name: "users, ada" }).getAttribute("aria-valuetext")).toBe(
      "$6.20 of $5.00, 124 %: Over",
    );
    await tab.page.getByRole("article", { name: "planner" }).getByText("Near its limit").waitFor();
    await tab.page.getByRole("article", { name: "everything" }).getByText("Fine", { exact: true }).waitFor();
    await users.getByRole("link", { name: "Traces behind ada" }).click();
    await tab.page.waitForURL(/\/\?filter=project:shop\+user:ada&from=\d+&to=\d+/);
    expect(tab.errors).toEqual([]);
  });

  it("are made with the keyboard alone", async () => {
    await tab.open("/budgets");
    await tab.page.getByRole("heading", { name: "users" }).waitFor();
    await tab.page.getByRole("button", { name: "Add a budget" }).focus();
    const type = async (...keys: string[]): Promise<void> => {
      for (const key of keys)
        await (key.length > 1 && !/[A-Z]/.test(key) ? tab.page.keyboard.type(key) : tab.page.keyboard.press(key));
    };
    await type("Enter", "sessions", "Tab", "0.50", "Tab", "in all", "Tab", "each session", "Tab", "Enter");
    const dialog = tab.page.getByRole("dialog", { name: "Add a budget" });
    await dialog.getByLabel("Key").focus();
    await type("tag", "Tab", "beta", "Enter");
    await dialog.waitFor({ state: "detached" });
    expect(server.putBudgets).toEqual([
      {
        name: "sessions",
        amount: "0.50",
        period: "all",
        covers: { tag: "beta" },
        each: "session",
        thresholds: [80, 100],
      },
    ]);
    await tab.page.getByRole("button", { name: "Edit users" }).press("Enter");
    await tab.page.getByRole("dialog", { name: "Edit users" }).waitFor();
    await tab.page.keyboard.press("Escape");
    await tab.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(tab.errors).toEqual([]);
  });

  it("are changed under a new name, which must be free, and taken away", async () => {
    await tab.open("/budgets");
    await tab.page.getByRole("button", { name: "Edit users" }).click();
    const dialog = tab.page.getByRole("dialog", { name: "Edit users" });
    expect(await dialog.getByLabel("Amount in US dollars").inputValue()).toBe("5.00");
    expect(await dialog.getByLabel("Which project").inputValue()).toBe("shop");
    await dialog.getByLabel("Name").fill("planner");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("there is a budget of this name already").waitFor();
    await dialog.getByLabel("Name").fill("people");
    await dialog.getByLabel("Amount in US dollars").fill("7");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(server.putBudgets).toMatchObject([
      { name: "people", amount: "7", covers: { project: "shop" }, each: "user" },
    ]);
    expect(server.requests).toContain("DELETE /api/v1/budgets?name=users");
    await tab.page.getByRole("button", { name: "Edit planner" }).click();
    await tab.page.getByRole("button", { name: "Remove" }).click();
    await tab.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(server.requests).toContain("DELETE /api/v1/budgets?name=planner");
    expect(tab.errors).toEqual([]);
  });

  it("are reached by keys", async () => {
    await tab.open("/budgets");
    await tab.page.goto(`${tab.url}/prices`);
    await tab.page.getByRole("heading", { name: "Prices" }).waitFor();
    await tab.page.keyboard.press("g");
    await tab.page.keyboard.press("b");
    await tab.page.waitForURL("**/budgets");
  });
});
