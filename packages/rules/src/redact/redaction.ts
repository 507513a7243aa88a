import type { Redactor } from "../redactor.ts";
import { redactors as all } from "../redactors/index.ts";
import { type AllowList, makeAllowList } from "./allow-list.ts";
import { type CustomRule, type CompiledRule, compileRule } from "./custom-rule.ts";
import type { FoundSecret } from "./find-secrets.ts";
import { makeLook, OutOfTime, SLICE } from "./look-through.ts";
import { type KeyedMarks, markOf, type RedactionMode } from "./marks.ts";
import { isSecretName } from "./secret-name.ts";
import { afterEscape } from "./text-places.ts";

/** How to redact. Everything can be left out. */
export interface RedactionOptions {
  /** Redactors by name: a mode, `true` for the common mode, `false` for off. The others are as they are by default. */
  readonly kinds?: Readonly<Record<string, RedactionMode | boolean>>;
  /** For every kind that is not told apart. Default `label`. */
  readonly mode?: RedactionMode;
  /** Rules of one's own, tried after the others. */
  readonly custom?: readonly CustomRule[];
  /** What stays although a redactor finds it: the exact secret, or a pattern for the whole of it. */
  readonly allow?: readonly (string | RegExp)[];
  /** Looks into percent-encoded and base64 text too, which costs more. Default neither. */
  readonly decode?: { readonly url?: boolean; readonly base64?: boolean };
  readonly keyed?: KeyedMarks | undefined;
  /** Time that one text may take, in ms. Default 1,000. Above it the text is replaced as a whole. */
  readonly maxMilliseconds?: number;
  /** Longest text that is looked at, in UTF-16 units. Default 16 Mi. A longer one is replaced as a whole. */
  readonly maxLength?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** Instead of all that there are. */
  readonly redactors?: readonly Redactor[];
}

/** A text without the secrets that were found in it. */
export interface RedactedText {
  /** The same string, not a copy, when nothing was found. */
  readonly text: string;
  /** How many of which kind there were. */
  readonly counts: ReadonlyMap<string, number>;
  /** Why the whole text was replaced, where it could not be looked through. */
  readonly failure?: "error" | "time" | "length";
}

/** Redaction as it was set up; one object serves every text of a process. Its functions never throw. */
export interface Redaction {
  /** The redactors at work, by name, with their modes. */
  readonly kinds: ReadonlyMap<string, RedactionMode>;
  redact(text: string): RedactedText;
  /** The same, with a rest after each so many units, in which other work may go on. */
  redactSlowly(text: string, rest: () => Promise<void>): Promise<RedactedText>;
  /** `redact`, and the whole value where the name of its field says secret. */
  redactField(name: string, value: string): RedactedText;
}

/** What takes the place of a text that could not be looked through. */
export const UNREADABLE_MARK = "[not-redacted]";

const MAX_MILLISECONDS = 1000;
const MAX_LENGTH = 16 * 1024 * 1024;
const SECRET_VALUE = "secret-value";

interface Setup {
  readonly redactors: readonly Redactor[];
  readonly modes: ReadonlyMap<string, RedactionMode>;
  readonly custom: readonly CompiledRule[];
  readonly allow: AllowList;
  readonly options: RedactionOptions;
}

interface Passage extends FoundSecret {
  readonly name: string;
  readonly value: string;
}

const NOTHING: ReadonlyMap<string, number> = new Map();

function modesOf(options: RedactionOptions, rules: readonly (Redactor | CustomRule)[]): Map<string, RedactionMode> {
  const { kinds = {}, mode: common = "label" } = options;
  const told = new Map(Object.entries(kinds));
  const names = new Set(rules.map(({ name }) => name));
  for (const name of told.keys()) if (!names.has(name)) throw new Error(`There is no redactor "${name}".`);
  const modes = new Map<string, RedactionMode>();
  for (const rule of rules) {
    const isStandard = "anchors" in rule ? rule.standard : true;
    const own = told.get(rule.name) ?? ("mode" in rule ? rule.mode : undefined) ?? isStandard;
    modes.set(rule.name, own === true ? common : own === false ? "off" : own);
  }
  return modes;
}

