import type { Cost, CostLine } from "@telltale/model";
import { costFromJson } from "./cost-json.ts";

/** What all costs of one model at one price have in common. */
export interface CostForm {
  /** In the order of the counts; the tokens in them are those of some call. */
  readonly lines: readonly CostLine[];
  /** Why the sum is unknown or a lower bound; "" where it is wholly known, or nothing is said. */
  readonly reason: string;
}

/** A span's cost as the engine remembers it: a form that many share, and what is its own. */
export interface KeptCost {
  readonly form: CostForm;
  /** How many of each line. */
  readonly counts: readonly number[];
  /** Nano-units that the sender claimed. */
  readonly reported: bigint | undefined;
  /** Whether the sender counted the tokens itself. */
  readonly isSenderEstimate: boolean;
}

/** Models whose forms are remembered; bounded, since a model's name is hostile input. */
const MOST_MODELS = 5000;
/** Forms of one model: its prices and tiers, by which kinds of tokens a call had. A form beyond is remembered by nobody. */
const MOST_FORMS = 32;

const forms = new Map<string, CostForm[]>();
const NO_FORM: CostForm = { lines: [], reason: "" };
const NO_COST: KeptCost = { form: NO_FORM, counts: [], reported: undefined, isSenderEstimate: false };
const ESTIMATED = '"quality":"estimated"';

/** What is kept of a cost. */
export function keptCost(cost: Cost | undefined, isSenderEstimate: boolean): KeptCost {
  if (!cost) return isSenderEstimate ? { ...NO_COST, isSenderEstimate } : NO_COST;
  const counts = cost.lines.map(({ tokens }) => tokens);
  return { form: formOf(cost), counts, reported: cost.reported?.nanos, isSenderEstimate };
}

/** The same of a stored row's columns `cost` and `usage`. */
export function keptCostIn(cost: string, usage: string): KeptCost {
  // Within a text of JSON a quote is escaped: a name cannot say this.
  return keptCost(costFromJson(cost), usage.includes(ESTIMATED));
}

function formOf({ lines, reason: told }: Cost): CostForm {
  const reason = told ?? "";
  const model = lines[0]?.model ?? "";
  let known = forms.get(model);
  if (!known) {
    known = [];
    if (forms.size < MOST_MODELS) forms.set(model, known);
  }
  for (const form of known) if (form.reason === reason && areAlike(form.lines, lines)) return form;
  const form: CostForm = { lines, reason };
  if (known.length < MOST_FORMS) known.push(form);
  return form;
}

function areAlike(some: readonly CostLine[], others: readonly CostLine[]): boolean {
  if (some.length !== others.length) return false;
  for (const [index, one] of some.entries()) if (!isAlike(one, others[index]!)) return false;
  return true;
}

function isAlike(one: CostLine, other: CostLine): boolean {
  return (
    one.bucket === other.bucket &&
    one.price === other.price &&
    one.nanosPerMillion === other.nanosPerMillion &&
    one.tier === other.tier &&
    one.model === other.model &&
    one.source === other.source
  );
}
