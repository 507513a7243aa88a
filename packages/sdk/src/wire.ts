import type { AttributeMap } from "./attribute-value.ts";

/** A request as it leaves the process. */
export interface WireRequest {
  /** In capitals. */
  readonly method: string;
  /** Name or address, without port. */
  readonly host: string;
  /** Never left to the scheme: 443 and 80 are told. */
  readonly port: number | undefined;
  /** Without query. */
  readonly path: string;
}

/**
 * How a call ended. `cut`: the server stopped in the middle of its answer; `abandoned`: the
 * program stopped reading; `aborted`: the program cancelled the request; `failed`: no answer came;
 * `refused`: the model, or a filter of the provider, would not answer.
 */
export type Outcome = "complete" | "refused" | "cut" | "abandoned" | "aborted" | "timeout" | "failed";

/** Everything that was seen of one call, for reading after it is over. */
export interface Call {
  /** Where it went. */
  readonly request: WireRequest;
  /** Undefined when it was no text, or too large to keep. A form is JSON here, its files without content. */
  readonly requestBody: string | undefined;
  /**
   * The same as parsed JSON; undefined when it is none. A mark may stand for a long text under `content` or `text` that
   * holds words: it counts as that text wherever it comes into an attribute, itself or inside of JSON. Wires that look
   * into such texts parse `requestBody`.
   */
  readonly requestJson: unknown;
  /** The same as bytes, for requests that are no text; undefined where it was kept as text. Nobody may change them. */
  readonly requestBytes?: Uint8Array | undefined;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  /** Empty when it was not told. */
  readonly contentType: string;
  /** The answer as far as it was read, decoded; the middle is missing when `cutShort`. Made when first asked for. */
  readonly responseBody: string;
  /** The same as bytes, unpacked: for answers that are no text. Nobody may change them. */
  readonly responseBytes: Uint8Array;
  /** Bytes of the answer, also where it is media and nothing of it was kept. */
  readonly responseSize: number;
  /** Whether the answer was too large to keep. */
  readonly cutShort: boolean;
  /** How it ended, seen from the transport. */
  readonly outcome: Outcome;
  /** Milliseconds from the request to the piece that held this character of the answer. */
  millisecondsAt(character: number): number | undefined;
  /** The same for a byte of `responseBytes`. */
  millisecondsAtByte(byte: number): number | undefined;
  /**
   * A header of the answer, or a trailer of it by HTTP/2, by its name in lower case; empty when it was not sent, or
   * the wire does not name it among its `headers`.
   */
  header(name: string): string;
}

/** What a wire makes of a call. */
export interface Reading {
  /** As the conventions name it: `chat gpt-4o`. */
  readonly name: string;
  /** As in `telltale.span.kind`. */
  readonly kind: "llm" | "embedding" | "rerank" | "retrieval" | "guardrail" | "span";
  /**
   * In the conventions' names; the reader of the list owns them afterwards. `gen_ai.provider.name` may say who
   * is meant where the host is nobody known, if the wire's own `provider` does not hold.
   */
  readonly attributes: AttributeMap;
  /** Present when the call failed in a way that its status code does not say. */
  readonly failure?: { readonly type: string; readonly message: string } | undefined;
  /** Corrects the outcome, where the bytes ended well but the answer did not. */
  readonly outcome?: Outcome;
  /** Set where an answer is made in the background and fetched by later calls. */
  readonly background?: BackgroundAnswer | undefined;
}

/**
 * An answer that is asked for by one call and fetched by others. All of them are one call to the
 * model: the asking span waits and is told with the last fetch, in between nothing is.
 */
export interface BackgroundAnswer {
  /** As the provider names the answer. */
  readonly id: string;
  /** Whether this call asked for the answer, or looked for it. */
  readonly asked: boolean;
  /** Whether the answer is there, in whatever way it ended. */
  readonly done: boolean;
}

/**
 * One HTTP API of a model provider, recognised where the call leaves the process.
 * Both functions are pure and own nothing. `claims` runs on the program's path for every
 * request it makes: compare strings, nothing more. `read` runs later, once per call, off that
 * path; what it throws costs the content of this span and nothing else.
 */
export interface Wire {
  /** A noun: `openai-chat`. */
  readonly name: string;
  /** Who is meant by `gen_ai.provider.name` where the host is nobody known; `openai` when absent. */
  readonly provider?: string;
  /** Methods of HTTP that it is asked with; only POST when absent. */
  readonly methods?: readonly string[];
  /** Names, in lower case, of the headers that `read` may ask for; none when absent. The others are let go with the call. */
  headers?(request: WireRequest): readonly string[];
  /** Whether a request is spoken in this API. */
  claims(request: WireRequest): boolean;
  /** Undefined when the call turns out to speak another API. */
  read(call: Call, options: { readonly captureContent: boolean }): Reading | undefined;
}