/**
 * Sets redaction up. Throws when an option names a redactor that there is not, or when a rule of one's own could take
 * more than linear time.
 */
export function createRedaction(options: RedactionOptions = {}): Redaction {
  const { redactors = all, custom = [], allow = [], now = (): number => performance.now() } = options;
  const modes = modesOf(options, [...redactors, ...custom]);
  const isOn = ({ name }: { readonly name: string }): boolean => modes.get(name) !== "off";
  const setup: Setup = {
    redactors: redactors.filter(isOn),
    modes,
    custom: custom.filter(isOn).map(compileRule),
    allow: makeAllowList(allow),
    options,
  };
  const { maxMilliseconds = MAX_MILLISECONDS, decode = {} } = options;
  const look = makeLook({ redactors: setup.redactors, custom: setup.custom, decode, maxMilliseconds, now });
  const redact = (text: string): RedactedText => guarded(text, setup, () => replaceFound(text, look.now(text), setup));
  return {
    kinds: new Map(Array.from(modes).filter(([, mode]) => mode !== "off")),
    redact,
    async redactSlowly(text, rest) {
      if (text.length <= SLICE || text.length > (options.maxLength ?? MAX_LENGTH)) return redact(text);
      try {
        return replaceFound(text, await look.slowly(text, rest), setup);
      } catch (error) {
        return failed(error);
      }
    },
    redactField: (name, value) => {
      const mode = modes.get(SECRET_VALUE);
      if (mode === undefined || mode === "off" || value === "" || !isSecretName(name)) return redact(value);
      return guarded(value, setup, () => ({
        text: markOf(SECRET_VALUE, mode, { text: value, canonical: value }, options.keyed),
        counts: new Map([[SECRET_VALUE, 1]]),
      }));
    },
  };
}

function failed(error: unknown): RedactedText {
  return { text: UNREADABLE_MARK, counts: NOTHING, failure: error instanceof OutOfTime ? "time" : "error" };
}

/** Fails closed: whatever goes wrong costs the text, and its secrets go nowhere. */
function guarded(text: string, { options }: Setup, work: () => RedactedText): RedactedText {
  if (text.length > (options.maxLength ?? MAX_LENGTH))
    return { text: UNREADABLE_MARK, counts: NOTHING, failure: "length" };
  try {
    return work();
  } catch (error) {
    return failed(error);
  }
}

function nameOf({ redactors, custom }: Setup, rule: number): string {
  return redactors[rule]?.name ?? custom[rule - redactors.length]?.name ?? "secret";
}

/** What was found, in order, without what is allowed. */
function passagesOf(text: string, found: readonly FoundSecret[], setup: Setup): Passage[] {
  const passages: Passage[] = [];
  for (const one of found) {
    const start = afterEscape(text, one.start);
    if (start >= one.end) continue;
    const value = one.value ?? text.slice(start, one.end);
    if (!setup.allow.has(value)) passages.push({ ...one, start, value, name: nameOf(setup, one.rule) });
  }
  return passages.sort((left, right) => left.start - right.start || right.end - left.end || left.rule - right.rule);
}

/**
 * Puts marks in place of secrets. Where two overlap, one mark of the one that begins first (of the longer, where both
 * begin together) takes the place of both, so that no end of a secret stays behind.
 */
function replaceFound(text: string, found: readonly FoundSecret[], setup: Setup): RedactedText {
  if (found.length === 0) return { text, counts: NOTHING };
  const counts = new Map<string, number>();
  let redacted = "";
  let done = 0;
  for (const { start, end, name, rule, value, quote = "" } of passagesOf(text, found, setup)) {
    if (start >= done) {
      const mode = setup.modes.get(name) ?? "label";
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (mode === "drop") return { text: `[${name}]`, counts };
      const canonical = setup.redactors[rule]?.canonical?.(value) ?? value;
      const mark = markOf(name, mode, { text: value, canonical }, setup.options.keyed);
      redacted += `${text.slice(done, start)}${quote}${mark}${quote}`;
    }
    done = Math.max(done, end);
  }
  return counts.size === 0 ? { text, counts: NOTHING } : { text: redacted + text.slice(done), counts };
}
