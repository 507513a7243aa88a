import { parseFilter } from "@telltale/model";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attributesJson } from "../engine/attributes-json.ts";
import { compileFilter } from "./compile-filter.ts";
import { StatementParameters } from "./statement-parameters.ts";
import { openTestStore, type TestStore } from "./testing/open-test-store.ts";
import { insertTrace, testTraceId } from "./testing/trace-rows.ts";

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  await insertTrace(test, {
    id: "1",
    durationMs: 2500,
    columns: {
      status: "error",
      cost_nanos: "25000000",
      input_tokens: 1000,
      output_tokens: 200,
      root_name: "generate response",
      service_name: "checkout",
      session_id: "s-1",
      user_id: "alice",
      tags: ["beta", "100%_sure"],
      error_count: 1,
    },
    spans: [
      {
        id: "11",
        columns: { kind: "agent", agent_name: "triage", resource: '{"deployment.environment.name":"prod"}' },
      },
      {
        id: "12",
        parent: "11",
        columns: {
          kind: "llm",
          name: "chat gpt-4o",
          request_model: "gpt-4o",
          response_model: "gpt-4o-2024-08-06",
          attributes: { http: { route: "/api/v1/orders", status_code: 429 }, "quo'te": { "k\\": "v" } },
          input_type: "messages",
          input: JSON.stringify([
            { role: "user", parts: [{ type: "text", content: 'First line\nSecond "quoted" word' }] },
          ]),
          output_type: "json",
          output: '"Gr\\u00fc\\u00dfe an caf\\u00e9"',
        },
      },
    ],
  });
  await insertTrace(test, {
    id: "2",
    durationMs: 100,
    columns: { root_name: "plain" },
    spans: [
      {
        id: "21",
        columns: {
          kind: "tool",
          tool_name: "search",
          resource: '{"deployment.environment":"dev","host.cores":8}',
          output_type: "text",
          output: "Nothing was found in the café, SECOND word",
        },
      },
    ],
  });
  await insertTrace(test, { id: "3", durationMs: 0 });
  // A version of a span that was corrected: what it said no longer counts.
  await insertTrace(test, {
    id: "4",
    spans: [{ id: "41", columns: { row: 4242, kind: "memory", output: "obsolete" } }],
  });
  await test.insert("superseded", { row: 4242, batch: 1 });
});

afterAll(() => test.close());

async function passing(text: string): Promise<string> {
  const parsed = parseFilter(text);
  if ("error" in parsed) throw new Error(parsed.error.message);
  const parameters = new StatementParameters();
  const where = compileFilter(parsed.filter, { parameters, spans: "1" });
  const rows = await test.reader.rows(
    `SELECT trace_id FROM telltale_data.trace_summaries FINAL WHERE ${where} ORDER BY trace_id`,
    parameters.values,
  );
  return ["1", "2", "3", "4"].filter((id) => rows.some((row) => row["trace_id"] === testTraceId(id))).join("");
}

