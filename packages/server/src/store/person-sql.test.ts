import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "../schema/migrate.ts";
import { checkPersonSql } from "./person-sql.ts";
import { openTestChdb, type TestEngine } from "./testing/open-test-engines.ts";

let engine: TestEngine;
const check = (sql: string) => checkPersonSql(sql, engine.store);
const lane = { lane: "person", format: "TSVRaw", maxResultRows: 100 } as const;
const answer = async (sql: string) => Buffer.from(await engine.store.read(await check(sql), {}, lane)).toString();

beforeAll(async () => {
  engine = await openTestChdb();
  await migrate(engine.store);
});
afterAll(() => engine.close());

const ALLOWED = [
  "SELECT count() FROM traces",
  "select kind, countIf(status = 'error') AS errors, quantile(0.95)(duration_ms) FROM spans GROUP BY kind ORDER BY errors DESC LIMIT 5;",
  "SELECT count() FROM telltale_v1.spans -- a comment\n",
  "WITH slow AS (SELECT trace_id FROM traces WHERE duration_ms > 1000) SELECT count() FROM spans WHERE trace_id IN slow",
  "WITH 5 AS n SELECT n",
  "SELECT t.trace_id, s.name FROM traces AS t LEFT JOIN spans AS s ON s.trace_id = t.trace_id WHERE s.cost_usd > 0.1",
  "SELECT model, sum(cost_usd) FROM (SELECT response_model AS model, cost_usd FROM spans WHERE billed) GROUP BY model WITH TOTALS",
  "(SELECT 1) UNION ALL (SELECT 2)",
  "SELECT 1 INTERSECT SELECT 1",
  "SELECT attributes.app.tenant.:String, attributes.^gen_ai FROM spans",
  "SELECT arrayMap(x -> upper(x), models), arrayJoin(models) FROM traces",
  "SELECT arrayMap(length, models) FROM traces",
  "SELECT toStartOfHour(start_time) AS hour, uniqExact(session_id), argMax(name, duration_ms) FROM spans GROUP BY hour ORDER BY hour WITH FILL",
  "SELECT row_number() OVER (PARTITION BY trace_id ORDER BY start_time) AS n, lagInFrame(name) OVER w FROM spans WINDOW w AS (ORDER BY start_time)",
  "SELECT * EXCEPT (input, output) FROM spans WHERE input ILIKE '%refund%' AND hasToken(lower(output), 'order')",
  "SELECT sum(input_tokens) AS file, 'a; DROP TABLE x' AS format FROM spans",
  "SELECT if(total_tokens IS NULL, 'unknown', CASE WHEN total_tokens > 10 THEN 'many' ELSE 'few' END), total_tokens::String FROM spans",
  "EXPLAIN SELECT count() FROM spans",
  "DESCRIBE TABLE spans",
  "SHOW TABLES",
];

