import type { InsertTarget } from "../store.ts";
import { type ColumnSpec, insertTargets } from "./column-writer.ts";
import type { CostForm } from "./kept-cost.ts";
import { isWhollyPriced, type SpanFacts } from "./span-facts.ts";

const KEYS = ["project", "provider", "model", "kind", "about", "bucket", "price", "source", "tier"] as const;
const SUMS = ["calls", "input_tokens", "output_tokens", "unpriced_calls"] as const;

/**
 * One signed row of `cost_hours`. By kind: `call` (the amount is its nano-units), `line` (of a model, which `about` names:
 * how many), `unknown` (all of it or a part: `about` says why), `reported` (nano-units claimed) and `sender` (calls whose tokens the sender
 * counted: nano-units).
 */
export type CostRow = { readonly [key in (typeof KEYS)[number]]: string } & {
  readonly hour: number;
  /** Nano-units for a million; 0 where the kind is no line. */
  readonly each: bigint;
  amount: bigint;
} & { [sum in (typeof SUMS)[number]]: number };

/** What a row tells beside the span's own keys. */
type Told = Partial<Pick<CostRow, "about" | "bucket" | "price" | "source" | "tier" | "each">>;

/** The rows that calls of one model, hour and form of cost count in. */
interface Places {
  readonly call: CostRow;
  readonly unknown: CostRow;
  readonly reported: CostRow;
  readonly sender: CostRow;
  /** By line; two lines of one kind have one row. */
  readonly lines: readonly CostRow[];
  /** Each of those once. */
  readonly lineRows: ReadonlySet<CostRow>;
}

/** Sums what the costs of a batch are made of, one row per combination. */
export class CostLedger {
  readonly #rows = new Map<string, CostRow>();
  /** The calls of a batch have few keys and forms: their rows are looked up once for each, and not once for each call. */
  readonly #places = new Map<string, Map<CostForm, Places>>();

  /** Counts a billed span in (`sign` 1) or takes it out again (-1). Others count nothing. */
  add(project: string, span: SpanFacts, sign: 1 | -1): void {
    if (span.billing !== "billed") return;
    const { counts, reported, isSenderEstimate } = span.cost;
    const nanos = span.costNanos ?? 0n;
    const places = this.#placesOf(project, span);
    count(places.call, sign, nanos);
    const isWhole = isWhollyPriced(span);
    if (!isWhole) count(places.unknown, sign, 0n);
    if (span.costNanos !== null) {
      for (const row of places.lineRows) row.calls += sign;
      for (const [index, row] of places.lines.entries()) row.amount += BigInt(sign * (counts[index] ?? 0));
    }
    if (reported !== undefined) count(places.reported, sign, reported);
    if (!isSenderEstimate) return;
    count(places.sender, sign, nanos);
    places.sender.input_tokens += sign * (span.inputTokens ?? 0);
    places.sender.output_tokens += sign * (span.outputTokens ?? 0);
    if (!isWhole) places.sender.unpriced_calls += sign;
  }

  #placesOf(project: string, span: SpanFacts): Places {
    const { hour, provider, model, cost } = span;
    // Lengths keep one name from running into the next.
    const key = `${hour} ${project.length} ${project} ${provider.length} ${provider} ${model}`;
    let forms = this.#places.get(key);
    if (!forms) this.#places.set(key, (forms = new Map()));
    let places = forms.get(cost.form);
    if (!places) forms.set(cost.form, (places = this.#makePlaces(project, span)));
    return places;
  }

  #makePlaces(project: string, span: SpanFacts): Places {
    const row = (kind: string, told: Told): CostRow => this.#row(kind, told, span, project);
    const lines = span.cost.form.lines.map(
      ({ model: about, bucket, price, source, tier = "", nanosPerMillion: each }) =>
        row("line", { about, bucket, price, source, tier, each }),
    );
    return {
      call: row("call", {}),
      unknown: row("unknown", { about: span.cost.form.reason }),
      reported: row("reported", {}),
      sender: row("sender", {}),
      lines,
      lineRows: new Set(lines),
    };
  }

  #row(kind: string, told: Told, { hour, provider, model }: SpanFacts, project: string): CostRow {
    const { about = "", bucket = "", price = "", source = "", tier = "", each = 0n } = told;
    const keys = { project, hour, provider, model, kind, about, bucket, price, source, tier };
    const key = JSON.stringify([...Object.values(keys), String(each)]);
    let row = this.#rows.get(key);
    if (!row) this.#rows.set(key, (row = { ...keys, each, ...NOTHING }));
    return row;
  }

  /** What is left to store: rows in which something changed. */
  rows(): CostRow[] {
    return [...this.#rows.values()].filter((row) => row.amount !== 0n || SUMS.some((sum) => row[sum] !== 0));
  }
}

function count(row: CostRow, sign: 1 | -1, amount: bigint): void {
  row.calls += sign;
  row.amount += BigInt(sign) * amount;
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
