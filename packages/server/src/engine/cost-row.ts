import type { InsertTarget } from "../store.ts";
import { type ColumnSpec, insertTargets } from "./column-writer.ts";
import type { SpanFacts } from "./span-facts.ts";

const KEYS = ["project", "provider", "model", "kind", "about", "bucket", "price", "source", "tier"] as const;
const SUMS = ["calls", "input_tokens", "output_tokens", "unpriced_calls"] as const;

/**
 * One signed row of `cost_hours`. By kind: `call` (the amount is its nano-units), `line` (of a model, which `about` names:
 * how many), `unknown` (`about` says why), `reported` (nano-units claimed) and `sender` (calls whose tokens the sender
 * counted: nano-units).
 */
export type CostRow = { readonly [key in (typeof KEYS)[number]]: string } & {
  readonly hour: number;
  /** Nano-units for a million; 0 where the kind is no line. */
  readonly each: bigint;
  amount: bigint;
} & { [sum in (typeof SUMS)[number]]: number };

/** Where an amount counts, beside the span's own keys. */
type Place = Partial<Pick<CostRow, "about" | "bucket" | "price" | "source" | "tier" | "each">>;

/** Sums what the costs of a batch are made of, one row per combination. */
export class CostLedger {
  readonly #rows = new Map<string, CostRow>();

  /** Counts a billed span in (`sign` 1) or takes it out again (-1). Others count nothing. */
  add(project: string, span: SpanFacts, sign: 1 | -1): void {
    if (span.billing !== "billed") return;
    const { form, counts, reported, isSenderEstimate } = span.cost;
    const nanos = span.costNanos ?? 0n;
    this.#add("call", {}, span, project, sign, nanos);
    if (span.costNanos === null) this.#add("unknown", { about: form.reason }, span, project, sign, 0n);
    else this.#addLines(span, project, sign, counts);
    if (reported !== undefined) this.#add("reported", {}, span, project, sign, reported);
    if (!isSenderEstimate) return;
    const row = this.#add("sender", {}, span, project, sign, nanos);
    row.input_tokens += sign * (span.inputTokens ?? 0);
    row.output_tokens += sign * (span.outputTokens ?? 0);
    if (span.costNanos === null) row.unpriced_calls += sign;
  }

  /** A call with two lines of one kind is one call. */
  #addLines(span: SpanFacts, project: string, sign: 1 | -1, counts: readonly number[]): void {
    const seen = new Set<CostRow>();
    for (const [index, line] of span.cost.form.lines.entries()) {
      const { model: about, bucket, price, source, tier = "", nanosPerMillion: each } = line;
      const amount = BigInt(counts[index] ?? 0);
      const row = this.#add("line", { about, bucket, price, source, tier, each }, span, project, sign, amount);
      if (seen.has(row)) row.calls -= sign;
      seen.add(row);
    }
  }

  #add(kind: string, place: Place, span: SpanFacts, project: string, sign: 1 | -1, amount: bigint): CostRow {
    const { about = "", bucket = "", price = "", source = "", tier = "", each = 0n } = place;
    const { hour, provider, model } = span;
    const key = JSON.stringify([
      project,
      hour,
      provider,
      model,
      kind,
      about,
      bucket,
      price,
      source,
      tier,
      String(each),
    ]);
    let row = this.#rows.get(key);
    if (!row) {
      row = { project, hour, provider, model, kind, about, bucket, price, source, tier, each, ...NOTHING };
      this.#rows.set(key, row);
    }
    row.calls += sign;
    row.amount += BigInt(sign) * amount;
    return row;
  }

  /** What is left to store: rows in which something changed. */
  rows(): CostRow[] {
    return [...this.#rows.values()].filter((row) => row.amount !== 0n || SUMS.some((sum) => row[sum] !== 0));
  }
}

const NOTHING = { amount: 0n, calls: 0, input_tokens: 0, output_tokens: 0, unpriced_calls: 0 };

/** How each field of a cost row is sent and stored. */
export const COST_COLUMNS: readonly ColumnSpec<CostRow>[] = [
  ...KEYS.map((name): ColumnSpec<CostRow> => ({
    name,
    type: "text",
    expression: `assumeNotNull(${name})`,
    value: (row) => row[name],
  })),
  { name: "hour", type: "i64", expression: "toDateTime(assumeNotNull(hour), 'UTC')", value: (row) => row.hour },
  ...(["each", "amount", ...SUMS] as const).map((name): ColumnSpec<CostRow> => ({
    name,
    type: "i64",
    expression: `assumeNotNull(${name})`,
    value: (row) => row[name],
  })),
];

/** Columns and expressions of the insert. */
export const COST_TARGETS: readonly InsertTarget[] = insertTargets(COST_COLUMNS);
