import { nanosFromDecimal } from "@telltale/model";
import { dayOf, dollarsOnly, type Invoice, InvoiceError, type InvoiceLine } from "./invoice-line.ts";

/** Columns of the exports of both providers' pages, in lower case. */
const DAYS = ["start_time_iso", "usage_date_utc", "starting_at", "start_time", "date", "day"];
const MODELS = ["model", "model_version", "line_item"];
const COSTS = ["amount_value", "cost_usd", "amount", "cost"];
const CURRENCY = "amount_currency";
const REQUESTS = ["num_model_requests", "requests"];
const OUTPUTS = ["output_tokens", "usage_output_tokens"];
/** OpenAI's input has the cached tokens in it; Anthropic's parts are apart. */
const INPUTS = ["input_tokens"];
const INPUT_PARTS = [
  "uncached_input_tokens",
  "usage_input_tokens_no_cache",
  "usage_input_tokens_cache_read",
  // Older exports do not tell lifetimes apart.
  "usage_input_tokens_cache_write",
  "usage_input_tokens_cache_write_5m",
  "usage_input_tokens_cache_write_1h",
  "cache_read_input_tokens",
  "cache_creation_5m_input_tokens",
  "cache_creation_1h_input_tokens",
];

/** The CSV that OpenAI's and Anthropic's pages of usage and cost export, known by its first line. */
export function readCsvExport(text: string): Invoice {
  const [head = [], ...rows] = csvRows(text);
  const columns = new Map(head.map((name, index) => [name.trim().toLowerCase(), index]));
  const first = (names: readonly string[]): string | undefined => names.find((name) => columns.has(name));
  const day = first(DAYS);
  if (day === undefined) throw new InvoiceError(`no column is a day; one of ${DAYS.join(", ")} is needed`);
  const cost = first(COSTS);
  const model = first(MODELS);
  const parts = INPUT_PARTS.filter((name) => columns.has(name));
  const inputs = parts.length > 0 ? parts : INPUTS.filter((name) => columns.has(name));
  const output = first(OUTPUTS);
  if (cost === undefined && inputs.length === 0 && output === undefined)
    throw new InvoiceError("no column is a number of tokens or an amount of money");
  const requests = first(REQUESTS);
  const isAnthropic = parts.length > 0 || columns.has("usage_date_utc") || columns.has("cost_usd");
  const lines = rows.map((row, index): InvoiceLine => {
    const at = (name: string | undefined): string => (name === undefined ? "" : (row[columns.get(name) ?? -1] ?? ""));
    const where = `line ${index + 2}`;
    const told = dayOf(at(day));
    if (told === undefined) throw new InvoiceError(`${where}: ${JSON.stringify(at(day))} is no day`);
    if (columns.has(CURRENCY)) dollarsOnly(at(CURRENCY));
    return {
      day: told,
      model: modelOf(at(model)),
      ...(inputs.length > 0 ? { inputTokens: inputs.reduce((sum, name) => sum + countOf(at(name), where), 0) } : {}),
      ...(output === undefined ? {} : { outputTokens: countOf(at(output), where) }),
      ...(requests === undefined ? {} : { requests: countOf(at(requests), where) }),
      ...(cost === undefined ? {} : { nanos: amountOf(at(cost), where) }),
    };
  });
  return { provider: isAnthropic ? "anthropic" : "openai", lines };
}

/** A line of OpenAI's bill is `gpt-4o-mini, input`; Anthropic's bill has `Claude Haiku 4.5`, its API `claude-haiku-4-5`. */
function modelOf(told: string): string {
  const name = told.split(", ")[0] ?? "";
  return /^claude [\w .-]+$/i.test(name) ? name.toLowerCase().replaceAll(/[ .]/g, "-") : name;
}

function countOf(told: string, where: string): number {
  const count = Number(told === "" ? 0 : told.replaceAll(",", ""));
  if (!Number.isSafeInteger(count) || count < 0)
    throw new InvoiceError(`${where}: ${JSON.stringify(told)} is no count`);
  return count;
}

function amountOf(told: string, where: string): bigint {
  const nanos = nanosFromDecimal(told === "" ? 0 : told.replace(/^\$/, ""));
  if (nanos === undefined) throw new InvoiceError(`${where}: ${JSON.stringify(told)} is no amount`);
  return nanos;
}

/** Rows of RFC 4180: fields in quotes may hold commas, line ends and doubled quotes. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // Each field with what ends it; a field in quotes is taken whole.
  for (const [, quoted, plain = "", end = ""] of text
    .replace(/^\uFEFF/, "")
    .matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.some((field) => field !== "")) rows.push(row);
    row = [];
  }
  return rows;
}
