import { setImmediate as turn } from "node:timers/promises";
import type { SpanKind, UsageLine } from "@telltale/model";
import type { CustomPrices } from "@telltale/rules";
import type { CostEstimate } from "../api-types.ts";
import { costOfSpan } from "../price/cost-of-span.ts";
import { type Reader, type Row } from "../query.ts";
import { textOf } from "../query/row-value.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import { hourOfMilliseconds } from "../query/trace-selection.ts";
import { contentTokens, storedCountable } from "./content-tokens.ts";
import { countingHere, loadTokenizers, type TokenCounting, type Tokenizers } from "./count-tokens.ts";

/** Calls that one answer counts at most, and how long it does. */
const MOST_CALLS = 500;
const BUDGET_MS = 4000;
/** Characters of content that are read; the rest is counted in proportion. */
const MOST_CHARACTERS = 400_000;
/** Of longer texts the beginning is counted, and the rest in proportion. */
const MOST_COUNTED = 200_000;

/** Which calls: of a trace, or of a time (milliseconds since 1970, to the hour). */
export interface EstimateRequest {
  readonly traceId?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly project?: string | undefined;
  readonly model?: string | undefined;
}

/**
 * About what the billed calls cost of which nobody told the tokens: their text is counted, and priced. Nothing of it is
 * stored or added to what is known. Calls whose text is hidden stay unknown.
 */
export async function estimateCost(
  request: EstimateRequest,
  reader: Reader,
  prices: CustomPrices | undefined,
): Promise<CostEstimate> {
  const tokenizers = await loadTokenizers();
  const rows = await readCalls(request, reader);
  const until = performance.now() + BUDGET_MS;
  const models = new Map<string, CostEstimate["models"][number]>();
  let nanos = 0n;
  let counted = 0;
  let seen = 0;
  for (const row of rows.slice(0, MOST_CALLS)) {
    if (performance.now() > until) break;
    await turn();
    seen++;
    const call = estimateCall(row, prices, tokenizers);
    if (!call) continue;
    counted++;
    nanos += call.nanos ?? 0n;
    addCall(models, call);
  }
  return {
    quality: "estimated",
    nanos: nanos.toString(),
    calls: counted,
    uncountedCalls: seen - counted,
    isComplete: seen === rows.length,
    models: [...models.values()].sort((a, b) => Number(BigInt(b.nanos) - BigInt(a.nanos))),
  };
}

async function readCalls(request: EstimateRequest, reader: Reader): Promise<Row[]> {
  const parameters = new StatementParameters();
  const text = (value: string): string => parameters.bind("String", value);
  const hour = (value: number): string => `toDateTime(${parameters.bind("UInt32", hourOfMilliseconds(value))}, 'UTC')`;
  const model = "if(response_model = '', request_model, response_model)";
  const where = ["billing = 'billed'", "usage = ''", "row NOT IN (SELECT row FROM telltale_data.superseded)"];
  if (request.traceId !== undefined) where.push(`trace_id = ${text(request.traceId)}`);
  if (request.from !== undefined) where.push(`hour >= ${hour(request.from)}`);
  if (request.to !== undefined) where.push(`hour < ${hour(request.to)}`);
  if (request.project !== undefined) where.push(`project = ${text(request.project)}`);
  if (request.model !== undefined) where.push(`${model} = ${text(request.model)}`);
  const side = (name: string): string => `${name}_type, substringUTF8(${name}, 1, ${MOST_CHARACTERS}) AS ${name}_text`;
  return reader.rows(
    `SELECT kind, provider, request_model, response_model, ${model} AS model, service_tier, ${side("input")}, ${side("output")},
      toString(toUnixTimestamp64Nano(start_time)) AS started
    FROM telltale_data.span_rows WHERE ${where.join(" AND ")} ORDER BY start_time LIMIT ${MOST_CALLS + 1}`,
    parameters.values,
    { maxSeconds: 30 },
  );
}

interface EstimatedCall {
  readonly model: string;
  readonly counting: TokenCounting;
  readonly input: number;
  readonly output: number;
  /** `undefined` where the model has no price. */
  readonly nanos: bigint | undefined;
}

function estimateCall(row: Row, prices: CustomPrices | undefined, tokenizers: Tokenizers): EstimatedCall | undefined {
  const model = textOf(row, "model");
  const counting = countingHere(model, tokenizers);
  const tokensOf = (side: "input" | "output"): number | undefined => {
    const content = storedCountable(textOf(row, `${side}_type`), textOf(row, `${side}_text`));
    if (content === undefined) return undefined;
    return contentTokens(content, side, { counting, tokenizers, most: MOST_COUNTED });
  };
  const input = tokensOf("input");
  const output = tokensOf("output");
  if (input === undefined && output === undefined) return undefined;
  const buckets = { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
  const usage: UsageLine[] = [{ buckets, quality: "estimated" }];
  const told = (column: string): string | undefined => textOf(row, column) || undefined;
  const cost = costOfSpan(
    {
      kind: textOf(row, "kind") as SpanKind,
      usage,
      provider: told("provider"),
      requestModel: told("request_model"),
      responseModel: told("response_model"),
      serviceTier: told("service_tier"),
      startTime: BigInt(textOf(row, "started")),
    },
    prices,
  );
  return { model, counting, input: input ?? 0, output: output ?? 0, nanos: cost?.nanos };
}

function addCall(models: Map<string, CostEstimate["models"][number]>, call: EstimatedCall): void {
  let row = models.get(call.model);
  if (!row) {
    const none = { calls: 0, inputTokens: 0, outputTokens: 0, nanos: "0", unpricedCalls: 0 };
    models.set(call.model, (row = { model: call.model, counting: call.counting, ...none }));
  }
  row.calls++;
  row.inputTokens += call.input;
  row.outputTokens += call.output;
  row.nanos = (BigInt(row.nanos) + (call.nanos ?? 0n)).toString();
  if (call.nanos === undefined) row.unpricedCalls++;
}
