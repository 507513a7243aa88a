import type { Agent, IncomingMessage, request } from "node:http";
import { messageOf } from "../diagnostics.ts";
import { compress } from "./compress.ts";
import type { TlsFiles } from "./outlet-options.ts";
import type { OtlpRequest, Signal } from "./otlp-request.ts";
import type { Answer, Outlet } from "./outlet.ts";
import { answerOf } from "./http-answer.ts";
import { readTlsFiles } from "./read-tls-files.ts";

/** Errors before the first byte left. */
const NOT_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** An answer is a Status or a partial success; nobody needs more of it. */
const LONGEST_ANSWER = 64 * 1024;
/** Requests go one after the other; a few more for those whose time ran out. */
const MAX_SOCKETS = 4;

/** Where and how OTLP/HTTP is spoken. A signal without URL is refused. */
export interface HttpOutletOptions {
  readonly urls: Readonly<Record<Signal, URL | undefined>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: boolean;
  readonly compress: boolean;
  readonly tls: TlsFiles;
  /** For one attempt, in ms. */
  readonly timeoutMs: number;
}

interface Transport {
  readonly agent: Agent;
  readonly send: typeof request;
}

/** Loads node:http when there is something to send: it takes 20 ms, which no start-up should wait for. */
async function openTransport(secure: boolean, tls: TlsFiles): Promise<Transport> {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS };
  if (secure) {
    const https = await import("node:https");
    const { ca, key, cert } = await readTlsFiles(tls);
    const own = { ...(ca && { ca }), ...(key && { key }), ...(cert && { cert }) };
    return { agent: new https.Agent({ ...options, ...own }), send: https.request };
  }
  const http = await import("node:http");
  return { agent: new http.Agent(options), send: http.request };
}

/** OTLP over HTTP/1.1, in protobuf or JSON. */
export class HttpOutlet implements Outlet {
  readonly #options: HttpOutletOptions;
  readonly #transports = new Map<string, Promise<Transport>>();

  constructor(options: HttpOutletOptions) {
    this.#options = options;
  }

  async send(request: OtlpRequest): Promise<Answer> {
    const url = this.#options.urls[request.signal];
    if (url === undefined) return { type: "refused", reason: `there is no address for ${request.signal}` };
    try {
      const transport = await this.#transport(url.protocol);
      return await this.#post(transport, url, await this.#body(request));
    } catch (error) {
      return { type: "away", reason: messageOf(error), untouched: isNotConnected(error) };
    }
  }

  close(): void {
    for (const transport of this.#transports.values()) {
      transport.then(
        ({ agent }) => agent.destroy(),
        () => {},
      );
    }
  }

  #transport(protocol: string): Promise<Transport> {
    let transport = this.#transports.get(protocol);
    if (transport === undefined) {
      transport = openTransport(protocol === "https:", this.#options.tls);
      this.#transports.set(protocol, transport);
    }
    return transport;
  }

  async #body(request: OtlpRequest): Promise<readonly Buffer[]> {
    const { json, compress: isCompressed } = this.#options;
    const pieces = json
      ? [(await import("./otlp-json.ts")).jsonOf(request.signal, Buffer.concat(request.bytes))]
      : request.bytes;
    return isCompressed ? [await compress(Buffer.concat(pieces))] : pieces;
  }

  #headers(pieces: readonly Buffer[]): Record<string, string | number> {
    const { headers, json } = this.#options;
    return {
      ...headers,
      "content-type": json ? "application/json" : "application/x-protobuf",
      ...(this.#options.compress ? { "content-encoding": "gzip" } : {}),
      "content-length": pieces.reduce((sum, piece) => sum + piece.length, 0),
    };
  }

  #post({ agent, send }: Transport, url: URL, pieces: readonly Buffer[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = send(url, {
        method: "POST",
        agent,
        headers: this.#headers(pieces),
        signal: AbortSignal.timeout(this.#options.timeoutMs),
      });
      // Whoever waits for spans holds the program by a timer of their own; a request alone never does.
      sent.on("socket", (socket) => socket.unref());
      sent.on("response", (response) => void readAnswer(response).then(resolve, reject));
      sent.on("error", reject);
      sent.cork();
      for (const piece of pieces) sent.write(piece);
      sent.end();
    });
  }
}

function isNotConnected(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && NOT_CONNECTED.test(String(error.code));
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    if (length < LONGEST_ANSWER) pieces.push(piece);
    length += piece.length;
  }
  const { headers, statusCode = 0 } = response;
  return answerOf(statusCode, (name) => headers[name]?.toString(), Buffer.concat(pieces));
}
