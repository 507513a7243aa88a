import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../disk/replace-file.ts";

/** Bytes of one file at most: a minute of video, a hundred photographs. What a vendor's SDK holds in memory to send. */
export const MAX_MEDIA_BYTES: number = 32 * 2 ** 20;
/** Bytes of all files together; beyond it the oldest go. A quarter of what the journal may have waiting. */
const MAX_TOTAL_BYTES = 2 ** 30;
/** Uploads that were announced and have not come; each takes some 200 bytes. */
const MAX_ANNOUNCED = 1000;
/** The folder below the data directory. */
const FOLDER = "media";

/** The types of Langfuse's API (`MediaContentType`). Nothing else is kept. */
const TYPES: ReadonlySet<string> = new Set([
  ...["png", "jpeg", "jpg", "webp", "gif", "svg+xml", "tiff", "bmp"].map((type) => `image/${type}`),
  ...["mpeg", "mp3", "wav", "ogg", "oga", "aac", "mp4", "flac"].map((type) => `audio/${type}`),
  ...["mp4", "webm"].map((type) => `video/${type}`),
  ...["plain", "html", "css", "csv"].map((type) => `text/${type}`),
  ...["pdf", "msword", "vnd.ms-excel", "zip", "json", "xml", "octet-stream"].map((type) => `application/${type}`),
]);

/** What is told of a file before it comes. */
export interface MediaFacts {
  readonly type: string;
  readonly bytes: number;
  /** SHA-256 of the content, base64. */
  readonly sha256: string;
}

/** A file that is kept. */
export interface KeptMedia {
  readonly type: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly keptAt: number;
  /** Where it lies. */
  readonly path: string;
}

/** An id is made of the content's hash, as Langfuse makes it: the first 22 characters of URL-safe base64. */
export function mediaIdOf(sha256: string): string {
  return sha256.replaceAll("+", "-").replaceAll("/", "_").slice(0, 22);
}

/** What is kept under an id; `undefined` where nothing is. */
export function findMedia(dataDirectory: string, id: string): KeptMedia | undefined {
  const name = fileNameOf(id);
  if (name === undefined) return undefined;
  const path = join(dataDirectory, FOLDER, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  return { type: typeIn(`${path}.type`), bytes: stat.size, keptAt: stat.mtimeMs, path };
}

/** Files that came with telemetry, each under its content's hash: what is uploaded twice is kept once. */
export class MediaStore {
  readonly #dataDirectory: string;
  readonly #folder: string;
  readonly #mostBytes: number;
  readonly #announced = new Map<string, MediaFacts>();
  /** Bytes by file name, the oldest first. */
  #kept: Map<string, number> | undefined;

  /** Reads and writes nothing yet. */
  constructor(dataDirectory: string, mostBytes: number = MAX_TOTAL_BYTES) {
    this.#dataDirectory = dataDirectory;
    this.#folder = join(dataDirectory, FOLDER);
    this.#mostBytes = mostBytes;
  }

  /** Whether a file that is announced should come: not one that is here, is too large, or of a type nobody keeps. */
  announce(facts: MediaFacts): boolean {
    const id = mediaIdOf(facts.sha256);
    const isRight = TYPES.has(facts.type) && facts.bytes > 0 && facts.bytes <= MAX_MEDIA_BYTES;
    if (!isRight || fileNameOf(id) === undefined || findMedia(this.#dataDirectory, id)) return false;
    this.#announced.delete(id);
    this.#announced.set(id, facts);
    const [oldest] = this.#announced.keys();
    if (this.#announced.size > MAX_ANNOUNCED && oldest !== undefined) this.#announced.delete(oldest);
    return true;
  }

  /** Keeps a file that was announced. Answers what is wrong with it; nothing when it is on disk. */
  keep(id: string, content: Uint8Array): "not announced" | "not what was announced" | undefined {
    const facts = this.#announced.get(id);
    const name = fileNameOf(id);
    if (!facts || name === undefined) return "not announced";
    const isSame = content.byteLength === facts.bytes && hashOf(content) === facts.sha256;
    if (!isSame) return "not what was announced";
    this.#announced.delete(id);
    const kept = this.#files();
    for (const [oldest, bytes] of kept) {
      if (sum(kept) + content.byteLength <= this.#mostBytes) break;
      this.#remove(oldest, bytes);
    }
    const path = join(this.#folder, name);
    // The type first: a file whose type is not known would be served as bytes.
    replaceFile(`${path}.type`, facts.type);
    replaceFile(path, content);
    kept.set(name, content.byteLength);
    return undefined;
  }

  #remove(name: string, bytes: number): void {
    this.#files().delete(name);
    if (bytes === 0) return;
    for (const file of [name, `${name}.type`]) rmSync(join(this.#folder, file), { force: true });
  }

  #files(): Map<string, number> {
    if (this.#kept) return this.#kept;
    mkdirSync(this.#folder, { recursive: true });
    const found = readdirSync(this.#folder)
      .filter((name) => /^[0-9a-f]{32}$/.test(name))
      .map((name) => ({ name, stat: statSync(join(this.#folder, name)) }))
      .sort((left, right) => left.stat.mtimeMs - right.stat.mtimeMs);
    this.#kept = new Map(found.map(({ name, stat }) => [name, stat.size]));
    return this.#kept;
  }
}

/** Hexadecimal, because file systems may take `a` and `A` for the same. */
function fileNameOf(id: string): string | undefined {
  return /^[\w-]{22}$/.test(id) ? Buffer.from(id, "base64url").toString("hex") : undefined;
}

function typeIn(path: string): string {
  const type = existsSync(path) ? readFileSync(path, "utf8") : "";
  return TYPES.has(type) ? type : "application/octet-stream";
}

function hashOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("base64");
}

function sum(files: ReadonlyMap<string, number>): number {
  let bytes = 0;
  for (const size of files.values()) bytes += size;
  return bytes;
}
