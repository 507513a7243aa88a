import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { CustomPrices } from "@telltale/rules";
import { type PriceProblem, readCustomPrices } from "./custom-prices-schema.ts";

/** The file of one's own prices in a data directory. */
export const PRICE_FILE = "telltale.prices.json";
/** How often a file is looked at for changes; a look is one system call. */
const LOOK_MS = 1000;
/** Larger files are nobody's prices. */
const MOST_BYTES = 5_000_000;

/** What a file of prices says. */
export interface PriceFileState {
  /** As it is written; null where there is no file, or it is no JSON. */
  readonly file: unknown;
  /** What calls are priced by: of the last file that was right. */
  readonly prices: CustomPrices | undefined;
  readonly problems: readonly PriceProblem[];
}

const EMPTY: PriceFileState = { file: null, prices: undefined, problems: [] };

/** One's own prices in a file, read again when it changed. A wrong file leaves the prices as they were. */
export class PriceFile {
  readonly path: string;
  #state: PriceFileState = EMPTY;
  #version = "";
  #lookedAt = -Infinity;

  constructor(path: string) {
    this.path = path;
  }

  /** The prices as they are now, at most a second old. */
  current(): CustomPrices | undefined {
    if (performance.now() - this.#lookedAt >= LOOK_MS) this.state();
    return this.#state.prices;
  }

  /** What the file says now. */
  state(): PriceFileState {
    this.#lookedAt = performance.now();
    const version = versionOf(this.path);
    if (version === this.#version) return this.#state;
    this.#version = version;
    this.#state = version === "" ? EMPTY : this.#read();
    return this.#state;
  }

  #read(): PriceFileState {
    const { prices } = this.#state;
    try {
      if (statSync(this.path).size > MOST_BYTES)
        return { file: null, prices, problems: [{ where: "the file", problem: `is larger than ${MOST_BYTES} bytes` }] };
      const file: unknown = JSON.parse(readFileSync(this.path, "utf8"));
      const read = readCustomPrices(file, basename(this.path));
      return read.problems ? { file, prices, problems: read.problems } : { file, prices: read.prices, problems: [] };
    } catch (error) {
      return { file: null, prices, problems: [{ where: "the file", problem: String(error) }] };
    }
  }

  /** Checks and writes. Answers what is wrong, in which case the file stays as it was. */
  write(file: unknown): readonly PriceProblem[] {
    const { problems = [] } = readCustomPrices(file, basename(this.path));
    if (problems.length > 0) return problems;
    const next = `${this.path}.new`;
    writeFileSync(next, `${JSON.stringify(file, null, 2)}\n`);
    renameSync(next, this.path);
    return [];
  }

  /** Takes the file away; there need not be one. */
  remove(): void {
    rmSync(this.path, { force: true });
  }
}

function versionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
}
