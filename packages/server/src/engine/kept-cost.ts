import type { CostLine } from "@telltale/model";
import { costFromJson } from "./cost-json.ts";

/** Forms of costs remembered: models times price rows; bounded, since a model's name is hostile input. */
const MOST_FORMS = 5000;
const TOKENS = '"tokens":';
const REPORTED = ',"reported":{"nanos":"';
const ESTIMATED = '"quality":"estimated"';

/** What all costs of one model at one price have in common. */
export interface CostForm {
  /** In the order of the counts. */
  readonly lines: readonly CostLine[];
  /** Why the sum is unknown; "" where it is known, or nothing is said. */
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

const forms = new Map<string, CostForm>();
const NO_FORM: CostForm = { lines: [], reason: "" };
const NO_COST: KeptCost = { form: NO_FORM, counts: [], reported: undefined, isSenderEstimate: false };

/** The cost in a row's columns `cost` and `usage`. Neither can end a text: within one, a quote is escaped. */
export function keptCost(cost: string, usage: string): KeptCost {
  const isSenderEstimate = usage.includes(ESTIMATED);
  if (cost === "") return isSenderEstimate ? { ...NO_COST, isSenderEstimate } : NO_COST;
  const reportedAt = cost.lastIndexOf(REPORTED);
  const reported =
    reportedAt < 0 ? undefined : BigInt(/^-?\d+/.exec(cost.slice(reportedAt + REPORTED.length))?.[0] ?? 0);
  const end = reportedAt < 0 ? cost.length : reportedAt;
  const counts: number[] = [];
  let shape = "";
  // The sum stands before the currency and is the call's own.
  let from = cost.indexOf('"currency"');
  for (let at = cost.indexOf(TOKENS, from); at >= 0 && at < end; at = cost.indexOf(TOKENS, from)) {
    const start = at + TOKENS.length;
    let stop = start;
    while (isDigit(cost.charCodeAt(stop))) stop++;
    counts.push(Number(cost.slice(start, stop)));
    shape += cost.slice(from, start);
    from = stop;
  }
  shape += cost.slice(from, end);
  return { form: formOf(shape, cost), counts, reported, isSenderEstimate };
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function formOf(shape: string, cost: string): CostForm {
  const known = forms.get(shape);
  if (known) return known;
  const told = costFromJson(cost);
  const form: CostForm = { lines: told?.lines ?? [], reason: told?.reason ?? "" };
  if (forms.size < MOST_FORMS) forms.set(shape, form);
  return form;
}
