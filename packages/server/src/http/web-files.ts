import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compressed = promisify(gzip);

/** A file of the web pages, ready to send. */
export interface WebFile {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly gzip?: Uint8Array;
  readonly etag: string;
  /** `Cache-Control`. */
  readonly cache: string;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".json", "application/json"],
  [".map", "application/json"],
  [".webmanifest", "application/manifest+json"],
  [".svg", "image/svg+xml"],
  [".png", "image/png"],
  [".ico", "image/x-icon"],
  [".woff2", "font/woff2"],
  [".txt", "text/plain; charset=utf-8"],
]);
const ALREADY_COMPRESSED = new Set([".png", ".woff2", ".ico"]);

/** Files under `assets/` carry a hash of their content in their name. */
const FOREVER = "public, max-age=31536000, immutable";
const ASK_FIRST = "no-cache";

/**
 * Every file of a folder by its path in an address: `/index.html`. They are read once and kept,
 * compressed too, since the built pages are about a megabyte; an address can so never lead out of
 * the folder. Empty when the folder does not exist.
 */
export async function loadWebFiles(directory: string): Promise<ReadonlyMap<string, WebFile>> {
  const files = new Map<string, WebFile>();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith(".")) continue;
    const full = join(entry.parentPath, entry.name);
    const path = `/${relative(directory, full).split(sep).join("/")}`;
    files.set(path, await loadFile(full, path));
  }
  return files;
}

async function loadFile(full: string, path: string): Promise<WebFile> {
  const bytes = await readFile(full);
  const extension = extname(path);
  const small = ALREADY_COMPRESSED.has(extension) ? undefined : await compressed(bytes);
  return {
    type: TYPES.get(extension) ?? "application/octet-stream",
    bytes,
    ...(small && small.length < bytes.length ? { gzip: small } : {}),
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    cache: path.startsWith("/assets/") ? FOREVER : ASK_FIRST,
  };
}
