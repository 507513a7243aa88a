import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { debug, messageOf } from "../diagnostics.ts";
import { field } from "../json/read-json.ts";
import { PostgresConnection } from "../postgres/postgres-connection.ts";
import { replaceMethod } from "../replace-method.ts";
import { currentScope, runtime, type Scope } from "../runtime.ts";

const CHANNEL = "net.client.socket";
/** Codes in the place of a version, in the first message of a connection. */
const VERSION_3 = 3;
const SSL_REQUEST = 80_877_103;
/** The answer to it: the server will speak TLS. */
const WILLING = 83;
/** For what follows an answer: it belongs to whoever asked, and a connection does not know who that was. */
const NOBODY: Scope = { span: undefined, tapped: false };

type Stage = "unknown" | "asked for TLS" | "speaking";

/**
 * Watches connections to PostgreSQL, for questions by pgvector's distances. No driver has a door
 * for it, so they are read where they leave: Node tells of each client socket, and the first
 * message that goes out says whether it is one. Other sockets are left as they were with that message.
 */
export function tapPostgres(): () => void {
  const listener = (message: unknown): void => {
    const socket = runtime.pipeline === undefined ? undefined : socketIn(message);
    // While it begins to connect, Node puts the socket's own `write` in place again.
    if (socket !== undefined) queueMicrotask(() => watchSocket(socket));
  };
  subscribe(CHANNEL, listener);
  return () => void unsubscribe(CHANNEL, listener);
}

function socketIn(message: unknown): Socket | undefined {
  const socket = field(message, "socket");
  return typeof socket === "object" && socket !== null && "write" in socket ? (socket as Socket) : undefined;
}

/** Looks at the bytes of a socket in both directions until they turn out not to be PostgreSQL's. */
function watchSocket(socket: Socket): void {
  let stage: Stage = "unknown";
  let isRead = false;
  const connection = new PostgresConnection(() => ({ address: socket.remoteAddress, port: socket.remotePort }));
  const follow = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      debug(`A connection to PostgreSQL is not followed any more: ${messageOf(error)}`);
      stage = "unknown";
      connection.close();
    }
  };
  const received = (piece: unknown, push: () => unknown): unknown => {
    if (!Buffer.isBuffer(piece)) return push();
    if (stage === "speaking") follow(() => connection.receive(piece));
    if (stage === "asked for TLS" && piece[0] === WILLING) followIntoTls(socket);
    return connection.used && currentScope() !== undefined ? runtime.storage.run(NOBODY, push) : push();
  };
  const begin = (chunk: unknown): void => {
    stage = stageAfter(chunk);
    if (stage === "unknown") return putBack();
    if (stage === "speaking") socket.once("close", () => connection.close());
    if (!isRead)
      replaceMethod(
        socket,
        "push",
        (push) =>
          (...values) =>
            received(values[0], () => push(...values)),
      );
    isRead = true;
  };
  const before = Object.getOwnPropertyDescriptor(socket, "write");
  replaceMethod(socket, "write", (write) => (...values) => {
    const [chunk] = values;
    if (stage !== "speaking") begin(chunk);
    else if (Buffer.isBuffer(chunk)) follow(() => connection.send(chunk));
    return write(...values);
  });
  const mine: unknown = Reflect.get(socket, "write");
  function putBack(): void {
    if (Reflect.get(socket, "write") !== mine) return;
    if (before === undefined) Reflect.deleteProperty(socket, "write");
    else Reflect.defineProperty(socket, "write", before);
  }
}

/** What the first message says: its length, then what it is. */
function stageAfter(chunk: unknown): Stage {
  if (!Buffer.isBuffer(chunk) || chunk.length < 8 || chunk.readUInt32BE(0) !== chunk.length) return "unknown";
  if (chunk.readUInt32BE(4) === SSL_REQUEST) return "asked for TLS";
  return chunk.readUInt16BE(4) === VERSION_3 ? "speaking" : "unknown";
}

/**
 * The driver now wraps the socket, and Node tells nobody of the wrapped one. `tls.connect` says
 * which it is: ours stands in its place for this one turn, as the driver calls it when it is told.
 */
function followIntoTls(socket: Socket): void {
  const tls = process.getBuiltinModule("node:tls");
  const before = Object.getOwnPropertyDescriptor(tls, "connect");
  if (before === undefined) return;
  const restore = (): void => {
    if (Reflect.get(tls, "connect") === mine) Reflect.defineProperty(tls, "connect", before);
  };
  replaceMethod(tls, "connect", (connect) => (...values) => {
    const secured = connect(...values);
    if (field(values[0], "socket") === socket) {
      restore();
      watchSocket(secured as Socket);
    }
    return secured;
  });
  const mine: unknown = Reflect.get(tls, "connect");
  setImmediate(restore);
}
