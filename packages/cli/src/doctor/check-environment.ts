import type { CheckResult } from "./check-result.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of the OpenTelemetry specification (SDK environment variables, OTLP exporter) that send spans elsewhere. */
const ENDPOINTS = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
const PROTOCOLS = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];

/** What the environment of this shell tells an SDK that is started from it. */
export function checkEnvironment(environment: Environment, server: URL): CheckResult[] {
  const results: CheckResult[] = [];
  const hint = (text: string, advice: string): void =>
    void results.push({ status: "hint", subject: "environment", text, advice });
  const endpoint = ENDPOINTS.find((name) => environment[name]);
  const told = endpoint === undefined ? undefined : environment[endpoint];
  if (told !== undefined && !leadsTo(told, server))
    hint(`${endpoint}=${told} sends what is started from this shell elsewhere`, `Set it to ${server.origin}.`);
  const protocol = PROTOCOLS.find((name) => environment[name]?.startsWith("grpc"));
  if (protocol !== undefined)
    hint(`${protocol}=grpc: this version receives OTLP over HTTP only`, `Set it to http/protobuf.`);
  if (/^true$/i.test(environment["OTEL_SDK_DISABLED"] ?? ""))
    hint("OTEL_SDK_DISABLED=true switches every OpenTelemetry SDK off", "Unset it.");
  if (environment["OTEL_TRACES_EXPORTER"] === "none")
    hint("OTEL_TRACES_EXPORTER=none: spans are made and not sent", "Unset it, or set it to otlp.");
  if (environment["OTEL_TRACES_SAMPLER"] === "always_off")
    hint("OTEL_TRACES_SAMPLER=always_off: no span is recorded", "Unset it.");
  return results;
}

function leadsTo(endpoint: string, server: URL): boolean {
  if (!URL.canParse(endpoint)) return false;
  const url = new URL(endpoint);
  const isSameHost = url.hostname === server.hostname || (isLocal(url) && isLocal(server));
  return isSameHost && url.port === server.port;
}

function isLocal(url: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
}
