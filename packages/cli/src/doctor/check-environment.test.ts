import { expect, test } from "vitest";
import { checkEnvironment } from "./check-environment.ts";

const server = new URL("http://127.0.0.1:4318");

test.each([
  {},
  { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" },
  { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://127.0.0.1:4318/v1/traces" },
  { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
  { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4317" },
  {
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4401",
    TELLTALE_GRPC_PORT: "4401",
  },
  { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", OTEL_SDK_DISABLED: "false" },
])("has nothing to say of %j", (environment) => {
  expect(checkEnvironment(environment, server)).toEqual([]);
});

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4317" }, "elsewhere"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.test" }, "elsewhere"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "nonsense" }, "elsewhere"],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" }, "port for HTTP"],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:9999" }, "elsewhere"],
  [{ OTEL_SDK_DISABLED: "TRUE" }, "switches every"],
  [{ OTEL_TRACES_EXPORTER: "none" }, "not sent"],
  [{ OTEL_TRACES_SAMPLER: "always_off" }, "no span"],
])("finds what is wrong with %j", (environment, text) => {
  const results = checkEnvironment(environment, server);
  expect(results).toHaveLength(1);
  expect(results[0]?.text).toContain(text);
  expect(results[0]?.advice).toBeTruthy();
});
