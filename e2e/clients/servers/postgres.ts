import { createServer, type AddressInfo, type Socket } from "node:net";
import { type PSKCallbackNegotation, TLSSocket } from "node:tls";
import type { ScriptedServer, ServedRequest } from "../testing/scripted-server.ts";

/** A key that both ends know, so that TLS needs no certificate. */
export const SHARED_KEY: PSKCallbackNegotation & { readonly identity: string } = {
  psk: Buffer.from("0123456789abcdef0123456789abcdef", "hex"),
  identity: "test",
};
export const PSK_CIPHERS = "PSK-AES128-GCM-SHA256";

/** Of `pg_type`: text, int8, float8, jsonb. */
const [TEXT, INT8, FLOAT8, JSONB] = [25, 20, 701, 3802];
const COLUMNS: readonly (readonly [string, number])[] = [
  ["id", INT8],
  ["content", TEXT],
  ["meta", JSONB],
  ["embedding", 16_400],
  ["distance", FLOAT8],
];
const ROWS = [
  ["41", "Parcels arrive.", '{"lang": "en"}', "[0.123456,0.25,0.5]", "0.12"],
  ["42", "Grüße aus 東京 🗼", null, "[0.123456,0.25,0.75]", "0.5"],
];

function message(type: string, ...parts: readonly (Buffer | string | number)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === "number" ? int16(part) : Buffer.from(part))));
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const READY = message("Z", "I");
const DESCRIPTION = message(
  "T",
  COLUMNS.length,
  ...COLUMNS.flatMap(([name, type]) => [`${name}\0`, int32(0), 0, int32(type), -1, int32(-1), 0]),
);

function row(values: readonly (string | null)[]): Buffer {
  const cells = values.flatMap((value) =>
    value === null ? [int32(-1)] : [int32(Buffer.byteLength(value)), Buffer.from(value)],
  );
  return message("D", values.length, ...cells);
}

/** What comes after the description for a statement; undefined: the connection ends. */
function answerTo(sql: string): Buffer[] | undefined {
  if (sql.includes("lost")) return undefined;
  if (sql.includes("missing")) return [message("E", 'SERROR\0C42P01\0Mrelation "missing" does not exist\0\0')];
  if (/^(select|with)/i.test(sql)) return [...ROWS.map(row), message("C", `SELECT ${ROWS.length}\0`)];
  return [message("C", "INSERT 0 1\0")];
}

/** A PostgreSQL that lets everybody in, and answers questions with the same two rows. */
export async function startPostgres(): Promise<ScriptedServer> {
  const requests: ServedRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", (first: Buffer) => {
      if (first.readUInt32BE(4) !== 80_877_103) return serve(socket, first, requests);
      socket.write("S");
      // The types leave the key out; a socket takes it as a server does.
      const key = { ciphers: PSK_CIPHERS, pskCallback: () => SHARED_KEY.psk };
      const secured = new TLSSocket(socket, Object.assign({ isServer: true }, key));
      secured.on("error", () => {});
      secured.once("data", (startup: Buffer) => serve(secured, startup, requests));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `127.0.0.1:${port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(socket: Socket, _startup: Buffer, requests: ServedRequest[]): void {
  let held = Buffer.alloc(0);
  let sql = "";
  const statements = new Map<string, string>();
  const keep = (method: string, bytes: Buffer): void => {
    requests.push({ method, path: sql, query: new URLSearchParams(), headers: {}, bytes, body: undefined });
  };
  const reply = (...before: Buffer[]): void => {
    const rows = answerTo(sql);
    if (rows === undefined) return void socket.destroy();
    // In two pieces, cut in the middle of a message, a moment apart.
    const whole = Buffer.concat([...before, ...rows, READY]);
    socket.write(whole.subarray(0, whole.length >> 1));
    setTimeout(() => socket.write(whole.subarray(whole.length >> 1)), 3);
  };
  const act = (type: string, body: Buffer): void => {
    const text = (at: number): string => body.toString("utf8", at, body.indexOf(0, at));
    if (type === "Q") {
      sql = text(0);
      keep("Q", body);
      reply(DESCRIPTION);
    } else if (type === "P") {
      statements.set(text(0), text(body.indexOf(0) + 1));
    } else if (type === "B") {
      sql = statements.get(text(body.indexOf(0) + 1)) ?? "";
      keep("B", body);
    } else if (type === "S") reply(message("1"), message("2"), DESCRIPTION);
    else if (type === "X") socket.end();
  };
  socket.on("data", (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 5 && held.length > held.readUInt32BE(1)) {
      const end = 1 + held.readUInt32BE(1);
      act(String.fromCharCode(held[0] ?? 0), held.subarray(5, end));
      held = held.subarray(end);
    }
  });
  socket.write(Buffer.concat([message("R", int32(0)), message("S", "client_encoding\0UTF8\0"), READY]));
}
