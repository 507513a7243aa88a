import { afterEach, describe, expect, it, vi } from "vitest";
import type { InitializeOptions } from "../initialize-options.ts";
import { readResource } from "./read-resource.ts";
import { Settings } from "./settings.ts";
import { readSendingOptions, type SendingOptions } from "../export/read-sending-options.ts";

function read(options: InitializeOptions, environment: Record<string, string>): SendingOptions | undefined {
  return readSendingOptions(options, new Settings(environment));
}

const said: string[] = [];

afterEach(() => void said.splice(0));
vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);

describe("options", () => {
  it.each([
    [{}, {}, "http://127.0.0.1:4318/v1/traces"],
    [{ endpoint: "https://x.example/" }, {}, "https://x.example/v1/traces"],
    [{ endpoint: "https://x.example/otel/v1/traces" }, {}, "https://x.example/otel/v1/traces"],
    [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a:1/base" }, "http://a:1/base/v1/traces"],
    [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a:1", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://b:2/x" },
      "http://b:2/x",
    ],
    [
      {},
      { TELLTALE_ENDPOINT: "http://c:3", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://b:2/x" },
      "http://c:3/v1/traces",
    ],
    [{ endpoint: "not a url" }, {}, undefined],
    [{ endpoint: "ftp://x" }, {}, undefined],
  ])("%j with %j send to %s", (options, environment, url) => {
    expect(read(options, environment)?.urls.traces?.href).toBe(url);
  });

  it("win over the environment, which wins over the defaults", () => {
    const environment = {
      OTEL_SERVICE_NAME: "from-env",
      OTEL_RESOURCE_ATTRIBUTES: "team=a%20b,service.name=low,,pct=%zz",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20x,shared=env",
      OTEL_EXPORTER_OTLP_TIMEOUT: "500",
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: " ",
      OTEL_EXPORTER_OTLP_COMPRESSION: "GZIP",
    };
    const resource = (options: InitializeOptions, env: Record<string, string>): Record<string, unknown> =>
      Object.fromEntries(readResource(options, new Settings(env)));
    expect(resource({ project: "p" }, environment)).toMatchObject({
      "service.name": "from-env",
      team: "a b",
      pct: "%zz",
      "telltale.project": "p",
    });
    expect(resource({ appName: "mine" }, environment)["service.name"]).toBe("mine");
    expect(resource({}, {})["service.name"]).toBe("unknown_service:node");
    expect(read({ headers: { shared: "code" } }, environment)).toMatchObject({
      headers: { authorization: "Bearer x", shared: "code" },
      timeoutMs: 500,
      compress: true,
      single: false,
    });
    expect(read({ timeoutMs: 7, compression: "none" }, environment)).toMatchObject({ timeoutMs: 7, compress: false });
    expect(said).toEqual([]);
  });

  it("take OpenTelemetry's limits, those for spans before those for all", () => {
    const environment = {
      OTEL_ATTRIBUTE_COUNT_LIMIT: "10",
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "20",
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "100",
      OTEL_SPAN_EVENT_COUNT_LIMIT: "0",
    };
    expect(read({}, environment)?.limits).toMatchObject({
      attributeCount: 20,
      attributeValueLength: 100,
      eventCount: 0,
      eventAttributeCount: 10,
    });
  });

  it.each([
    [
      { OTEL_EXPORTER_OTLP_TIMEOUT: "soon" },
      { timeoutMs: 10_000 },
      /OTEL_EXPORTER_OTLP_TIMEOUT is "soon": give a whole number/,
    ],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: "http" },
      { protocol: "http/protobuf" },
      /give one of grpc, http\/protobuf, http\/json/,
    ],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: "zip" }, { compress: false }, /OTEL_EXPORTER_OTLP_COMPRESSION is "zip"/],
    [{ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "-1" }, { batchSpans: 512 }, /OTEL_BSP_MAX_EXPORT_BATCH_SIZE is "-1"/],
    [{ OTEL_ATTRIBUTE_COUNT_LIMIT: "1.5" }, { limits: { attributeCount: undefined } }, /It is ignored/],
    [
      { TELLTALE_SPOOL: "/tmp/x", TELLTALE_SPOOL_MAX_BYTES: "1 GB" },
      { spool: { maxBytes: 2 ** 30 } },
      /1073741824 is used/,
    ],
    [{ OTEL_EXPORTER_OTLP_HEADERS: "Bearer secret" }, { headers: {} }, /write key=value/],
  ])("%j: says in one line what to do, and uses the default", (environment, used, line) => {
    const options = read({}, environment);
    expect(options).toMatchObject(used);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(line);
    expect(said[0]).not.toContain("secret");
    expect(said[0]?.trimEnd()).not.toContain("\n");
  });

  it("of a program without types are checked too", () => {
    const options = { timeoutMs: "fast", endpoint: 7, protocol: "smoke" } as unknown as InitializeOptions;
    expect(read(options, {})).toMatchObject({ timeoutMs: 10_000, protocol: "http/protobuf" });
    expect(said.map((line) => line.split(" is ")[0])).toEqual([
      "[telltale] protocol",
      "[telltale] endpoint",
      "[telltale] timeoutMs",
    ]);
  });
});
