import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startProgram } from "../testing/run-program.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

let sink: SpanSink;
beforeAll(async () => {
  sink = await startSpanSink();
});
beforeEach(() => sink.clear());
afterAll(() => sink.stop());

/** Put together here, so that no scanner takes this file for a leak. */
const random = (length: number): string => "q7Xb2LmN9vTzR4kWc8YhJ3sDf6GpA1eUo5Ki".repeat(4).slice(0, length);

const SECRETS: Readonly<Record<string, string>> = {
  openai: `sk-proj-${random(100)}`,
  anthropic: `sk-ant-api03-${random(93)}`,
  github: `ghp_${random(36)}`,
  slack: `xoxb-123456789012-234567890123-${random(24)}`,
  aws: `AKIA${"QYLPMN5HGTRX2345"}`,
  card: "4111 1111 1111 1111",
  ssn: "536-22-8726",
  iban: "GB82 WEST 1234 5698 7654 32",
  email: "ada.lovelace@analytical.example.com",
  phone: "+1 415-555-2671",
  address: "203.0.113.77",
  database: `postgres://admin:${random(16)}@db.example.com/app`,
  jwt: `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${random(43)}`,
};
/** What of each secret must not be seen: of an address of a database the password. */
const RAW = Object.values(SECRETS).map((secret) => /:([^:@]+)@/.exec(secret)?.[1] ?? secret);
const ALSO = ["correct horse battery", "hunter2hunter2", "not a known form", "Pa55word."];

function formsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  // Base64 of a secret at any place of a text: what does not depend on its neighbours.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from("x".repeat(shift) + secret)
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, -6),
  );
  return [secret, json, encodeURIComponent(secret), ...base64.filter((form) => form.length > 10)];
}

async function run(more: Readonly<Record<string, string>>, said = ""): Promise<string> {
  const file = join(import.meta.dirname, "..", "testing", "programs", "leaking.mjs");
  const environment = { TELLTALE_ENDPOINT: sink.endpoint, SECRETS: JSON.stringify(SECRETS), ...more };
  const ended = await startProgram(file, environment, ["--conditions=development"]).ended;
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringMatching(said === "" ? /^$/ : said) as unknown });
  return [...sink.requests, ...sink.metrics]
    .map(({ body, headers, path }) => `${body.toString("latin1")} ${path} ${JSON.stringify(headers)}`)
    .join("\n");
}

function seenIn(sent: string): readonly string[] {
  return [...RAW, ...ALSO].flatMap(formsOf).filter((form) => sent.includes(form));
}

describe("what is sent", () => {
  it("has no secret in it, in whatever place of a span the program leaks it", async () => {
    const sent = await run({});
    const names = sink.spans.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(8);
    const seen = [...RAW, ...ALSO].flatMap(formsOf).filter((form) => sent.includes(form));
    expect(seen).toEqual([]);
    expect(sent).toContain("[credit-card]");
    const root = sink.spans.find(({ parentSpanId }) => parentSpanId === "");
    expect(root?.attributes["telltale.redaction.count"]).toBeGreaterThan(10);
    expect(root?.attributes["telltale.redaction.kinds"]).toContain("us-ssn");
  });

  it("has none in base64 and in percent signs either, when that is asked for", async () => {
    const sent = await run({ ENCODED: "1", TELLTALE_REDACT: "decode=url+base64" });
    const seen = [...RAW, ...ALSO].flatMap(formsOf).filter((form) => sent.includes(form));
    expect(seen).toEqual([]);
  });

  it("has none in the metrics of what sampling leaves out", async () => {
    const unsampled = { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0" };
    const sent = await run(unsampled);
    const metrics = sink.metrics.map(({ body }) => body.toString("latin1")).join("");
    expect(metrics).toContain("telltale.unsent.tokens");
    expect(metrics).toContain("agent of [email]");
    expect(metrics).toContain("model [api-key]");
    expect(seenIn(sent)).toEqual([]);
    sink.clear();
    expect(await run({ ...unsampled, TELLTALE_REDACT: "off" })).toContain(`model ${SECRETS["openai"]}`);
  });

  it("has none on disk, where it waits for a server that is away", async () => {
    const directory = mkdtempSync(join(tmpdir(), "telltale-leaks-"));
    try {
      const more = { TELLTALE_SPOOL: directory, OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.5" };
      await run({ ...more, TELLTALE_ENDPOINT: "http://127.0.0.1:9" });
      const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
      const kept = files.map((file) => `${file.name} ${readFileSync(join(file.parentPath, file.name), "latin1")}`);
      expect(kept.join("").length).toBeGreaterThan(1000);
      expect(seenIn(kept.join("\n"))).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it("has them all when redaction is switched off: the test above can fail", async () => {
    const sent = await run({ TELLTALE_REDACT: "off" });
    expect(RAW.filter((secret) => !sent.includes(secret))).toEqual([]);
    expect(sent).not.toContain("telltale.redaction");
  });

  it("has no text at all when the options cannot be understood", async () => {
    const sent = await run({ TELLTALE_REDACT: "no-such-kind=hash" }, 'There is no redactor "no-such-kind"');
    expect([...RAW, ...ALSO, "Here is everything"].filter((secret) => sent.includes(secret))).toEqual([]);
    expect(sink.spans.length).toBeGreaterThanOrEqual(8);
    expect(sink.spans.every(({ attributes }) => Number(attributes["telltale.redaction.failed"]) > 0)).toBe(true);
  });
});
