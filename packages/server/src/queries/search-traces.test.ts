import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { TEST_START } from "../query/testing/trace-rows.ts";
import { listTraces } from "./list-traces.ts";

/*
 * More traces than a search looks at first: one each second, two spans each. The words of a trace tell its number.
 */
const TRACES = 5000;
let test: TestStore;

/** Text of the content of trace `number`, 0 the oldest: `even` and `third` are common, `rare` stands in three old ones. */
const CONTENT = `concat('trace ', toString(number), if(number % 2 = 0, ' even', ' odd'), if(number % 3 = 0, ' third', ''), if(number IN (7, 70, 700), ' rare', ''))`;

beforeAll(async () => {
  test = await openTestStore();
  const first = Math.floor(TEST_START / 1000) - TRACES;
  const time = `addNanoseconds(toDateTime64(${first} + number, 9, 'UTC'), 500)`;
  const id = "leftPad(hex(number + 1), 32, 'b')";
  await test.store.exec(`INSERT INTO telltale_data.trace_summaries
    (row, project, filed_at, trace_id, root_name, start_time, end_time, span_count)
    SELECT (1 + intDiv(number, 1000)) * 1048576, if(number % 5 = 0, 'shop', 'default'), toDateTime(${first} + number, 'UTC'), ${id}, 'run', ${time}, addSeconds(${time}, 2), 2
    FROM numbers(${TRACES})`);
  for (const [index, column] of ["input", "output"].entries())
    await test.store.exec(`INSERT INTO telltale_data.span_rows
      (row, project, hour, trace_id, span_id, start_time, end_time, ${column})
      SELECT (1 + intDiv(number, 1000)) * 1048576 + number * 2 + ${index}, if(number % 5 = 0, 'shop', 'default'), toStartOfHour(${time}), ${id}, concat('${index}', leftPad(hex(number), 15, '0')), addSeconds(${time}, ${index}), addSeconds(${time}, 2), ${CONTENT}
      FROM numbers(${TRACES})`);
});

afterAll(() => test.close());

/** The numbers of the traces of a page. */
async function numbers(input: { [name: string]: unknown }): Promise<number[]> {
  const answer = await listTraces.run(listTraces.input.parse(input), test.reader);
  return listTraces.output.parse(answer).traces.map(({ traceId }) => parseInt(traceId.replace(/^b+/, ""), 16) - 1);
}

const newestFirst = Array.from({ length: TRACES }, (_, index) => TRACES - 1 - index);

describe("words among many traces", () => {
  it.each<[string, (number: number) => boolean]>([
    ["even", (number) => number % 2 === 0],
    ["even project:shop", (number) => number % 10 === 0],
    ["even third", (number) => number % 6 === 0],
    ["even -third", (number) => number % 2 === 0 && number % 3 !== 0],
    ["rare", (number) => [7, 70, 700].includes(number)],
    ["rare third", () => false],
    ["rare odd", (number) => number === 7],
    ["nowhere", () => false],
  ])("%s: the newest of them, and no others", async (filter, passes) => {
    expect(await numbers({ filter, limit: 50 })).toEqual(newestFirst.filter(passes).slice(0, 50));
  });

  it("leaves out what an outdated span tells", async () => {
    const [newest] = await numbers({ filter: "odd", limit: 1 });
    await test.insert("superseded", { row: 5 * 1048576 + newest! * 2, batch: 6 });
    await test.insert("superseded", { row: 5 * 1048576 + newest! * 2 + 1, batch: 6 });
    expect((await numbers({ filter: "odd", limit: 1 }))[0]).toBe(newest! - 2);
  });

  it("looks into no more than the newest spans for a common word", async () => {
    test.statements.length = 0;
    await numbers({ filter: "even", limit: 50 });
    const asked = test.statements.filter((sql) => sql.includes("span_rows"));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("start_time >= toDateTime64(");
  });

  it("walks on from page to page", async () => {
    const found: number[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 3; page++) {
      const answer = listTraces.output.parse(
        await listTraces.run(
          listTraces.input.parse({ filter: "third", limit: 40, ...(cursor ? { cursor } : {}) }),
          test.reader,
        ),
      );
      found.push(...answer.traces.map(({ traceId }) => parseInt(traceId.replace(/^b+/, ""), 16) - 1));
      cursor = answer.nextCursor;
    }
    expect(found).toEqual(newestFirst.filter((number) => number % 3 === 0).slice(0, 120));
  });
});
