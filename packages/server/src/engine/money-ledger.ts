import { COST_COLUMNS, COST_TARGETS, CostLedger } from "./cost-row.ts";
import type { DecodedMetric } from "./decode-batch.ts";
import type { SpanFacts } from "./span-facts.ts";
import { SPEND_COLUMNS, SPEND_TARGETS, SpendLedger } from "./spend-row.ts";
import { type TableInsert, tableInsert } from "./table-insert.ts";
import { unsentSpend } from "./unsent-spend.ts";

/** What a batch adds to and takes from the sums of money: how much by whom, and what it is made of. */
export class MoneyLedger {
  readonly #spend = new SpendLedger();
  readonly #costs = new CostLedger();

  /** Counts a billed span in (`sign` 1) or takes it out again (-1). Others count nothing. */
  add(project: string, span: SpanFacts, sign: 1 | -1): void {
    this.#spend.add(project, span, sign);
    this.#costs.add(project, span, sign);
  }

  /** Its rows, with the spend of what SDKs told that they did not send. */
  inserts(metrics: readonly DecodedMetric[]): readonly TableInsert[] {
    const spend = [...this.#spend.rows(), ...unsentSpend(metrics)];
    return [
      tableInsert("spend_hours", SPEND_TARGETS, SPEND_COLUMNS, spend),
      tableInsert("cost_hours", COST_TARGETS, COST_COLUMNS, this.#costs.rows()),
    ];
  }
}
