import { readFileSync, rmSync, statSync } from "node:fs";
import type { FileProblem, FileReading } from "./file-problem.ts";
import { replaceFile } from "./replace-file.ts";

/** How often a file is looked at for changes; a look is one system call. */
const LOOK_MS = 1000;
/** Larger files are nobody's settings. */
const MOST_BYTES = 5_000_000;

/** What a file says. */
export interface CheckedState<Content> {
  /** As it is written; null where there is no file, or it is no JSON. */
  readonly file: unknown;
  /** Of the last file that was right; `undefined` where there is none. */
  readonly content: Content | undefined;
  readonly problems: readonly FileProblem[];
}

/** A JSON file that people write, read again when it changed. A wrong one leaves what holds as it was. */
export class CheckedFile<Content> {
  readonly path: string;
  readonly #check: (told: unknown) => FileReading<Content>;
  #state: CheckedState<Content> = { file: null, content: undefined, problems: [] };
  #version = "";
  #lookedAt = -Infinity;

  /** @param check reads the parsed JSON; throws nothing */
  constructor(path: string, check: (told: unknown) => FileReading<Content>) {
    this.path = path;
    this.#check = check;
  }

  /** What holds now, at most a second old. */
  current(): Content | undefined {
    if (performance.now() - this.#lookedAt >= LOOK_MS) this.state();
    return this.#state.content;
  }

  /** What the file says now. */
  state(): CheckedState<Content> {
    this.#lookedAt = performance.now();
    const version = versionOf(this.path);
    if (version === this.#version) return this.#state;
    this.#version = version;
    this.#state = version === "" ? { file: null, content: undefined, problems: [] } : this.#read();
    return this.#state;
  }

  #read(): CheckedState<Content> {
    const { content } = this.#state;
    const wrong = (problem: string): CheckedState<Content> => ({
      file: null,
      content,
      problems: [{ where: "the file", problem }],
    });
    try {
      if (statSync(this.path).size > MOST_BYTES) return wrong(`is larger than ${MOST_BYTES} bytes`);
      const file: unknown = JSON.parse(readFileSync(this.path, "utf8"));
      const read = this.#check(file);
      return read.problems ? { file, content, problems: read.problems } : { file, content: read.content, problems: [] };
    } catch (error) {
      return wrong(String(error));
    }
  }

  /** Checks and writes. Answers what is wrong, in which case the file stays as it was. */
  write(file: unknown): readonly FileProblem[] {
    const { problems = [] } = this.#check(file);
    if (problems.length === 0) replaceFile(this.path, `${JSON.stringify(file, null, 2)}\n`);
    return problems;
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
