import type { AttributeMap } from "../attribute-value.ts";
import { LiftedJson } from "../json/lifted-json.ts";
import { parseJson } from "../json/read-json.ts";
import type { Call, Outcome, WireRequest } from "../wire.ts";
import type { BodyCapture } from "./body-capture.ts";
import type { Exchange } from "./exchange.ts";
import { unfold } from "./unfold.ts";

/** A call that is over, as its wire reads it. What is large is decoded when it is asked for. */
export class SeenCall implements Call {
  readonly request: WireRequest;
  readonly status: number | undefined;
  readonly contentType: string;
  readonly outcome: Outcome;
  readonly #exchange: Exchange;
  readonly #response: BodyCapture;
  /** How the answer is compressed; empty when it is not. */
  readonly #encoding: string;
  // A text is decoded, or bytes are unpacked, for the wire that asks: none needs both.
  #requestText: string | undefined;
  #requestJson: unknown;
  #lifted: LiftedJson | undefined;
  #text: string | undefined;
  #bytes: Buffer | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    this.#response = exchange.response;
    this.request = exchange.request;
    this.status = exchange.status;
    this.contentType = exchange.contentType;
    this.outcome = exchange.outcome;
    this.#encoding = exchange.encoded ? exchange.header("content-encoding").toLowerCase() : "";
  }

  get requestBody(): string | undefined {
    const { requestBody } = this.#exchange;
    return typeof requestBody === "object" ? (this.#requestText ??= requestBody.toString("utf8")) : requestBody;
  }

  get requestJson(): unknown {
    const { requestBody, isUtf8 } = this.#exchange;
    if (!isUtf8 || typeof requestBody !== "object") return (this.#requestJson ??= parseJson(this.requestBody));
    this.#lifted ??= new LiftedJson(requestBody);
    return this.#lifted.value;
  }

  /** Puts into attributes what marks in them stand for. */
  restore(attributes: AttributeMap): void {
    const lifted = this.#lifted;
    if (lifted?.isLifted !== true) return;
    for (const [name, value] of attributes) {
      if (typeof value === "string") attributes.set(name, lifted.restored(value));
    }
  }

  get requestBytes(): Buffer | undefined {
    const { requestBody } = this.#exchange;
    return typeof requestBody === "string" ? undefined : requestBody;
  }

  get responseBody(): string {
    this.#text ??= this.#encoding === "" ? this.#response.text() : this.responseBytes.toString("utf8");
    return this.#text;
  }

  get responseBytes(): Buffer {
    return (this.#bytes ??= unfold(this.#response.bytes(), this.#encoding));
  }

  get responseSize(): number {
    return this.#response.size;
  }

  get cutShort(): boolean {
    return this.#response.cutShort;
  }

  millisecondsAt(character: number): number | undefined {
    return this.millisecondsAtByte(Buffer.byteLength(this.responseBody.slice(0, character)));
  }

  millisecondsAtByte(byte: number): number | undefined {
    return this.#encoding === "" ? this.#response.timeAt(byte) : this.#response.firstTime;
  }

  header(name: string): string {
    return this.#exchange.header(name);
  }
}
