import { warn } from "../diagnostics.ts";

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a setting is told: the option of `initialize`, then these variables, the first that is set. */
export interface Place {
  readonly option: string;
  /** What the program gave; of any type, since not every program is checked. */
  readonly given: unknown;
  readonly variables?: readonly string[];
}

/** Longer values would make the warning unreadable. */
const LONGEST_SHOWN = 40;

/**
 * Reads settings one by one. A value that cannot be used is told once, in one line that says what
 * would be right and what is used instead, and then counts as not set. Nothing here throws.
 */
export class Settings {
  /** As it was when reading began. */
  readonly environment: Environment;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** A text with something in it. */
  text(place: Place, fallback: string): string;
  text(place: Place): string | undefined;
  text(place: Place, fallback?: string): string | undefined {
    return this.#read(place, fallback, "a text", (value) => (typeof value === "string" ? value : undefined));
  }

  /** A whole number between two bounds. */
  whole(place: Place, bounds: { readonly least: number; readonly most: number }, fallback: number): number;
  whole(place: Place, bounds: { readonly least: number; readonly most: number }): number | undefined;
  whole(place: Place, { least, most }: { least: number; most: number }, fallback?: number): number | undefined {
    return this.#read(place, fallback, `a whole number from ${least} to ${most}`, (value) => {
      const number = typeof value === "string" ? Number(value.trim() === "" ? Number.NaN : value) : value;
      if (typeof number !== "number" || !Number.isSafeInteger(number)) return undefined;
      return number >= least && number <= most ? number : undefined;
    });
  }

  /** A number between two bounds. */
  number(place: Place, { least, most }: { least: number; most: number }): number | undefined {
    return this.#read<number>(place, undefined, `a number from ${least} to ${most}`, (value) => {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      return typeof number === "number" && number >= least && number <= most ? number : undefined;
    });
  }

  /** Yes or no; in the environment `true` or `false` in any case, or 1 and 0. */
  flag(place: Place, fallback: boolean): boolean;
  flag(place: Place): boolean | undefined;
  flag(place: Place, fallback?: boolean): boolean | undefined {
    return this.#read(place, fallback, "true or false", (value) => {
      if (typeof value === "boolean") return value;
      const word = typeof value === "string" ? value.trim().toLowerCase() : undefined;
      if (word === "true" || word === "1") return true;
      return word === "false" || word === "0" ? false : undefined;
    });
  }

  /** One of these words; in the environment in any case. */
  oneOf<Word extends string>(place: Place, words: readonly Word[], fallback: Word): Word;
  oneOf<Word extends string>(place: Place, words: readonly Word[]): Word | undefined;
  oneOf<Word extends string>(place: Place, words: readonly Word[], fallback?: Word): Word | undefined {
    return this.#read(place, fallback, `one of ${words.join(", ")}`, (value) => {
      const word = typeof value === "string" ? value.trim().toLowerCase() : undefined;
      return words.find((candidate) => candidate === word);
    });
  }

  /** An object that is written as JSON in the environment; of any shape, since nobody checks it. */
  json(place: Place): object | undefined {
    return this.#read<object>(place, undefined, "an object as JSON", (value) => {
      const read = typeof value === "string" ? parsed(value) : value;
      return typeof read === "object" && read !== null && !Array.isArray(read) ? read : undefined;
    });
  }

  /** `key=value,key=value` with percent-encoded values, as OpenTelemetry writes lists in the environment. */
  pairs(variables: readonly string[]): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const [name, text] = this.#firstOf(variables) ?? ["", ""];
    for (const pair of text.split(",")) {
      const equals = pair.indexOf("=");
      const key = pair.slice(0, Math.max(0, equals)).trim();
      // Values may be secrets and are not shown.
      if (key !== "") found.set(key, decoded(pair.slice(equals + 1).trim()));
      else if (pair.trim() !== "")
        warn(`${name} has a part without "=": write key=value,key=value. That part is ignored.`);
    }
    return found;
  }

  /** Words apart by commas, without the empty ones; a list in the program. */
  words(place: Place): readonly string[] | undefined {
    return this.#read(place, undefined, "words apart by commas", (value) => {
      const list: unknown = typeof value === "string" ? value.split(",") : value;
      if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) return undefined;
      return list.map((item) => item.trim()).filter((item) => item !== "");
    });
  }

  #firstOf(variables: readonly string[]): [name: string, text: string] | undefined {
    for (const name of variables) {
      const text = this.environment[name];
      // An empty variable is one that is not set, as OpenTelemetry says.
      if (text !== undefined && text.trim() !== "") return [name, text];
    }
    return undefined;
  }

  #read<T>(
    place: Place,
    fallback: T | undefined,
    wanted: string,
    read: (value: unknown) => T | undefined,
  ): T | undefined {
    const { option, given, variables = [] } = place;
    const [name, value] =
      given === undefined || given === null ? (this.#firstOf(variables) ?? [option, undefined]) : [option, given];
    if (value === undefined) return fallback;
    const usable = read(value);
    if (usable === undefined) warn(`${name} is ${shown(value)}: give ${wanted}. ${instead(fallback)}`);
    return usable ?? fallback;
  }
}

function instead(fallback: unknown): string {
  return fallback === undefined ? "It is ignored." : `${String(fallback)} is used.`;
}

function shown(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return `a ${typeof value}`;
  return JSON.stringify(typeof value === "string" ? value.slice(0, LONGEST_SHOWN) : value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
