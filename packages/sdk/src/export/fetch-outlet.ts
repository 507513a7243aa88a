import { messageOf } from "../diagnostics.ts";
import { compress } from "./compress.ts";
import { answerOf } from "./http-answer.ts";
import type { jsonOf } from "./otlp-json.ts";
import { type OtlpRequest, lengthOf, type Parcel } from "./otlp-request.ts";
import type { OutletOptions } from "./outlet-options.ts";
import type { Answer, Outlet } from "./outlet.ts";

/** What browsers take along for a page that goes away, all requests together: https://fetch.spec.whatwg.org, 4.6. */
const KEPT_ALIVE_BYTES = 60 * 1024;
/** An answer is a Status or a partial success; nobody needs more of it. */
const LONGEST_ANSWER = 64 * 1024;

/** OTLP over HTTP by the `fetch` of the place, in protobuf or JSON. */
export class FetchOutlet implements Outlet {
  readonly #options: OutletOptions & { readonly json: boolean };
  readonly #headers: Readonly<Record<string, string>>;
  #keptAlive = 0;
  #jsonOf: typeof jsonOf | undefined;

  constructor(options: OutletOptions & { readonly json: boolean }) {
    this.#options = options;
    // Browsers do not let it be set, and would ask the server whether it may.
    const { "user-agent": _own, ...headers } = options.headers;
    this.#headers = { ...headers, "content-type": options.json ? "application/json" : "application/x-protobuf" };
  }

  async send(request: OtlpRequest): Promise<Answer> {
    const url = this.#options.urls[request.signal];
    if (url === undefined) return { type: "refused", reason: `there is no address for ${request.signal}` };
    try {
      const plain = await this.#body(request);
      const body = this.#options.compress ? await compress(plain) : plain;
      const headers = this.#options.compress ? { ...this.#headers, "content-encoding": "gzip" } : this.#headers;
      const signal = AbortSignal.timeout(this.#options.timeoutMs);
      return await answerIn(await this.#post(url, { body, headers, signal }));
    } catch (error) {
      // Nobody is told whether anything left: that would tell pages about other servers.
      return { type: "away", reason: messageOf(error), untouched: false };
    }
  }

  readonly sendNow = (parcel: Parcel): void => {
    const { request, halves } = parcel;
    const url = this.#options.urls[request.signal];
    if (url === undefined || request.count === 0) return;
    const length = lengthOf(request);
    const parts = length > KEPT_ALIVE_BYTES ? halves() : undefined;
    if (parts !== undefined) {
      for (const part of parts) this.sendNow(part);
      return;
    }
    const keepalive = this.#keptAlive + length <= KEPT_ALIVE_BYTES;
    if (keepalive) this.#keptAlive += length;
    const bytes = Buffer.concat(request.bytes);
    // Without the code for JSON, which comes with the first request, what every server of OTLP takes.
    const body = this.#options.json ? this.#jsonOf?.(request.signal, bytes) : undefined;
    const type = body === undefined ? "application/x-protobuf" : "application/json";
    this.#post(url, { body: body ?? bytes, headers: { ...this.#headers, "content-type": type }, keepalive })
      .catch(() => {})
      .finally(() => (this.#keptAlive -= keepalive ? length : 0));
  };

  close(): void {
    // The place keeps its connections itself.
  }

  async #body({ signal, bytes }: OtlpRequest): Promise<Buffer> {
    const body = Buffer.concat(bytes);
    if (!this.#options.json) return body;
    this.#jsonOf ??= (await import("./otlp-json.ts")).jsonOf;
    return this.#jsonOf(signal, body);
  }

  async #post(url: URL, init: RequestInit): Promise<Response> {
    return fetch(url.href, { ...init, method: "POST" });
  }
}

async function answerIn(response: Response): Promise<Answer> {
  const body = Buffer.from(await response.arrayBuffer());
  return answerOf(response.status, (name) => response.headers.get(name), body.subarray(0, LONGEST_ANSWER));
}
