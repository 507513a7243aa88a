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
  const protocol = PROTOCOLS.find((name) => environment[name]);
  const isGrpc = protocol !== undefined && environment[protocol] === "grpc";
  const place = isGrpc ? grpcPlace(environment, server) : server;
  if (isGrpc && told !== undefined && leadsTo(told, server))
    hint(
      `${protocol}=grpc with ${endpoint}=${told} speaks gRPC to the port for HTTP`,
      `Set ${endpoint} to ${place.origin}, or ${protocol} to http/protobuf.`,
    );
  else if (told !== undefined && !leadsTo(told, place))
    hint(`${endpoint}=${told} sends what is started from this shell elsewhere`, `Set it to ${place.origin}.`);
  if (/^true$/i.test(environment["OTEL_SDK_DISABLED"] ?? ""))
    hint("OTEL_SDK_DISABLED=true switches every OpenTelemetry SDK off", "Unset it.");
  if (environment["OTEL_TRACES_EXPORTER"] === "none")
    hint("OTEL_TRACES_EXPORTER=none: spans are made and not sent", "Unset it, or set it to otlp.");
  if (environment["OTEL_TRACES_SAMPLER"] === "always_off")
    hint("OTEL_TRACES_SAMPLER=always_off: no span is recorded", "Unset it.");
  return results;
}

/** Where OTLP over gRPC is received, as far as this shell tells. */
function grpcPlace(environment: Environment, server: URL): URL {
  const place = new URL(server);
  place.port = environment["TELLTALE_GRPC_PORT"] || "4317";
  return place;
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
