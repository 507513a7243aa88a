import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reconciliation } from "../api-types.ts";
import { InvoiceError } from "../invoice/invoice-line.ts";
import { readExport } from "../invoice/read-export.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { reconcile } from "./reconcile.ts";

const FIRST = Date.UTC(2026, 10, 1) / 1000;
let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  const add = (columns: object): Promise<void> =>
    test.insert("spend_hours", { project: "default", calls: 1, ...columns });
  const mini = { provider: "openai", model: "gpt-4o-mini-2024-07-18" };
  await add({ hour: "2026-11-01 05:00:00", ...mini, input_tokens: 100, output_tokens: 10, cost_nanos: "21000" });
  await add({ hour: "2026-11-01 23:00:00", ...mini, input_tokens: 50, output_tokens: 5, cost_nanos: "10500" });
  await add({ hour: "2026-11-02 00:00:00", provider: "openai", model: "o3", input_tokens: 7, cost_nanos: "14000" });
  const claude = { provider: "anthropic", model: "claude-sonnet-4-5-20250929" };
  await add({ hour: "2026-11-01 05:00:00", ...claude, input_tokens: 1000, output_tokens: 9, cost_nanos: "5000000" });
  await add({ hour: "2026-11-01 06:00:00", ...claude, input_tokens: 1, unpriced_calls: 1, project: "other" });
});

afterAll(() => test.close());

async function ask(content: unknown, project?: string): Promise<Reconciliation> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const request = { content: text, ...(project === undefined ? {} : { project }) };
  return reconcile.output.parse(await reconcile.run(reconcile.input.parse(request), test.reader));
}

const openaiPage = (results: readonly object[], day = 0): object => ({
  object: "page",
  data: [{ object: "bucket", start_time: FIRST + day * 86_400, end_time: FIRST + (day + 1) * 86_400, results }],
  has_more: false,
  next_page: null,
});

