import type * as nodeFiles from "node:fs";
import { join } from "node:path";
import { debug, messageOf, warn } from "../diagnostics.ts";
import type { OtlpRequest } from "./otlp-request.ts";
import type { Claim, Kept, RequestStore } from "./request-store.ts";
import {
  claimName,
  fileOf,
  isAbandonedPart,
  newName,
  readName,
  requestOf,
  type SpoolName,
  unclaimedName,
} from "./spool-file.ts";

/** Other processes write and send too: what is known of the directory is good for so long. */
const LOOK_AGAIN_MS = 5000;
/** A claim outlives the attempt to send by this. */
const CLAIM_MARGIN_MS = 30_000;
/** Content of prompts is nobody else's to read. */
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** Where the spool is and what it may hold. */
export interface SpoolOptions {
  readonly directory: string;
  /** All files together, whoever wrote them. */
  readonly maxBytes: number;
  /** How long one attempt to send may take. */
  readonly timeoutMs: number;
}

/** Node's files, or what plays them in a test. */
export type Files = Pick<
  typeof nodeFiles,
  "promises" | "mkdirSync" | "openSync" | "writeFileSync" | "fsyncSync" | "closeSync" | "renameSync" | "rmSync"
>;

/**
 * Requests that wait on disk for a server that is away. A file appears whole or not at all:
 * it is written under another name, synced and renamed. Several processes may share the directory.
 */
export class Spool implements RequestStore {
  readonly #options: SpoolOptions;
  readonly #files: Files;
  #waiting: SpoolName[] = [];
  #bytes = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  // Not by an import: it would load node:fs/promises and all of node:stream at every start-up.
  constructor(options: SpoolOptions, files: Files = process.getBuiltinModule("node:fs")) {
    this.#options = options;
    this.#files = files;
  }

  /** Puts a request on disk; when this resolves with `kept`, it outlives the process and a loss of power. */
  async write(request: OtlpRequest): Promise<Kept> {
    const { directory } = this.#options;
    const bytes = Buffer.concat(fileOf(request));
    const size = bytes.length;
    const { part, name } = newName(size);
    const { promises } = this.#files;
    try {
      if (!(await this.#hasRoom(size))) return "full";
      const file = await promises.open(join(directory, part), "wx", FILE_MODE);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await promises.rename(join(directory, part), join(directory, name));
      await this.#syncDirectory();
    } catch (error) {
      debug(`Spans could not be kept on disk: ${messageOf(error)}`);
      this.#lookedAt = Number.NEGATIVE_INFINITY;
      await promises.rm(join(directory, part), { force: true }).catch(() => {});
      return "failed";
    }
    this.#bytes += size;
    this.#waiting.push({ name, bytes: size, claimed: false });
    return "kept";
  }

  /** `write` for the end of the process, without a promise. Never throws. */
  writeNow(request: OtlpRequest): boolean {
    const { directory, maxBytes } = this.#options;
    const files = this.#files;
    const bytes = Buffer.concat(fileOf(request));
    const size = bytes.length;
    const { part, name } = newName(size);
    if (this.#bytes + size > maxBytes) return false;
    try {
      files.mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
      const file = files.openSync(join(directory, part), "wx", FILE_MODE);
      try {
        files.writeFileSync(file, bytes);
        files.fsyncSync(file);
      } finally {
        files.closeSync(file);
      }
      files.renameSync(join(directory, part), join(directory, name));
      this.#bytes += size;
      return true;
    } catch (error) {
      debug(`Spans could not be kept on disk: ${messageOf(error)}`);
      files.rmSync(join(directory, part), { force: true });
      return false;
    }
  }

  /** Takes the oldest file that nobody is sending; undefined when there is none. */
  async next(): Promise<Claim | undefined> {
    if (this.#waiting.length === 0 || Date.now() - this.#lookedAt > LOOK_AGAIN_MS) {
      try {
        await this.#look();
      } catch {
        // Nothing comes out of a directory that cannot be used; it is looked at again later.
        return undefined;
      }
    }
    for (let found = this.#waiting.shift(); found !== undefined; found = this.#waiting.shift()) {
      const claim = await this.#claim(found);
      if (claim !== undefined) return claim;
    }
    return undefined;
  }

  async #claim({ name, bytes }: SpoolName): Promise<Claim | undefined> {
    const { directory, timeoutMs } = this.#options;
    const { promises } = this.#files;
    const held = join(directory, claimName(name, Date.now() + 2 * timeoutMs + CLAIM_MARGIN_MS));
    const free = unclaimedName(name);
    let request: OtlpRequest | undefined;
    try {
      await promises.rename(join(directory, name), held);
    } catch {
      // Another process was faster, or sent it.
      return undefined;
    }
    try {
      request = requestOf(await promises.readFile(held));
    } catch (error) {
      // Not the file's fault: it is found again with the next look.
      debug(`A file of the spool could not be read: ${messageOf(error)}`);
      await promises.rename(held, join(directory, free)).catch(() => {});
      return undefined;
    }
    return {
      request,
      remove: async () => {
        this.#bytes -= bytes;
        await promises.rm(held, { force: true }).catch(() => {});
      },
      giveBack: async () => {
        this.#waiting.unshift({ name: free, bytes, claimed: false });
        await promises.rename(held, join(directory, free)).catch(() => {});
      },
    };
  }

  async #hasRoom(size: number): Promise<boolean> {
    if (Date.now() - this.#lookedAt > LOOK_AGAIN_MS) await this.#look();
    return this.#bytes + size <= this.#options.maxBytes;
  }

  /** Reads the directory anew; makes it when it is missing. */
  async #look(): Promise<void> {
    const { directory } = this.#options;
    const { promises } = this.#files;
    let names: readonly string[];
    try {
      await promises.mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
      names = await promises.readdir(directory);
    } catch (error) {
      warn(`The spool cannot be used: ${messageOf(error)}. Spans wait in memory; give a directory to write in.`);
      throw error;
    }
    const found = names.map((name) => readName(name)).filter((name) => name !== undefined);
    this.#lookedAt = Date.now();
    this.#bytes = found.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#waiting = found.filter(({ claimed }) => !claimed).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const name of names) {
      if (isAbandonedPart(name)) await promises.rm(join(directory, name), { force: true }).catch(() => {});
    }
  }

  /** A renamed file is safe once its directory is; where directories cannot be synced, the system does it. */
  async #syncDirectory(): Promise<void> {
    try {
      const directory = await this.#files.promises.open(this.#options.directory, "r");
      try {
        await directory.sync();
      } finally {
        await directory.close();
      }
    } catch {
      // Windows.
    }
  }
}
