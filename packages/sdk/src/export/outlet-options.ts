import type { Signal } from "./otlp-request.ts";

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
