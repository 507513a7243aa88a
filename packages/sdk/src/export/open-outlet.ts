import { HttpOutlet } from "./http-outlet.ts";
import type { OtlpRequest, Signal } from "./otlp-request.ts";
import type { Answer, Outlet } from "./outlet.ts";

/** How OTLP is spoken: `grpc`, `http/protobuf` or `http/json`. */
export type Protocol = "grpc" | "http/protobuf" | "http/json";

/** Files in PEM for TLS, beside what the system trusts. */
export interface TlsFiles {
  /** Who may have signed the server's certificate. */
  readonly authority: string | undefined;
  readonly clientKey: string | undefined;
  readonly clientCertificate: string | undefined;
}

/** Where to and how. */
export interface OutletOptions {
  readonly protocol: Protocol;
  /** A signal without URL is not sent. */
  readonly urls: Readonly<Record<Signal, URL | undefined>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly compress: boolean;
  readonly tls: TlsFiles;
  /** For one attempt, in ms. */
  readonly timeoutMs: number;
}

/** The way to the server. gRPC is loaded with the first request, and only where it was asked for. */
export function openOutlet(options: OutletOptions): Outlet {
  if (options.protocol !== "grpc") return new HttpOutlet({ ...options, json: options.protocol === "http/json" });
  let opened: Promise<Outlet> | undefined;
  const open = async (): Promise<Outlet> => {
    const { GrpcOutlet } = await import("./grpc-outlet.ts");
    return new GrpcOutlet(options);
  };
  return {
    async send(request: OtlpRequest): Promise<Answer> {
      opened ??= open();
      return (await opened).send(request);
    },
    close: () => void opened?.then((outlet) => outlet.close()),
  };
}
