import type * as Rules from "@telltale/rules/redaction";
import type { Redaction } from "@telltale/rules/redaction";
import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import { keyedMarks } from "./keyed-marks.ts";
import type { RedactOptions } from "./redact-options.ts";

/** What was taken out of one span. */
export interface Tally {
  readonly kinds: Map<string, number>;
  /** Texts that were replaced as a whole because they could not be looked through. */
  failed: number;
}

/** Short texts are few and come again: model names, roles, outcomes. */
const LONGEST_KNOWN = 64;
const KNOWN_TEXTS = 4096;
/** Smaller numbers have fewer digits than a card. */
const SMALLEST_CARD = 1e11;

/** Names whose values are numbers with dots and no addresses of people. */
const NO_ADDRESS = /(?:^|[._-])version$|^server\.address$|^network\./;
/** Names of people and conversations: their marks can be joined where there is a key. */
const IDENTITIES = new Set(["user.id", "session.id", "gen_ai.conversation.id", "enduser.id"]);
/** What redaction itself writes. */
export const OWN_PREFIX = "telltale.redaction.";

/** Redaction of the values that a span is made of. */
export class RedactedValues {
  readonly #common: Redaction;
  readonly #identities: Redaction;
  readonly #withoutAddresses: Redaction;
  readonly #clean = new Set<string>();

  readonly #isSecretName: (name: string) => boolean;

  private constructor(
    isSecretName: (name: string) => boolean,
    common: Redaction,
    identities: Redaction,
    withoutAddresses: Redaction,
  ) {
    this.#isSecretName = isSecretName;
    this.#common = common;
    this.#identities = identities;
    this.#withoutAddresses = withoutAddresses;
  }

  /** Rejects when the options cannot be understood. */
  static async of(
    { createRedaction, isSecretName }: typeof Rules,
    { key, ...options }: RedactOptions,
  ): Promise<RedactedValues> {
    const keyed = key === undefined ? undefined : await keyedMarks(key);
    const common = createRedaction({ ...options, keyed });
    const kinds = { ...options.kinds, "ip-address": false, "private-ip-address": false };
    return new RedactedValues(
      isSecretName,
      common,
      keyed === undefined ? common : createRedaction({ ...options, keyed, mode: "hash" }),
      createRedaction({ ...options, keyed, kinds }),
    );
  }

  /** A text that stands under no name. */
  text(text: string, tally: Tally): string {
    if (text.length <= LONGEST_KNOWN && this.#clean.has(text)) return text;
    const redacted = this.#told(this.#common.redact(text), tally);
    if (redacted === text && text.length <= LONGEST_KNOWN) {
      if (this.#clean.size >= KNOWN_TEXTS) this.#clean.clear();
      this.#clean.add(text);
    }
    return redacted;
  }

  /** An attribute's value; the same object when there is nothing to take out. */
  value(name: string, value: AttributeValue, tally: Tally): AttributeValue {
    if (typeof value === "string") return this.#field(name, value, tally);
    if (Buffer.isBuffer(value)) {
      const text = value.toString("utf8");
      const redacted = this.#field(name, text, tally);
      return redacted === text ? value : Buffer.from(redacted);
    }
    if (typeof value === "number") {
      if (!(Number.isInteger(value) && value >= SMALLEST_CARD) && !this.#isSecretName(name)) return value;
      const text = String(value);
      const redacted = this.#told(this.#redactionFor(name).redactField(name, text), tally);
      return redacted === text ? value : redacted;
    }
    if (typeof value === "boolean" || "double" in value) return value;
    const list = value.map((item) => this.#field(name, item, tally));
    return list.some((item, index) => item !== value[index]) ? list : value;
  }

  /** The same for a text of megabytes, with rests. */
  async slowly(name: string, value: AttributeValue, tally: Tally, rest: () => Promise<void>): Promise<AttributeValue> {
    if (typeof value !== "string" && !Buffer.isBuffer(value)) return this.value(name, value, tally);
    const text = typeof value === "string" ? value : value.toString("utf8");
    if (this.#isSecretName(name)) return this.value(name, value, tally);
    const redacted = this.#told(await this.#redactionFor(name).redactSlowly(text, rest), tally);
    return redacted === text ? value : typeof value === "string" ? redacted : Buffer.from(redacted);
  }

  #field(name: string, text: string, tally: Tally): string {
    const redaction = this.#redactionFor(name);
    if (redaction === this.#common && !this.#isSecretName(name)) return this.text(text, tally);
    return this.#told(redaction.redactField(name, text), tally);
  }

  #redactionFor(name: string): Redaction {
    if (IDENTITIES.has(name)) return this.#identities;
    return NO_ADDRESS.test(name) ? this.#withoutAddresses : this.#common;
  }

  #told({ text, counts, failure }: Rules.RedactedText, tally: Tally): string {
    for (const [kind, count] of counts) tally.kinds.set(kind, (tally.kinds.get(kind) ?? 0) + count);
    if (failure !== undefined) tally.failed++;
    return text;
  }
}

/** Writes what was taken out: how much, of which kinds, and how many texts could not be looked through. */
export function writeTally(attributes: AttributeMap, { kinds, failed }: Tally): void {
  if (kinds.size > 0) {
    let sum = 0;
    for (const count of kinds.values()) sum += count;
    attributes.set(`${OWN_PREFIX}count`, sum);
    attributes.set(`${OWN_PREFIX}kinds`, Array.from(kinds.keys()).toSorted());
  }
  if (failed > 0) attributes.set(`${OWN_PREFIX}failed`, failed);
}
