import { runtime } from "../runtime.ts";
import { MessageReader, zeroEnded } from "./message-reader.ts";
import { type Peer, VectorCall } from "./vector-call.ts";
import { mayBeVectorQuery, type Parameters, vectorQueryOf } from "./vector-query.ts";

/** The types of messages that are read, by their letter. */
const letter = (text: string): number => text.charCodeAt(0);
const QUERY = letter("Q");
const PARSE = letter("P");
const BIND = letter("B");
const SYNC = letter("S");
const FUNCTION_CALL = letter("F");
const ASKED = new Set([QUERY, PARSE, BIND, SYNC, FUNCTION_CALL]);
const ROW_DESCRIPTION = letter("T");
const DATA_ROW = letter("D");
const ERROR = letter("E");
const READY = letter("Z");
const ANSWERED = new Set([ROW_DESCRIPTION, DATA_ROW, ERROR]);
/** Prepared statements that are remembered; a program has a handful that ask for vectors. */
const MOST_STATEMENTS = 500;

/**
 * Follows one connection by what is sent and what comes back. Questions are answered in their order,
 * each up to a ReadyForQuery; a driver may send several before the first answer.
 */
export class PostgresConnection {
  readonly #peer: () => Peer;
  /** Statements that may ask for vectors, by their name; the unnamed one is the last that was parsed. */
  readonly #statements = new Map<string, string>();
  /** One for each ReadyForQuery to come. The first is the end of the start-up. */
  readonly #pending: (VectorCall | undefined)[] = [undefined];
  #bound: VectorCall | undefined;
  readonly #asked = new MessageReader(
    (type) => ASKED.has(type),
    (type, body) => this.#sent(type, body),
  );
  readonly #answered = new MessageReader(
    (type) => type === READY || (this.#pending[0] !== undefined && ANSWERED.has(type)),
    (type, body) => this.#received(type, body),
  );
  /** Whether a question has gone out: until then all that happens belongs to whoever opened the connection. */
  used = false;

  constructor(peer: () => Peer) {
    this.#peer = peer;
  }

  /** Bytes of the program, behind its start-up message. Throws when they are not understood. */
  send(chunk: Buffer): void {
    this.#asked.add(chunk);
  }

  /** Bytes of the server. Throws when they are not understood. */
  receive(chunk: Buffer): void {
    this.#answered.add(chunk);
  }

  /** No more will come. */
  close(): void {
    this.#bound?.lost();
    for (const call of this.#pending.splice(0)) call?.lost();
  }

  #sent(type: number, body: Buffer): void {
    if (type === PARSE) return this.#parsed(body);
    if (type === BIND) return this.#bind(body);
    this.used = true;
    const asked = type === QUERY && mayBeVectorQuery(body) ? this.#begin(zeroEnded(body, 0)[0], []) : undefined;
    this.#pending.push(asked ?? this.#bound);
    this.#bound = undefined;
  }

  #parsed(body: Buffer): void {
    const [name, at] = zeroEnded(body, 0);
    this.#statements.delete(name);
    const end = body.indexOf(0, at);
    if (!mayBeVectorQuery(body.subarray(at, end))) return;
    if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
    this.#statements.set(name, zeroEnded(body, at)[0]);
  }

  #bind(body: Buffer): void {
    if (this.#statements.size === 0) return;
    const [statement, at] = zeroEnded(body, body.indexOf(0) + 1);
    const sql = this.#statements.get(statement);
    if (sql !== undefined) this.#bound ??= this.#begin(sql, parametersOf(body, at));
  }

  #begin(sql: string, parameters: Parameters): VectorCall | undefined {
    const query = runtime.pipeline === undefined ? undefined : vectorQueryOf(sql, parameters);
    return query === undefined ? undefined : new VectorCall(query, this.#peer());
  }

  #received(type: number, body: Buffer): void {
    const [call] = this.#pending;
    if (type === READY) {
      call?.end("complete");
      this.#pending.shift();
    } else if (type === ROW_DESCRIPTION) call?.described(body);
    else if (type === DATA_ROW) call?.row(body);
    else call?.refused(body);
  }
}

/** Values of a Bind message that are text: formats first, one for all or one for each. */
function parametersOf(body: Buffer, start: number): Parameters {
  const formats = body.readUInt16BE(start);
  const formatOf = (index: number): number => {
    if (formats === 0) return 0;
    return body.readUInt16BE(start + 2 + 2 * (formats === 1 ? 0 : index));
  };
  let at = start + 2 + 2 * formats;
  const count = body.readUInt16BE(at);
  at += 2;
  const values: (string | undefined)[] = [];
  for (let index = 0; index < count; index++) {
    const length = body.readInt32BE(at);
    at += 4;
    values.push(length < 0 || formatOf(index) === 1 ? undefined : body.toString("utf8", at, at + length));
    at += Math.max(0, length);
  }
  return values;
}
