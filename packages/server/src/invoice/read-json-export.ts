import { divideHalfEven, nanosFromDecimal } from "@telltale/model";
import { dayOf, dollarsOnly, type Invoice, InvoiceError, type InvoiceLine } from "./invoice-line.ts";

type Fields = ReadonlyMap<string, unknown>;

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : undefined;
}

/** A count of a result, 0 where it is not told. Throws `InvoiceError` for anything else than a count. */
function countOf(fields: Fields | undefined, name: string): number {
  const value = fields?.get(name) ?? 0;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvoiceError(`${name}: ${JSON.stringify(value)} is no count`);
}

function textOf(fields: Fields, name: string): string {
  const value = fields.get(name);
  return typeof value === "string" ? value : "";
}

/**
 * Pages of OpenAI's `organization/usage/*` and `organization/costs`, or of Anthropic's
 * `organizations/usage_report/messages` and `cost_report`: one page, or a list of pages.
 */
export function readJsonExport(told: unknown): Invoice {
  const pages = Array.isArray(told) ? (told as readonly unknown[]) : [told];
  const lines: InvoiceLine[] = [];
  let provider: Invoice["provider"] | undefined;
  for (const [page, each] of pages.entries()) {
    const buckets = fieldsOf(each)?.get("data");
    if (!Array.isArray(buckets)) throw new InvoiceError(`page ${page + 1} has no list "data"`);
    for (const [index, bucket] of (buckets as readonly unknown[]).entries()) {
      const fields = fieldsOf(bucket) ?? new Map<string, unknown>();
      const isAnthropic = fields.has("starting_at");
      const own = isAnthropic ? "anthropic" : "openai";
      if (provider !== undefined && provider !== own) throw new InvoiceError("the pages are of two providers");
      provider = own;
      const day = dayOf(fields.get(isAnthropic ? "starting_at" : "start_time"));
      const results = fields.get("results") ?? fields.get("result");
      if (day === undefined || !Array.isArray(results))
        throw new InvoiceError(`data[${index}] of page ${page + 1} has no time or no list "results"`);
      for (const result of results as readonly unknown[]) {
        const about = fieldsOf(result);
        if (about) lines.push(isAnthropic ? anthropicLine(day, about) : openaiLine(day, about));
      }
    }
  }
  if (provider === undefined) throw new InvoiceError("the export has no days");
  return { provider, lines };
}

function openaiLine(day: string, result: Fields): InvoiceLine {
  const amount = fieldsOf(result.get("amount"));
  if (!amount)
    return {
      day,
      model: textOf(result, "model"),
      // Cached tokens are in input_tokens.
      inputTokens: countOf(result, "input_tokens"),
      outputTokens: countOf(result, "output_tokens"),
      requests: countOf(result, "num_model_requests"),
    };
  dollarsOnly(textOf(amount, "currency"));
  // A line of the bill is `gpt-4o-mini-2024-07-18, input`.
  return { day, model: textOf(result, "line_item").split(", ")[0] ?? "", nanos: amountOf(amount.get("value")) };
}

function anthropicLine(day: string, result: Fields): InvoiceLine {
  const model = textOf(result, "model");
  if (result.has("amount")) {
    dollarsOnly(textOf(result, "currency"));
    // In cents, with decimals.
    return { day, model, nanos: divideHalfEven(amountOf(result.get("amount")), 100n) };
  }
  const written = fieldsOf(result.get("cache_creation"));
  return {
    day,
    model,
    inputTokens:
      countOf(result, "uncached_input_tokens") +
      countOf(result, "cache_read_input_tokens") +
      countOf(written, "ephemeral_5m_input_tokens") +
      countOf(written, "ephemeral_1h_input_tokens"),
    outputTokens: countOf(result, "output_tokens"),
  };
}

function amountOf(told: unknown): bigint {
  const nanos = typeof told === "string" || typeof told === "number" ? nanosFromDecimal(told) : undefined;
  if (nanos === undefined) throw new InvoiceError(`${JSON.stringify(told)} is no amount`);
  return nanos;
}
