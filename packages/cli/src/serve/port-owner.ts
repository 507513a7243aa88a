import { readdir, readFile, readlink } from "node:fs/promises";

/** A process of this machine. */
export interface PortOwner {
  readonly processId: number;
  readonly command: string;
}

/** State of a socket that listens, in /proc/net/tcp (Linux, include/net/tcp_states.h). */
const LISTEN = "0A";

/** Inodes of the sockets that listen on a port; none where the system does not tell. */
async function listeningInodes(port: number): Promise<Set<string>> {
  const inodes = new Set<string>();
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const table = await readFile(file, "utf8").catch(() => "");
    for (const line of table.split("\n").slice(1)) {
      const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
      if (local.endsWith(wanted) && state === LISTEN && inode) inodes.add(inode);
    }
  }
  return inodes;
}

async function holds(processId: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${processId}/fd`;
  for (const entry of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${entry}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode && inodes.has(inode)) return true;
  }
  return false;
}

/** Who listens on a port, where the system lets one see it (Linux, own processes); else `undefined`. */
export async function portOwner(port: number): Promise<PortOwner | undefined> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const processId of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(processId) || !(await holds(processId, inodes))) continue;
    const line = await readFile(`/proc/${processId}/cmdline`, "utf8").catch(() => "");
    return { processId: Number(processId), command: line.split("\0").join(" ").trim() };
  }
  return undefined;
}
