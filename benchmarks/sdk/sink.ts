import { createServer } from "node:http";

/** A server that takes everything, as `{}`. */
export interface Sink {
  readonly address: string;
  /** Bytes of all bodies so far. */
  bytes(): number;
  close(): void;
}

/** Opens it on this machine only. */
export async function openSink(): Promise<Sink> {
  let received = 0;
  const server = createServer((request, response) => {
    request.on("data", (piece: Buffer) => (received += piece.length));
    request.on("end", () => {
      const isProtobuf = request.headers["content-type"] === "application/x-protobuf";
      response.setHeader("content-type", isProtobuf ? "application/x-protobuf" : "application/json");
      response.end(isProtobuf ? "" : "{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The sink has no port.");
  return {
    address: `http://127.0.0.1:${address.port}`,
    bytes: () => received,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
