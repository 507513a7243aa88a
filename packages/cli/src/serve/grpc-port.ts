import { parsePort } from "../options.ts";

/** Where OpenTelemetry SDKs send OTLP over gRPC unless told otherwise. */
const DEFAULT_PORT = 4317;
const DEFAULT_HTTP_PORT = 4318;

/**
 * The port for OTLP over gRPC; `undefined` for none. Untold it is the usual one, but a second server that was given a
 * port of its own for HTTP must not take it from the first. Throws `CommandError` for what is no port.
 */
export function grpcPortOf(told: string | undefined, httpPort: number): number | undefined {
  if (told === undefined) return httpPort === DEFAULT_HTTP_PORT ? DEFAULT_PORT : undefined;
  const port = told.toLowerCase() === "off" ? 0 : parsePort(told);
  return port === 0 ? undefined : port;
}
