import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { exportCounts, flush, type InitializeOptions, shutdown, withSpan, withTool } from "../index.ts";
import { useSpanSink } from "../testing/use-span-sink.ts";
import { OPTION_NAMES } from "./option-names.ts";

/* Every option and variable of docs/reference/sdk.md does what stands there, here or in the test that is named. */

const root = join(import.meta.dirname, "../../../..");
const reference = readFileSync(join(root, "docs/reference/sdk.md"), "utf8");
const VARIABLES = Array.from(reference.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm), ([, name = ""]) => name);

/** 100 kB. */
const LETTERS = "abcdefgh".repeat(12_500);

const { sink, start } = useSpanSink();
afterEach(() => vi.unstubAllEnvs());

/** What a program says, in which everything that an option can change occurs, and what arrives of it. */
async function said(options: InitializeOptions): Promise<string> {
  start(options);
  const attributes = { "telltale.span.kind": "llm" };
  withSpan("prompted", { attributes, input: `mail ann@example.com ${LETTERS}` }, (span) => {
    for (let count = 0; count < 3; count++) span.recordError(new Error(`event ${count}`));
    span.setOutput("the answer");
  });
  withTool("tooled", { input: { vector: Array.from({ length: 100 }, () => 7) } }, () => "the result");
  await flush(5000);
  const requests = sink.requests.map(({ path, headers, spans, body }) => ({ path, headers, spans, size: body.length }));
  const shown = { counts: exportCounts(), requests };
  return JSON.stringify(shown, (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value));
}

interface Row {
  readonly options?: InitializeOptions;
  readonly variables?: Readonly<Record<string, string>>;
  /** What is there, and is not there without. */
  readonly has?: string | RegExp;
  /** What is not there, and is there without. */
  readonly lacks?: string | RegExp;
}

const LIMITED = "…[";
const VECTOR = /7,7,7/;

/** By option: with a value that changes something. */
const OPTIONS: Readonly<Record<string, Row>> = {
  appName: { options: { appName: "shop" }, has: '"service.name":"shop"' },
  headers: { options: { headers: { "x-key": "k1" } }, has: '"x-key":"k1"' },
  disableBatchSending: { options: { disableBatchSending: true }, has: /"path".*"path"/ },
  captureContent: { options: { captureContent: ["tool"] }, lacks: "the answer" },
  redact: { options: { redact: false }, has: "ann@example.com", lacks: "[email]" },
  maxContentLength: { options: { maxContentLength: 200 }, has: LIMITED, lacks: LETTERS },
  project: { options: { project: "p1" }, has: '"p1"' },
  environment: { options: { environment: "staging" }, has: '"deployment.environment.name":"staging"' },
  serviceVersion: { options: { serviceVersion: "1.2.3" }, has: '"service.version":"1.2.3"' },
  resourceAttributes: { options: { resourceAttributes: { team: "blue" } }, has: '"team":"blue"' },
  compression: { options: { compression: "gzip" }, has: '"content-encoding":"gzip"' },
  maxQueueBytes: { options: { maxQueueBytes: 1000 }, has: '"droppedQueueFull":1' },
  sampling: { options: { sampling: { ratio: 0, keep: { errors: false } } }, has: '"sampledOut":2', lacks: "prompted" },
  disabled: { options: { disabled: true }, has: '"requests":[]', lacks: "prompted" },
  captureVectors: { options: { captureVectors: true }, has: VECTOR },
  maxSpanBytes: { options: { maxSpanBytes: 65_536 }, has: '"shortened":1', lacks: LETTERS },
  protocol: { options: { protocol: "http/json" }, has: "application/json", lacks: "application/x-protobuf" },
};

/** What has an effect that this program cannot show, and the test that shows it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  mode: "e2e/log-mode.test.ts",
  logTo: "e2e/log-mode.test.ts",
  endpoint: "packages/sdk/src/export/read-sending-options.test.ts",
  captureMedia: "packages/sdk/src/span/content-rules.test.ts",
  propagateTo: "packages/sdk/src/tap/propagate.test.ts",
  join: "e2e/clients/beside-opentelemetry.test.ts",
  timeoutMs: "packages/sdk/src/export/read-sending-options.test.ts",
  spool: "packages/sdk/src/export/spool-programs.test.ts",
  waitUntil: "packages/sdk/src/serverless.test.ts",
};

const READ = "packages/sdk/src/export/read-sending-options.test.ts";
const TRACELOOP = "packages/sdk/src/traceloop/traceloop.test.ts";
const LOG = "packages/sdk/src/log/log-mode.test.ts";

/** The row of an option, told by a variable. */
const told = (option: string, variables: Readonly<Record<string, string>>): Row => ({
  ...OPTIONS[option],
  options: {},
  variables,
});
const short = (name: string): Row => ({ variables: { [name]: "100" }, lacks: LETTERS });

