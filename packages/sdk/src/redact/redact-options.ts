import { debug } from "../diagnostics.ts";
import type { Environment } from "../options/settings.ts";

/* Types of the rules are told here again: what the SDK tells of itself must not name a package that is not installed with it. */

/**
 * What takes the place of a secret: its kind; a keyed hash; its last four characters; nothing, of the whole value;
 * itself, encrypted under your key; or `off`: itself.
 */
export type RedactionMode = "label" | "hash" | "partial" | "drop" | "seal" | "off";

/** A rule of one's own. */
export interface CustomRule {
  /** Kebab-case, as in the mark. */
  readonly name: string;
  /**
   * What to find. Only patterns that take linear time are taken: no look-around, no back-reference, no repetition of a
   * repetition, and after an endless repetition something that it cannot itself match.
   */
  readonly pattern: RegExp | string;
  /** The group that is the secret. Default the whole match. */
  readonly group?: number;
  readonly mode?: RedactionMode;
}

/** How secrets are taken out of spans. What is left out is as it is by default. */
export interface RedactOptions {
  /**
   * Kinds of secrets by name (docs/reference/redactors.md), each with a mode, or true and false for on and off.
   * By default all are on but passports, driving licences and private addresses.
   */
  readonly kinds?: Readonly<Record<string, RedactionMode | boolean>>;
  /** What takes the place of a secret where the kind does not say it. Default `label`: `[credit-card]`. */
  readonly mode?: RedactionMode;
  /** Rules of one's own. A pattern that could take more than linear time is refused: then every text is replaced. */
  readonly custom?: readonly CustomRule[];
  /** What stays although a rule finds it: the exact text, or a pattern of the whole of it. */
  readonly allow?: readonly (string | RegExp)[];
  /** Looks into percent-encoded and base64 text too. Default neither. */
  readonly decode?: { readonly url?: boolean; readonly base64?: boolean };
  /** Secret for the modes `hash` and `seal`, which without one are `label`. Else `TELLTALE_REDACT_KEY`. */
  readonly key?: string;
  /** Time for one text, in ms; what takes longer is replaced as a whole. Default 1,000. */
  readonly maxMilliseconds?: number;
}

const OFF = new Set(["off", "false", "0", "none", "no"]);
const ON = new Set(["on", "true", "1", "default", "yes", ""]);
const MODES: ReadonlySet<string> = new Set<RedactionMode>(["label", "hash", "partial", "drop", "seal", "off"]);

function isMode(text: string): text is RedactionMode {
  return MODES.has(text);
}

/**
 * `off`, `on`, or changes to the default: `-email,passport,credit-card=partial,mode=hash,decode=base64`.
 * What cannot be understood is told and changes nothing.
 */
function readText(text: string): RedactOptions | false {
  const word = text.trim().toLowerCase();
  if (OFF.has(word)) return false;
  if (ON.has(word)) return {};
  const kinds = new Map<string, RedactionMode | boolean>();
  const decode = new Set<string>();
  let mode: RedactionMode | undefined;
  for (const part of word.split(",")) {
    const [name = "", value] = part.trim().split("=");
    if (name === "" || ON.has(name)) continue;
    if (name === "decode" && value !== undefined) for (const one of value.split("+")) decode.add(one);
    else if (value !== undefined && !isMode(value)) debug(`TELLTALE_REDACT: there is no mode "${value}".`);
    else if (name === "mode") mode = value;
    else if (name.startsWith("-")) kinds.set(name.slice(1), false);
    else kinds.set(name.replace(/^\+/, ""), value ?? true);
  }
  return {
    kinds: Object.fromEntries(kinds),
    ...(mode === undefined ? {} : { mode }),
    decode: { url: decode.has("url"), base64: decode.has("base64") },
  };
}

/** The options of the program and of the environment together; undefined when nothing is to be redacted. */
export function readRedactOptions(
  told: RedactOptions | boolean | undefined,
  environment: Environment,
): RedactOptions | undefined {
  const text = environment["TELLTALE_REDACT"];
  const options = told ?? (text === undefined ? true : readText(text));
  if (options === false) return undefined;
  const key = environment["TELLTALE_REDACT_KEY"];
  return { ...(key === undefined || key === "" ? {} : { key }), ...(options === true ? {} : options) };
}