const REFUSED = [
  // Table functions, plain and hidden.
  "SELECT * FROM file('/etc/passwd', 'LineAsString')",
  "SELECT * FROM url('http://127.0.0.1/', 'LineAsString')",
  "SELECT * FROM s3('http://127.0.0.1/a.csv')",
  "SELECT * FROM remote('127.0.0.1', 'system.one')",
  "SELECT * FROM postgresql('127.0.0.1:5432', 'a', 'b', 'c', 'd')",
  "SELECT * FROM executable('x.sh', 'TSV', 'a String')",
  "SELECT * FROM numbers(10)",
  "SELECT * FROM format(JSONEachRow, '{\"a\":1}')",
  "SELECT * FROM merge('telltale_data', '.*')",
  "SELECT * FROM view(SELECT 1)",
  "SELECT * FROM values('a Int8', 1)",
  "SELECT * FROM (VALUES (1))",
  "SELECT * FROM arrowstream('batch')",
  "SELECT * FROM `file`('/etc/passwd')",
  "SELECT * FROM fi/**/le('/etc/passwd')",
  "SELECT * FROM traces WHERE trace_id IN (SELECT * FROM file('/etc/passwd', 'LineAsString'))",
  "SELECT (SELECT count() FROM file('/etc/passwd', 'LineAsString'))",
  "WITH x AS (SELECT * FROM file('/etc/passwd', 'LineAsString')) SELECT 1",
  "SELECT 1 UNION ALL SELECT * FROM (SELECT * FROM (SELECT count() FROM url('http://127.0.0.1/')))",
  "SELECT * FROM traces JOIN file('/etc/passwd', 'LineAsString') AS f ON 1",
  "SELECT 1 ORDER BY (SELECT count() FROM file('/etc/passwd', 'LineAsString'))",
  "SELECT 1 LIMIT (SELECT count() FROM file('/etc/passwd', 'LineAsString'))",
  "SELECT sum(1) OVER (ORDER BY (SELECT count() FROM file('/etc/passwd', 'LineAsString')))",
  "EXPLAIN SELECT * FROM file('/etc/passwd')",
  "DESCRIBE TABLE file('/etc/passwd')",
  // Functions that read, reveal or wait.
  "SELECT file('/etc/passwd')",
  "SELECT FILE('/etc/passwd')",
  "SELECT `file`('/etc/passwd')",
  "SELECT arrayMap(file, ['/etc/passwd'])",
  "SELECT arrayMap(file AS `(children 1`, ['/etc/passwd'])",
  "SELECT arrayMap(`file`, ['/etc/passwd'])",
  "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
  "SELECT * APPLY(file) FROM (SELECT '/etc/passwd')",
  "SELECT * REPLACE (file('/etc/passwd') AS name) FROM spans",
  "SELECT 1 AS a ORDER BY a WITH FILL INTERPOLATE (a AS file('/etc/passwd'))",
  "SELECT dictGet('a', 'b', 1)",
  "SELECT joinGet('a', 'b', 1)",
  "SELECT catboostEvaluate('a', 1)",
  "SELECT getSetting('max_threads')",
  "SELECT getServerSetting('path')",
  "SELECT getMacro('x'), hostName()",
  "SELECT @@version",
  "SELECT sleep(3)",
  "SELECT aiGenerate('x', 'y')",
  "SELECT initializeAggregation('sum', 1)",
  "SELECT CAST('x', 'AggregateFunction(sum, UInt64)')",
  "SELECT nosuchfunction(1)",
  // Tables that are not the views.
  "SELECT * FROM system.tables",
  "SELECT * FROM telltale_data.span_rows",
  "SELECT * FROM `telltale_data`.`span_rows`",
  "SELECT * FROM information_schema.tables",
  "SELECT 1 IN telltale_data.span_rows",
  "SELECT trace_id NOT IN system.users FROM traces",
  "SELECT * FROM `/etc/passwd`",
  "SELECT * FROM '/etc/passwd'",
  // More than asking.
  "SELECT 1 INTO OUTFILE '/tmp/telltale-outfile'",
  "(SELECT 1) UNION ALL (SELECT 2) INTO OUTFILE '/tmp/telltale-outfile'",
  "SELECT 1 INTERSECT SELECT 1 INTO OUTFILE '/tmp/telltale-outfile'",
  "EXPLAIN SELECT 1 INTO OUTFILE '/tmp/telltale-outfile'",
  "DESCRIBE TABLE spans INTO OUTFILE '/tmp/telltale-outfile'",
  "SHOW TABLES INTO OUTFILE '/tmp/telltale-outfile'",
  "SELECT 1 FORMAT CSV",
  "SELECT 1 SETTINGS readonly = 0",
  "SELECT * FROM (SELECT 1 SETTINGS max_execution_time = 0)",
  "EXPLAIN indexes = 1 SELECT 1",
  "SELECT 1; DROP TABLE telltale_data.span_rows",
  "SELECT 1; SELECT 2",
  "SELECT 1 /* ; */ ; SELECT 2",
  "SELECT 1 PARALLEL WITH SELECT 2",
  "SET readonly = 0",
  "USE telltale_data",
  "SYSTEM SHUTDOWN",
  "CREATE TABLE x (a Int8) ENGINE = Memory",
  "CREATE TEMPORARY TABLE x (a Int8)",
  "ATTACH TABLE x",
  "INSERT INTO telltale_data.superseded SELECT 1, 1",
  "INSERT INTO FUNCTION file('/tmp/telltale-outfile') SELECT 1",
  "ALTER TABLE telltale_data.span_rows DELETE WHERE 1",
  "TRUNCATE TABLE telltale_data.span_rows",
  "DROP TABLE telltale_data.span_rows",
  "OPTIMIZE TABLE telltale_data.span_rows",
  "KILL QUERY WHERE 1",
  "BACKUP TABLE telltale_data.span_rows TO File('/tmp/telltale-outfile')",
  "GRANT ALL ON *.* TO default",
  "EXECUTE AS default SELECT 1",
  "SHOW CREATE TABLE spans",
  "SHOW TABLES FROM system",
  "SHOW DATABASES",
  "DESCRIBE TABLE system.users",
  "EXISTS TABLE x",
  "SELECT {a:String}",
  "SELECT 1 AS `a\nFunction b`",
  "not sql at all",
  "",
  "SELECT 1\0; DROP TABLE x",
];

describe("checkPersonSql", () => {
  it.each(ALLOWED)("lets %s run", async (sql) => {
    await expect(answer(sql)).resolves.toBeTypeOf("string");
  });

  it.each(REFUSED)("refuses %s", async (sql) => {
    await expect(check(sql)).rejects.toMatchObject({ name: "StoreError", code: "bad-query" });
  });

  it("gives the statement back as the engine read it, once, without comments", async () => {
    expect(await check("select /* ; */ 1 -- drop\n ;")).toBe("SELECT 1");
  });

  it("takes any text as text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 30 }), async (value) => {
        const escaped = value.toWellFormed().replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\0", "\\0");
        expect(await answer(`SELECT hex('${escaped}')`)).toBe(
          `${Buffer.from(value.toWellFormed()).toString("hex").toUpperCase()}\n`,
        );
      }),
      { numRuns: 40 },
    );
  });

  it("never lets a mutation of a refused statement read a file of the machine", async () => {
    const secret = readFileSync("/etc/passwd", "utf8").split("\n", 1)[0]!;
    const joints = fc.constantFrom("", " ", "\n", "/**/", "(", ")", "`", "'", '"', ";", "--", " AS a", ",", "\\");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...REFUSED.filter((sql) => sql.includes("/etc/passwd"))),
        fc.array(fc.tuple(fc.nat(200), joints), { maxLength: 3 }),
        async (sql, edits) => {
          const mutated = edits.reduce((text, [at, joint]) => text.slice(0, at) + joint + text.slice(at), sql);
          const found = await answer(mutated).catch((error: Error) => error.message);
          expect(found).not.toContain(secret);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("the lane alone, were the check to fail", () => {
  it.each([
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM s3('http://127.0.0.1:1/bucket/a.csv', 'CSV', 'a String')",
    "SELECT * FROM remote('127.0.0.1:1', 'system.one')",
    "INSERT INTO FUNCTION file('/tmp/telltale-outfile', 'CSV', 'a Int8') VALUES (1)",
    "SET readonly = 0",
    "DROP TABLE telltale_data.span_rows",
  ])("does not run %s", async (sql) => {
    await expect(engine.store.read(sql, {}, lane)).rejects.toMatchObject({ name: "StoreError" });
  });
});
