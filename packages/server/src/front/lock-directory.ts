import { once } from "node:events";
import { createHash } from "node:crypto";
import { realpathSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Makes sure that one server at a time uses a data directory: it listens on a socket named after it,
 * which, unlike a file with a process id, cannot outlive its owner unnoticed.
 */
export async function lockDirectory(directory: string): Promise<{ release(): void }> {
  // Not in the directory itself: a socket's path may have 107 bytes.
  const name = createHash("sha256").update(realpathSync(directory)).digest("hex").slice(0, 24);
  const path = join(tmpdir(), `telltale-${name}.lock`);
  if (await isAnswered(path))
    throw new Error(
      `another Telltale is running on ${directory}: stop it first, or name another directory with --data`,
    );
  rmSync(path, { force: true });
  const server: Server = createServer((socket) => socket.destroy());
  server.listen(path);
  await once(server, "listening");
  server.unref();
  return { release: () => server.close() };
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
