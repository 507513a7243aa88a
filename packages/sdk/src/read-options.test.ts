import { describe, expect, it } from "vitest";
import { isDisabled, readOptions } from "./read-options.ts";

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
    expect(readOptions(options, environment)?.urls.traces?.href).toBe(url);
  });

  it("win over the environment, which wins over the defaults", () => {
    const environment = {
      OTEL_SERVICE_NAME: "from-env",
      OTEL_RESOURCE_ATTRIBUTES: "team=a%20b,service.name=low,,broken,pct=%zz",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20x,shared=env",
      OTEL_EXPORTER_OTLP_TIMEOUT: "500",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "NO_CONTENT",
    };
    const read = readOptions({ headers: { shared: "code" }, project: "p" }, environment);
    expect(Object.fromEntries(read?.resource ?? [])).toMatchObject({
      "service.name": "from-env",
      team: "a b",
      pct: "%zz",
      "telltale.project": "p",
    });
    expect(read).toMatchObject({
      headers: { authorization: "Bearer x", shared: "code" },
      timeoutMs: 500,
      compress: true,
      captureContent: false,
      single: false,
    });
    expect(readOptions({ appName: "mine", captureContent: true }, environment)).toMatchObject({ captureContent: true });
    expect(readOptions({ appName: "mine" }, environment)?.resource.get("service.name")).toBe("mine");
    expect(readOptions({}, {})?.resource.get("service.name")).toBe("unknown_service:node");
  });

  it("may switch everything off", () => {
    expect(isDisabled({}, {})).toBe(false);
    expect(isDisabled({}, { OTEL_SDK_DISABLED: " TRUE " })).toBe(true);
    expect(isDisabled({ disabled: false }, { OTEL_SDK_DISABLED: "true" })).toBe(false);
  });
});
