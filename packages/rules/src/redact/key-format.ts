/**
 * How one issuer writes its keys. `pattern` is sticky and begins with one of the `anchors`, or, with `before`, the
 * anchor stands at most so many units behind the beginning of the key.
 */
export interface KeyFormat {
  readonly issuer: string;
  readonly anchors: readonly string[];
  readonly pattern: RegExp;
  /** Units of key that may stand in front of the anchor. */
  readonly before?: number;
  /** The body is made of words too, so that only one with digits and enough different characters is a key. */
  readonly wordy?: boolean;
  /** The group that is the secret, where the pattern has more around it. */
  readonly group?: number;
}

/** A key that begins with a prefix, followed by so many characters of a set. */
export function prefixed(issuer: string, anchor: string, body: string, wordy = false): KeyFormat {
  const escaped = anchor.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return { issuer, anchors: [anchor], pattern: new RegExp(escaped + body, "y"), ...(wordy ? { wordy } : {}) };
}