describe("reconcile", () => {
  it("holds OpenAI's usage against the telemetry, by day and model", async () => {
    const result = { object: "organization.usage.completions.result", model: "gpt-4o-mini-2024-07-18" };
    const told = await ask([
      openaiPage([{ ...result, input_tokens: 170, output_tokens: 15, input_cached_tokens: 20, num_model_requests: 3 }]),
      openaiPage([{ ...result, model: "o3", input_tokens: 7, output_tokens: 0, num_model_requests: 1 }], 1),
    ]);
    expect(told.provider).toBe("openai");
    expect(told.rows.map(({ day, model, difference }) => [day, model, difference])).toEqual([
      ["2026-11-01", "gpt-4o-mini", { inputTokens: -20, outputTokens: 0, calls: -1, costNanos: null }],
      ["2026-11-02", "o3", { inputTokens: 0, outputTokens: 0, calls: 0, costNanos: null }],
    ]);
    expect(told.total).toMatchObject({ model: "all", telemetry: { inputTokens: 157, calls: 3, costNanos: "45500" } });
  });

  it("holds OpenAI's costs against it, by line of the bill and in sum", async () => {
    const amount = (value: number): object => ({ amount: { value, currency: "usd" } });
    const lines = ["gpt-4o-mini-2024-07-18, input", "gpt-4o-mini-2024-07-18, output"];
    const byLine = await ask(
      openaiPage(lines.map((line) => ({ object: "organization.costs.result", line_item: line, ...amount(0.00002) }))),
    );
    expect(byLine.rows).toHaveLength(1);
    expect(byLine.rows[0]).toMatchObject({
      model: "gpt-4o-mini",
      difference: { costNanos: "-8500", inputTokens: null },
    });
    const inSum = await ask(
      openaiPage([{ object: "organization.costs.result", line_item: null, ...amount(0.0000315) }]),
    );
    expect(inSum.rows).toMatchObject([{ model: "", difference: { costNanos: "0" } }]);
  });

  it("reads Anthropic's usage and its costs, which are in cents", async () => {
    const bucket = (results: readonly object[]): object => ({
      data: [{ starting_at: "2026-11-01T00:00:00Z", ending_at: "2026-11-02T00:00:00Z", results }],
    });
    const model = "claude-sonnet-4-5-20250929";
    const written = { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 100 };
    const usage = {
      uncached_input_tokens: 300,
      cache_read_input_tokens: 400,
      cache_creation: written,
      output_tokens: 9,
    };
    const told = await ask(bucket([{ model, ...usage }]), "default");
    expect(told.rows).toMatchObject([{ model: "claude-sonnet-4-5", difference: { inputTokens: 0, outputTokens: 0 } }]);
    const cost = await ask(bucket([{ model, currency: "USD", amount: "0.45", cost_type: "tokens" }]));
    expect(cost.rows[0]?.difference.costNanos).toBe("500000");
    expect(cost.unpricedCalls).toBe(1);
  });

  it.each([
    ["", /empty/],
    ["\n ", /empty/],
    [JSON.stringify(openaiPage([{ model: "o3", input_tokens: -7 }])), /input_tokens: -7 is no count/],
    [JSON.stringify(openaiPage([{ model: "o3", output_tokens: "many" }])), /output_tokens: "many" is no count/],
  ])("says what is wrong with %j", async (content, reason) => {
    await expect(ask(content)).rejects.toThrow(reason);
  });

  it("reads the CSV of the pages", async () => {
    const openai =
      "start_time_iso,model,input_tokens,output_tokens,num_model_requests\r\n2026-11-01T00:00:00Z,gpt-4o-mini-2024-07-18,150,15,2\r\n";
    expect((await ask(openai)).rows[0]).toMatchObject({ difference: { inputTokens: 0, outputTokens: 0, calls: 0 } });
    const claude =
      'usage_date_utc,model_version,api_key,usage_input_tokens_no_cache,usage_input_tokens_cache_read,usage_output_tokens\n2026-11-01,claude-sonnet-4-5-20250929,"a, ""b""",600,400,9\n';
    const told = await ask(claude, "default");
    expect(told.provider).toBe("anthropic");
    expect(told.rows[0]).toMatchObject({ difference: { inputTokens: 0, outputTokens: 0, costNanos: null } });
  });

  it("reads every column of the exports as they were in 2026, and the names that bills have", async () => {
    const usage =
      "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count,inference_geo,speed\n" +
      "2026-11-01,claude-sonnet-4-5-20250929,key,Default,standard,≤ 200k,400,100,100,400,9,0,not_available,\n";
    expect((await ask(usage, "default")).total.difference).toMatchObject({ inputTokens: 0, outputTokens: 0 });
    const older =
      "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_input_tokens_cache_write,usage_input_tokens_cache_read,usage_output_tokens,web_search_count\n2026-11-01,claude-sonnet-4-5-20250929,500,100,400,9,0\n";
    expect((await ask(older, "default")).total.difference).toMatchObject({ inputTokens: 0 });
    const head =
      "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed\n";
    const line = (type: string, dollars: string): string =>
      `2026-11-01,Claude Sonnet 4.5,Default,key,message,≤ 200k,${type},${dollars},9.99,token,global,\n`;
    const bill = await ask(head + line("input_no_cache", "0.004") + line("output", "0.001"), "default");
    expect(bill).toMatchObject({
      provider: "anthropic",
      rows: [{ model: "claude-sonnet-4-5", difference: { costNanos: "0" } }],
    });
    const openai =
      "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,organization_id,organization_name\n" +
      '1793491200,1793577600,2026-11-01T00:00:00+00:00,2026-11-02T00:00:00+00:00,0.0000300000000000,usd,"gpt-4o-mini-2024-07-18, input",,org,Personal\n' +
      "1793577600,1793664000,2026-11-02T00:00:00+00:00,2026-11-03T00:00:00+00:00,,,,,,\n";
    const costs = await ask(openai);
    expect(costs.rows[0]).toMatchObject({ day: "2026-11-01", model: "gpt-4o-mini", difference: { costNanos: "1500" } });
  });

  it("adds up OpenAI's minutes and keys by day, wherever the server stands and with instants without a zone", async () => {
    const { TZ } = process.env;
    process.env["TZ"] = "Pacific/Auckland";
    try {
      const usage = (at: string, key: string, input: number, output: number, calls: number): string =>
        `0,0,${at},,proj_1,${calls}.0,,${key},gpt-4o-mini-2024-07-18,False,default,${input},${output},${input - 20},20,0,0\n`;
      const minutes = await ask(
        "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,input_tokens,output_tokens,input_uncached_tokens,input_cached_tokens,input_audio_tokens,output_audio_tokens\n" +
          usage("2026-11-01T05:00:00+00:00", "key_a", 60, 6, 1) +
          usage("2026-11-01T05:00:00+00:00", "key_b", 40, 4, 1) +
          usage("2026-11-01T23:59:00+00:00", "key_a", 70, 5, 1) +
          usage("2026-11-02T00:00:00+00:00", "key_a", 30, 3, 1),
      );
      expect(minutes.rows.map(({ day, model, invoice, difference }) => [day, model, invoice, difference])).toEqual([
        [
          "2026-11-01",
          "gpt-4o-mini",
          { inputTokens: 170, outputTokens: 15, calls: 3, costNanos: null },
          { inputTokens: -20, outputTokens: 0, calls: -1, costNanos: null },
        ],
        [
          "2026-11-02",
          "gpt-4o-mini",
          { inputTokens: 30, outputTokens: 3, calls: 1, costNanos: null },
          { inputTokens: -30, outputTokens: -3, calls: -1, costNanos: null },
        ],
        [
          "2026-11-02",
          "o3",
          { inputTokens: 0, outputTokens: 0, calls: 0, costNanos: null },
          { inputTokens: 7, outputTokens: 0, calls: 1, costNanos: null },
        ],
      ]);
      const head =
        "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,user_id,api_key_id,project_id,organization_id,project_name,organization_name,user_email,api_source\n";
      const bill = (day: string, dollars: string, item: string, currency = "usd"): string =>
        `,,${day}T00:00:00,,${dollars},${currency},,,"${item}",,,,org-1,,Acme,somebody@example.com,\n`;
      const costs = await ask(
        head +
          bill("2026-11-01", "0.000031500000000000000000000000", "gpt-4o-mini-2024-07-18, input") +
          bill("2026-11-02", "0.0000100", "o3-2025-04-16, input"),
      );
      expect(costs.rows.map(({ day, model, difference }) => [day, model, difference.costNanos])).toEqual([
        ["2026-11-01", "gpt-4o-mini", "0"],
        ["2026-11-02", "o3", "4000"],
      ]);
      await expect(ask(head + bill("2026-11-01", "1", "o3", "eur"))).rejects.toThrow("only dollars");
    } finally {
      if (TZ === undefined) delete process.env["TZ"];
      else process.env["TZ"] = TZ;
    }
  });

  it("says what is wrong with an export and where", async () => {
    await expect(ask("{}")).rejects.toThrow('page 1 has no list "data"');
    await expect(ask("a,b\n1,2\n")).rejects.toThrow("no column is a day");
    await expect(ask("date,input_tokens\n2026-11-01,many\n")).rejects.toThrow('line 2: "many" is no count');
    const euros = openaiPage([{ amount: { value: 1, currency: "eur" }, line_item: null }]);
    await expect(ask(euros)).rejects.toThrow("only dollars");
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (content) => {
        try {
          return readExport(content).lines.length >= 0;
        } catch (error) {
          return error instanceof InvoiceError;
        }
      }),
    );
  });
});
