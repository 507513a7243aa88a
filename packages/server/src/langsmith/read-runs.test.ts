import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../dialect/json-of.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { insertTrace, TEST_START, testSpanId, testTraceId } from "../query/testing/trace-rows.ts";
import { KeptProjects } from "../receive/kept-projects.ts";
import { readRuns, type RunPage } from "./read-runs.ts";
import { uuidOfSpan, uuidOfTrace } from "./run-ids.ts";
import { runSelection } from "./run-selection.ts";

/* Spans that no SDK of LangSmith's sent are runs to its client as well. */

const directory = mkdtempSync(join(tmpdir(), "telltale-runs-"));
const projects = new KeptProjects(join(directory, "projects.json"));
let test: TestStore;

const call = (input: number | null, output: number | null, cost: string | null): object => ({
  kind: "llm",
  billing: "billed",
  input_tokens: input,
  output_tokens: output,
  cost_nanos: cost,
});

beforeAll(async () => {
  test = await openTestStore();
  await insertTrace(test, {
    id: "1",
    spans: [
      { id: "1", columns: { name: "root", input_type: "text", input: "hi", output_type: "masked" } },
      { id: "2", parent: "1", after: 10, columns: { name: "agent", kind: "agent", attributes: { app: { step: 7 } } } },
      { id: "3", parent: "2", after: 20, columns: { name: "first", ...call(10, null, "1500") } },
      { id: "4", parent: "2", after: 30, columns: { name: "second", ...call(5, 2, null), end_time: null } },
      { id: "5", parent: "9", after: 40, columns: { name: "lost", kind: "mcp", status: "error", error_message: "no" } },
    ],
  });
  await insertTrace(test, {
    id: "2",
    start: TEST_START + 60_000,
    spans: [
      { id: "a", parent: "b", columns: { name: "circle" } },
      { id: "b", parent: "a", columns: { name: "circle" } },
    ],
  });
});

afterAll(async () => {
  await test.close();
  rmSync(directory, { recursive: true, force: true });
});

function read(body: JsonObject, isWithBelow = true): Promise<RunPage> {
  const selection = runSelection(body, (id) => projects.byId(id)?.name);
  return readRuns(selection, isWithBelow, { reader: test.reader, projects });
}

const trace = uuidOfTrace(testTraceId("1"));
const idOf = (id: string): string => uuidOfSpan(testSpanId(id));

describe("runs of any span", () => {
  it("have padded ids, an order made of their ancestors, and types by their kind", async () => {
    const { runs, next } = await read({ trace, order: "asc" });
    expect(next).toBe("");
    expect(runs.map(({ id }) => id)).toEqual(["1", "2", "3", "4", "5"].map(idOf));
    expect(runs.map(({ run_type }) => run_type)).toEqual(["chain", "chain", "llm", "llm", "tool"]);
    const [root, agent, first, second, lost] = runs;
    expect(root).toMatchObject({ inputs: { input: "hi" }, outputs: null, parent_run_id: null });
    expect(agent).toMatchObject({ extra: { metadata: { "app.step": 7 } }, inputs: {} });
    expect(first).toMatchObject({ parent_run_ids: [idOf("1"), idOf("2")], parent_run_id: idOf("2") });
    expect(first!["dotted_order"]).toBe(
      `20261120T103000000000Z${idOf("1")}.20261120T103000010000Z${idOf("2")}.20261120T103000020000Z${idOf("3")}`,
    );
    expect(second).toMatchObject({ status: "pending", end_time: null });
    expect(lost).toMatchObject({ status: "error", error: "no", parent_run_id: idOf("9"), parent_run_ids: [] });
  });

  it("tell what lies below them was used, and nothing where nobody told", async () => {
    const [root] = (await read({ id: idOf("1") })).runs;
    expect(root).toMatchObject({
      prompt_tokens: 15,
      completion_tokens: 2,
      total_tokens: 17,
      total_cost: "0.000001500",
    });
    const [alone] = (await read({ id: [idOf("1")] }, false)).runs;
    expect(alone).toMatchObject({ total_cost: null });
    expect(alone).not.toHaveProperty("total_tokens");
    const [first] = (await read({ ids: [idOf("3")] })).runs;
    expect(first).toMatchObject({ prompt_tokens: 10, total_tokens: 10 });
    expect(first).not.toHaveProperty("completion_tokens");
  });

  it("end where parents go in a circle", async () => {
    expect((await read({ trace: uuidOfTrace(testTraceId("2")) })).runs).toHaveLength(2);
  });

  it("come page after page, each once, in either order", async () => {
    for (const order of ["asc", "desc"]) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: RunPage = await read({ limit: 2, order, cursor });
        seen.push(...page.runs.map(({ id }) => id));
        cursor = page.next;
      } while (cursor);
      expect(seen).toHaveLength(7);
      expect(new Set(seen).size).toBe(7);
    }
  });
});

describe("a question", () => {
  it.each([
    [{ filter: 'eq(name, "x")' }, /"filter" is not understood here/],
    [{ reference_example: ["x"] }, /"reference_example" is not understood here/],
    [{ session: ["00000000-0000-0000-0000-000000000001"] }, /there is no project/],
    [{ id: [7] }, /"id" is an id/],
    [{ id: Array.from({ length: 1001 }, () => "x") }, /1000 ids at most/],
    [{ start_time: "soon" }, /"start_time" is an instant/],
    [{ limit: -1 }, /"limit" is a whole number/],
    [{ cursor: "' OR 1" }, /"cursor" is not one of this server/],
  ] as const)("%j is refused with what to do", (body, message) => {
    expect(() => runSelection(body as JsonObject, () => undefined)).toThrow(message);
  });

  it("without a value for a field asks nothing of it", async () => {
    const body = {
      session: null,
      run_type: null,
      filter: null,
      id: [],
      trace,
      error: null,
      is_root: true,
      limit: 1000,
    };
    expect((await read(body)).runs.map(({ name }) => name)).toEqual(["root"]);
  });

  it("by type takes spans of that kind", async () => {
    expect((await read({ run_type: "LLM" })).runs).toHaveLength(2);
    expect((await read({ run_type: "chain" })).runs).toHaveLength(4);
    expect((await read({ run_type: "sofa" })).runs).toHaveLength(0);
  });
});
