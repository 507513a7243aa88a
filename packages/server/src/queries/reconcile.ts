import * as z from "zod";
import type { Reconciliation } from "../api-types.ts";
import { type Invoice, InvoiceError, type InvoiceLine } from "../invoice/invoice-line.ts";
import { readExport } from "../invoice/read-export.ts";
import { type Query, QueryError, type Reader } from "../query.ts";
import { decimalOf, numberOf, textOf } from "../query/row-value.ts";
import { StatementParameters } from "../query/statement-parameters.ts";

/** A year of days of an organisation with many models and keys, as JSON in JSON. */
const MOST_BYTES = 20_000_000;

interface Input {
  readonly content: string;
  readonly project?: string | undefined;
}

const input: z.ZodType<Input> = z.strictObject({
  content: z.string().meta({ description: "The export as the provider gives it: JSON or CSV of usage or of cost" }),
  project: z.string().max(200).optional().meta({ description: "Only this project's telemetry; every one when absent" }),
});

const side = z.object({
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  calls: z.number().nullable(),
  costNanos: z.string().nullable(),
});
const row = z.object({ day: z.string(), model: z.string(), invoice: side, telemetry: side, difference: side });

const output: z.ZodType<Reconciliation> = z.object({
  provider: z.enum(["openai", "anthropic"]),
  rows: z.array(row),
  total: row,
  unpricedCalls: z.int(),
});

/** Where a provider's export and the telemetry differ, day by day and model by model. */
export const reconcile: Query<Input, Reconciliation> = {
  name: "reconcile",
  summary: "Compare a provider's export of usage or cost with the telemetry, by day and model",
  method: "POST",
  path: "/reconcile",
  mostBytes: MOST_BYTES,
  input,
  output,
  async run({ content, project }, reader) {
    const invoice = invoiceOf(content);
    const told = sumsOf(invoice);
    const { sums: seen, unpriced } = await telemetryOf(invoice, project, reader);
    const keys = [...new Set([...told.keys(), ...seen.keys()])].toSorted();
    const rows = keys.map((key) => rowOf(key, told.get(key), seen.get(key), invoice));
    const total = rowOf("\nall", totalOf(told), totalOf(seen), invoice);
    return { provider: invoice.provider, rows, total, unpricedCalls: unpriced };
  },
};

function invoiceOf(content: string): Invoice {
  try {
    if (content.trim() === "") throw new InvoiceError("it is empty");
    const invoice = readExport(content);
    if (invoice.lines.length > 0) return invoice;
    throw new InvoiceError("it has no lines");
  } catch (error) {
    if (!(error instanceof InvoiceError)) throw error;
    throw new QueryError(
      400,
      "bad-export",
      `the export cannot be read: ${error.message}`,
      "send a page of the provider's usage or costs API, or the CSV of its page",
    );
  }
}

/** What one side says of a day and a model. */
interface Sum {
  input: number;
  output: number;
  calls: number;
  nanos: bigint;
}

const emptySum = (): Sum => ({ input: 0, output: 0, calls: 0, nanos: 0n });

/** The same model goes by its name with and without its date. */
function keyOf(day: string, model: string): string {
  return `${day}\n${model.toLowerCase().replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8})$/, "")}`;
}

/** Models are compared where the export tells them apart. */
const hasModels = (lines: readonly InvoiceLine[]): boolean => lines.some(({ model }) => model !== "");

function add(sums: Map<string, Sum>, key: string, { input, output, calls, nanos }: Sum): void {
  const sum = sums.get(key) ?? emptySum();
  sums.set(key, {
    input: sum.input + input,
    output: sum.output + output,
    calls: sum.calls + calls,
    nanos: sum.nanos + nanos,
  });
}

function sumsOf({ lines }: Invoice): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const line of lines)
    add(sums, keyOf(line.day, line.model), {
      input: line.inputTokens ?? 0,
      output: line.outputTokens ?? 0,
      calls: line.requests ?? 0,
      nanos: line.nanos ?? 0n,
    });
  return sums;
}

function totalOf(sums: ReadonlyMap<string, Sum>): Sum {
  const total = new Map<string, Sum>();
  for (const sum of sums.values()) add(total, "", sum);
  return total.get("") ?? emptySum();
}

async function telemetryOf(
  { provider, lines }: Invoice,
  project: string | undefined,
  reader: Reader,
): Promise<{ sums: Map<string, Sum>; unpriced: number }> {
  const parameters = new StatementParameters();
  const days = lines.map(({ day }) => Date.parse(day) / 1000);
  const seconds = (value: number): string =>
    `toDateTime(${parameters.bind("UInt32", Math.min(Math.max(value, 0), 4_294_967_295))}, 'UTC')`;
  const where = [
    `hour >= ${seconds(days.reduce((least, day) => Math.min(least, day), Infinity))}`,
    `hour < ${seconds(days.reduce((most, day) => Math.max(most, day), 0) + 86_400)}`,
    `provider = ${parameters.bind("String", provider)}`,
  ];
  if (project !== undefined) where.push(`project = ${parameters.bind("String", project)}`);
  const sum = (column: string): string => `toString(sum(spend_hours.${column})) AS ${column}`;
  const columns = ["input_tokens", "output_tokens", "calls", "unpriced_calls", "cost_nanos"].map(sum).join(", ");
  const rows = await reader.rows(
    `SELECT toString(toDate(hour, 'UTC')) AS day, model, ${columns}
      FROM telltale_data.spend_hours WHERE ${where.join(" AND ")} GROUP BY day, model HAVING sum(spend_hours.calls) != 0`,
    parameters.values,
  );
  const sums = new Map<string, Sum>();
  const told = hasModels(lines);
  for (const each of rows)
    add(sums, keyOf(textOf(each, "day"), told ? textOf(each, "model") : ""), {
      input: numberOf(each, "input_tokens"),
      output: numberOf(each, "output_tokens"),
      calls: numberOf(each, "calls"),
      nanos: BigInt(decimalOf(each, "cost_nanos") ?? "0"),
    });
  return { sums, unpriced: rows.reduce((total, each) => total + numberOf(each, "unpriced_calls"), 0) };
}

type Side = Reconciliation["total"]["invoice"];

/** What an export does not tell is null on its side and in the difference, and never 0. */
function rowOf(key: string, told: Sum | undefined, seen: Sum | undefined, { lines }: Invoice): Reconciliation["total"] {
  const [day = "", model = ""] = key.split("\n");
  const has = (field: keyof InvoiceLine): boolean => lines.some((line) => line[field] !== undefined);
  const sideOf = ({ input, output, calls, nanos }: Sum, isAll: boolean): Side => ({
    inputTokens: isAll || has("inputTokens") ? input : null,
    outputTokens: isAll || has("outputTokens") ? output : null,
    calls: isAll || has("requests") ? calls : null,
    costNanos: isAll || has("nanos") ? nanos.toString() : null,
  });
  const invoice = told ?? emptySum();
  const telemetry = seen ?? emptySum();
  const difference: Sum = {
    input: telemetry.input - invoice.input,
    output: telemetry.output - invoice.output,
    calls: telemetry.calls - invoice.calls,
    nanos: telemetry.nanos - invoice.nanos,
  };
  return {
    day,
    model,
    invoice: sideOf(invoice, false),
    telemetry: sideOf(telemetry, true),
    difference: sideOf(difference, false),
  };
}