/** By variable; a text names the test that shows it. */
const BY_VARIABLE: Readonly<Record<string, Row | string>> = {
  OTEL_ATTRIBUTE_COUNT_LIMIT: { variables: { OTEL_ATTRIBUTE_COUNT_LIMIT: "1" }, lacks: "the result" },
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: short("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: told("disableBatchSending", { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "1" }),
  OTEL_BSP_MAX_QUEUE_SIZE: { variables: { OTEL_BSP_MAX_QUEUE_SIZE: "1" }, has: '"droppedQueueFull":1' },
  OTEL_BSP_SCHEDULE_DELAY: READ,
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: {
    variables: { OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: "1" },
    lacks: "exception.message",
  },
  OTEL_EXPORTER_OTLP_CERTIFICATE: READ,
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: READ,
  OTEL_EXPORTER_OTLP_CLIENT_KEY: READ,
  OTEL_EXPORTER_OTLP_COMPRESSION: told("compression", { OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" }),
  OTEL_EXPORTER_OTLP_ENDPOINT: READ,
  OTEL_EXPORTER_OTLP_HEADERS: told("headers", { OTEL_EXPORTER_OTLP_HEADERS: "x-key=k1" }),
  OTEL_EXPORTER_OTLP_INSECURE: READ,
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: READ,
  OTEL_EXPORTER_OTLP_PROTOCOL: told("protocol", { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }),
  OTEL_EXPORTER_OTLP_TIMEOUT: READ,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: READ,
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: {
    variables: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "false" },
    lacks: "the answer",
  },
  OTEL_METRICS_EXPORTER: READ,
  OTEL_RESOURCE_ATTRIBUTES: told("resourceAttributes", { OTEL_RESOURCE_ATTRIBUTES: "team=blue" }),
  OTEL_SDK_DISABLED: told("disabled", { OTEL_SDK_DISABLED: "true" }),
  OTEL_SERVICE_NAME: told("appName", { OTEL_SERVICE_NAME: "shop" }),
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: { variables: { OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "1" }, lacks: "the result" },
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: short("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
  OTEL_SPAN_EVENT_COUNT_LIMIT: { variables: { OTEL_SPAN_EVENT_COUNT_LIMIT: "1" }, lacks: "event 1" },
  OTEL_TRACES_SAMPLER: told("sampling", { OTEL_TRACES_SAMPLER: "always_off" }),
  OTEL_TRACES_SAMPLER_ARG: told("sampling", { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0" }),
  TELLTALE_CAPTURE_CONTENT: told("captureContent", { TELLTALE_CAPTURE_CONTENT: "tool" }),
  TELLTALE_CAPTURE_MEDIA: "packages/sdk/src/span/content-rules.test.ts",
  TELLTALE_CAPTURE_VECTORS: told("captureVectors", { TELLTALE_CAPTURE_VECTORS: "true" }),
  TELLTALE_DEBUG: "packages/sdk/src/leave-process.test.ts",
  TELLTALE_DISABLE_BATCH_SENDING: told("disableBatchSending", { TELLTALE_DISABLE_BATCH_SENDING: "true" }),
  TELLTALE_ENDPOINT: READ,
  TELLTALE_ENVIRONMENT: told("environment", { TELLTALE_ENVIRONMENT: "staging" }),
  TELLTALE_JOIN: "e2e/clients/beside-opentelemetry.test.ts",
  TELLTALE_LOG_TO: LOG,
  TELLTALE_MAX_CONTENT_LENGTH: told("maxContentLength", { TELLTALE_MAX_CONTENT_LENGTH: "200" }),
  TELLTALE_MAX_QUEUE_BYTES: told("maxQueueBytes", { TELLTALE_MAX_QUEUE_BYTES: "1000" }),
  TELLTALE_MAX_SPAN_BYTES: told("maxSpanBytes", { TELLTALE_MAX_SPAN_BYTES: "65536" }),
  TELLTALE_MODE: LOG,
  TELLTALE_PROJECT: told("project", { TELLTALE_PROJECT: "p1" }),
  TELLTALE_PROPAGATE_TO: "packages/sdk/src/tap/propagate.test.ts",
  TELLTALE_REDACT: told("redact", { TELLTALE_REDACT: "false" }),
  TELLTALE_REDACT_KEY: {
    options: { redact: { mode: "hash" } },
    variables: { TELLTALE_REDACT_KEY: "k" },
    has: "[email:",
  },
  TELLTALE_SAMPLING: told("sampling", { TELLTALE_SAMPLING: '{"ratio":0,"keep":{"errors":false}}' }),
  TELLTALE_SERVICE_VERSION: told("serviceVersion", { TELLTALE_SERVICE_VERSION: "1.2.3" }),
  TELLTALE_SPOOL: "packages/sdk/src/export/spool-programs.test.ts",
  TELLTALE_SPOOL_MAX_BYTES: "packages/sdk/src/export/spool-programs.test.ts",
  TRACELOOP_API_KEY: TRACELOOP,
  TRACELOOP_BASE_URL: TRACELOOP,
  TRACELOOP_TRACE_CONTENT: TRACELOOP,
};

async function plain(): Promise<string> {
  const text = await said({});
  await shutdown(2000);
  sink.clear();
  return text;
}

function holds(text: string, what: string | RegExp): boolean {
  return typeof what === "string" ? text.includes(what) : what.test(text);
}

async function check({ options = {}, variables = {}, has, lacks }: Row): Promise<void> {
  const without = await plain();
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const text = await said(options);
  if (has !== undefined) expect([holds(without, has), holds(text, has)]).toEqual([false, true]);
  if (lacks !== undefined) expect([holds(without, lacks), holds(text, lacks)]).toEqual([true, false]);
  expect(has ?? lacks).toBeDefined();
}

describe("options of the SDK", () => {
  it("are all here or named with the test that shows them", () => {
    expect([...Object.keys(OPTIONS), ...Object.keys(ELSEWHERE)].toSorted()).toEqual([...OPTION_NAMES].toSorted());
    for (const name of OPTION_NAMES) expect(reference).toContain(`| \`${name}\` |`);
    for (const [name, file] of Object.entries(ELSEWHERE)) expect(textOf(file)).toContain(name);
  });

  it("each have a variable, but for what only a program can give", () => {
    const rows = Array.from(reference.matchAll(/^\| `([a-z]\w+)` \| (.*) \|$/gm), ([, name, text = ""]) => [
      name,
      text,
    ]);
    const without = rows.filter(([, text = ""]) => !VARIABLES.some((variable) => text.includes(`\`${variable}\``)));
    expect(rows).toHaveLength(OPTION_NAMES.size);
    // A function of the platform.
    expect(without.map(([name]) => name)).toEqual(["waitUntil"]);
  });

  it.each(Object.entries(OPTIONS))("%s does what it says", (_, row) => check(row));
});

describe("variables of the SDK", () => {
  const shown = Object.entries(BY_VARIABLE);
  const elsewhere = shown.flatMap(([name, row]) => (typeof row === "string" ? [[name, row] as const] : []));
  const here = shown.flatMap(([name, row]) => (typeof row === "string" ? [] : [[name, row] as const]));

  it("are all here or named with the test that shows them", () => {
    expect(shown.map(([name]) => name)).toEqual(VARIABLES);
    const silent = elsewhere
      .filter(([name, file]) => !textOf(file).includes(BY_OPTION.get(name) ?? name))
      .map(([name]) => name);
    expect(silent).toEqual([]);
  });

  it.each(here)("%s does what it says", (_, row) => check(row));
});

function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** Some are tried by the option that they stand for. */
const BY_OPTION = new Map([
  ["TELLTALE_CAPTURE_MEDIA", "captureMedia"],
  ["TELLTALE_ENDPOINT", "endpoint"],
  ["TELLTALE_JOIN", "joined"],
  ["TELLTALE_PROPAGATE_TO", "propagateTo"],
]);
