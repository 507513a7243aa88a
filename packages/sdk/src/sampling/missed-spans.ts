import type { AttributeValue } from "../attribute-value.ts";
import type { SpanRecord } from "../span/span-record.ts";

/** Names of models, agents and people are shorter; prompts are longer. */
const LONGEST_NAME = 256;
/** What a provider said of usage, as it said it. */
const USAGE = "telltale.usage.";

/**
 * The spans of a request, for counting them should it be lost. Whole until the first attempt to send it is over;
 * from then on, where it failed, without their texts, which the request has.
 */
export class MissedSpans {
  #spans: readonly SpanRecord[];

  constructor(spans: readonly SpanRecord[]) {
    this.#spans = spans;
  }

  /** What there is to count, once `keep` was called. */
  get spans(): readonly SpanRecord[] {
    return this.#spans;
  }

  /** An attempt failed. */
  readonly keep = (): void => {
    this.#spans = this.#spans.map(countable);
  };
}

/** What counting needs of a span that is encoded, without its texts. */
function countable(span: SpanRecord): SpanRecord {
  const attributes = Array.from(span.attributes).filter(([name, value]) => name.startsWith(USAGE) || isShort(value));
  return { ...span, attributes: new Map(attributes), events: undefined, unread: undefined };
}

function isShort(value: AttributeValue): boolean {
  return typeof value === "string" ? value.length <= LONGEST_NAME : !(value instanceof Uint8Array);
}