describe("compileFilter", () => {
  it.each([
    ["", "1234"],
    ["status:error", "1"],
    ["-status:error", "234"],
    ["latency:>2s", "1"],
    ["latency:<=100ms", "23"],
    ["latency:2.5s", "1"],
    ["cost:>=0.025", "1"],
    ["cost:>0.025", ""],
    ["cost:*", "1"],
    ["-cost:*", "234"],
    ["-cost:>1", "1234"],
    ["tokens:1.2k", "1"],
    ["tokens:<10k", "1"],
    ["errors:>0", "1"],
    ["root:generate*", "1"],
    ['root:""', "34"],
    ["root:*", "12"],
    ["session:s-1 user:alice service:check*", "1"],
    ["trace:*2", "2"],
    ["tag:beta", "1"],
    ["tag:100%_*", "1"],
    ["tag:1_0*", ""],
    ["tag:*", "1"],
    ['tag:""', "234"],
    ["kind:tool", "2"],
    ["-kind:tool", "134"],
    ["kind:memory", ""],
    ["model:gpt-4o", "1"],
    ["model:gpt-4o-2024*", "1"],
    ['model:""', "234"],
    ["agent:triage tool:search", ""],
    ["agent:triage OR tool:search", "12"],
    ["-(agent:triage OR tool:search)", "34"],
    ["env:prod", "1"],
    ["env:dev", "2"],
    ["-env:dev", "134"],
    ["attribute.http.route:/api/*", "1"],
    ["attribute.http.status_code:429", "1"],
    ["attribute.http.status_code:>=429", "1"],
    ["attribute.http.status_code:>429", ""],
    ["attribute.http.route:>1", ""],
    ["-attribute.http.status_code:>400", "234"],
    ["attribute.no.such:*", ""],
    ['attribute."quo\'te.k\\\\":v', "1"],
    ["resource.host.cores:8", "2"],
    ["resource.host.cores:>4", "2"],
    ['name:"chat gpt-4o"', "1"],
  ])("%s finds %s", async (text, ids) => {
    expect(await passing(text)).toBe(ids);
  });

  it.each([
    ["second", "12"],
    ["first", "1"],
    ['"first line"', "1"],
    ['"line first"', ""],
    ['"first LINE  second"', "1"],
    ['"the café, SECOND"', "2"],
    ['"line.second"', ""],
    ['"???"', ""],
    ['"line\\nSecond"', "1"],
    ['"second \\"quoted\\""', "1"],
    ["quot", ""],
    ["café", "12"],
    ["grüße", "1"],
    ['"generate response"', "1"],
    ["obsolete", ""],
    ['"café, second"', "2"],
    ["-second", "34"],
  ])("the words %s are in %s", async (text, ids) => {
    expect(await passing(text)).toBe(ids);
  });

  it("finds every text that was stored, however it was written", async () => {
    const texts = fc.sample(
      fc
        .array(
          fc.oneof(
            fc.string({ unit: "binary", maxLength: 6 }),
            fc.constantFrom("word", "_", "\u00a0", "\n", "\t", "É", '"', "\\", " ", "\0", "%"),
          ),
          { maxLength: 6 },
        )
        .map((parts) => parts.join("").toWellFormed())
        .filter((text) => text.trim() !== ""),
      { numRuns: 40, seed: 7 },
    );
    for (const [index, text] of texts.entries()) {
      const columns =
        index % 2 ? { output_type: "text", output: text } : { input_type: "json", input: JSON.stringify([text]) };
      await insertTrace(test, { id: `f${index}`, columns: { project: "fuzz" }, spans: [{ id: `${index}`, columns }] });
    }
    const missed: string[] = [];
    for (const [index, text] of texts.entries()) {
      const parameters = new StatementParameters();
      const where = compileFilter({ type: "text", text }, { parameters, spans: "1" });
      const sql = `SELECT trace_id FROM telltale_data.trace_summaries FINAL WHERE project = 'fuzz' AND ${where}`;
      const rows = await test.reader.rows(sql, parameters.values);
      if (!rows.some((row) => row["trace_id"] === testTraceId(`f${index}`))) missed.push(JSON.stringify(text));
    }
    expect(missed).toEqual([]);
  });

  it("finds an attribute by any key, and no other attribute by it", async () => {
    const hostile = [
      "`",
      "a`b",
      "\\",
      "a\\",
      "{p0:String}",
      "^a",

      ":",
      "a.b c",
      "'",
      '"',
      "ключ",
      "1",
      "a.null",
    ];
    const random = fc.sample(fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }), { numRuns: 60, seed: 4 });
    const keys = [...new Set([...hostile, ...random])].filter((key) => !/^[.]|[.][.]|[.]$/.test(key));
    for (const [index, key] of keys.entries()) {
      const attributes = attributesJson(new Map([[key, `value ${index}`]]));
      await insertTrace(test, {
        id: `k${index}`,
        columns: { project: "keys" },
        spans: [{ id: "1", columns: { attributes: JSON.parse(attributes) } }],
      });
    }
    const wrong: string[] = [];
    for (const [index, key] of keys.entries()) {
      const parameters = new StatementParameters();
      const where = compileFilter(
        { type: "match", field: `attribute.${key}`, pattern: [`value ${index}`] },
        { parameters, spans: "1" },
      );
      const sql = `SELECT trace_id FROM telltale_data.trace_summaries FINAL WHERE project = 'keys' AND ${where}`;
      const found = (await test.reader.rows(sql, parameters.values)).map((row) => String(row["trace_id"]));
      if (found.join() !== testTraceId(`k${index}`)) wrong.push(`${JSON.stringify(key)}: ${found.join()}`);
    }
    expect(wrong).toEqual([]);
  });

  it("keeps every value out of the statement", async () => {
    const hostile = `model:"') OR 1=1 --" attribute."x') OR 1=1 --":y "'); DROP TABLE telltale_data.span_rows; --"`;
    expect(await passing(hostile)).toBe("");
    const parsed = parseFilter(hostile);
    const filter = "filter" in parsed ? parsed.filter : undefined;
    expect(compileFilter(filter!, { parameters: new StatementParameters(), spans: "1" })).not.toContain("DROP");
  });
});
