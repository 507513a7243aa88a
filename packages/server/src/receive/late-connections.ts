import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { ListeningPlace, ReceiverPort } from "../receiver.ts";

/** What serves the connections of a port. */
export interface ConnectionServer {
  /** Takes over a connection that nobody has read from. */
  serve(connection: Socket): void;
  /** Takes no new request on any connection, and lets each end with its last answer. */
  drain(): void;
}

/**
 * Listens at once and loads what serves the port with the first connection, so that a protocol which nobody speaks costs
 * neither start-up time nor memory. Rejects with the system's error when the port cannot be had.
 */
export async function listenAndLoad(
  place: ListeningPlace,
  load: () => Promise<ConnectionServer>,
): Promise<ReceiverPort> {
  const connections = new Set<Socket>();
  let loading: Promise<ConnectionServer> | undefined;
  let closing = false;
  const take = async (connection: Socket): Promise<void> => {
    try {
      const server = await (loading ??= load());
      if (closing) connection.destroy();
      else server.serve(connection);
    } catch (error) {
      loading = undefined;
      connection.destroy();
      place.log(`a connection to port ${place.port} could not be served: ${String(error)}`);
    }
  };
  // What a client sends meanwhile waits in the socket, and HTTP/2 reads it from there. (A paused socket stays paused.)
  const listener = createServer({ noDelay: true }, (connection) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection)).on("error", () => undefined);
    void take(connection);
  });
  listener.listen(place.port, place.host);
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    close: async (patienceMs) => {
      closing = true;
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      const timer = setTimeout(() => connections.forEach((connection) => connection.destroy()), patienceMs);
      await loading?.then((server) => server.drain()).catch(() => undefined);
      await closed;
      clearTimeout(timer);
    },
  };
}
