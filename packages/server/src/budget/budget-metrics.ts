import type { Reader } from "../query.ts";
import { type Labels, type Metrics, metrics as processMetrics } from "../telemetry/metrics.ts";
import type { BudgetStatus } from "./budget-answer.ts";
import type { BudgetFile } from "./budget-file.ts";
import { budgetOf } from "./budget-schema.ts";
import { budgetStatus } from "./budget-status.ts";

/** The store is asked this often at most, however many scrape. */
const FRESH_MS = 15_000;
/** Scrapers give up after ten seconds; a store that is busy for longer than this is waited for by the next scrape. */
const PATIENCE_MS = 2000;

/** Gauges of budgets. There are as many series as budgets: 100 at most. */
export class BudgetMetrics {
  readonly #file: BudgetFile;
  readonly #reader: Reader;
  #statuses: readonly BudgetStatus[] = [];
  #askedAt = -Infinity;
  #asking: Promise<void> | undefined;

  constructor(file: BudgetFile, reader: Reader, metrics: Metrics = processMetrics) {
    this.#file = file;
    this.#reader = reader;
    const each = (read: (status: BudgetStatus) => number): (() => Iterable<readonly [Labels, number]>) => {
      return () => this.#statuses.map((status) => [{ budget: status.name }, read(status)] as const);
    };
    metrics.gauges(
      "telltale_budget_amount_dollars",
      "Amount of a budget for one period",
      each(({ amountNanos }) => dollarsOf(amountNanos)),
    );
    metrics.gauges(
      "telltale_budget_spent_dollars",
      "Spent of a budget in its running period; where it is for each value of a key, by the value that spent most",
      each(({ values }) => dollarsOf(values[0]?.spentNanos ?? "0")),
    );
    metrics.gauges(
      "telltale_budget_over",
      "Values of a budget that have spent its amount; 0 or 1 where it is for all together",
      each(({ overCount }) => overCount),
    );
  }

  /**
   * Asks the store when what it said last is too old; resolves, with or without an answer, in time for a scrape. Without
   * one the gauges stay as they were.
   */
  async refresh(): Promise<void> {
    if (performance.now() - this.#askedAt >= FRESH_MS)
      this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    if (!this.#asking) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    await Promise.race([this.#asking, patience]);
    clearTimeout(timer);
  }

  async #ask(): Promise<void> {
    const budgets = (this.#file.state().content ?? []).map(budgetOf);
    try {
      this.#statuses = await budgetStatus(this.#reader, budgets, { now: Date.now(), limit: 1 });
      this.#askedAt = performance.now();
    } catch {
      // The engine is starting, or gone: its own gauges say so, and the next scrape asks again.
    }
  }
}

function dollarsOf(nanos: string): number {
  return Number(nanos) / 1e9;
}
