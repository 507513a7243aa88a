/**
 * What takes the place of a secret. `label`: `[email]`. `hash`: `[email:kfdaobmn…]`, the same mark for the same secret
 * under one key. `partial`: its last four characters stay. `drop`: the whole text it stands in becomes the label.
 * `seal`: encrypted, for whoever has the key. `off`: it is not looked for.
 */
export type RedactionMode = "label" | "hash" | "partial" | "drop" | "seal" | "off";

/** Functions with a key, which this package, being made for browsers too, leaves to its user. */
export interface KeyedMarks {
  /** A keyed hash (HMAC) of a secret: letters a–p only, so that no mark looks like a number. */
  readonly hash: (secret: string) => string;
  /** The secret, encrypted: characters of base64url only. */
  readonly seal: (secret: string) => string;
}

const SHOWN = 4;
/** Of shorter secrets four characters would be too much. */
const SHORTEST_PARTIAL = 12;

/** The mark for a secret of a kind. Without a key `hash` and `seal` fall back to the label: never to the secret. */
export function markOf(
  name: string,
  mode: RedactionMode,
  secret: { readonly text: string; readonly canonical: string },
  keyed: KeyedMarks | undefined,
): string {
  if (mode === "hash" && keyed !== undefined) return `[${name}:${keyed.hash(secret.canonical)}]`;
  if (mode === "seal" && keyed !== undefined) return `[${name}~${keyed.seal(secret.text)}]`;
  if (mode === "partial" && secret.canonical.length >= SHORTEST_PARTIAL) {
    const end = secret.canonical.slice(-SHOWN);
    if (/^[\w.-]{4}$/.test(end)) return `[${name}:…${end}]`;
  }
  return `[${name}]`;
}

const MARK = /\[[a-z][a-z0-9-]{0,40}(?:(?::|~)[\w….-]{1,8000})?\]/y;

/** Whether a mark stands at a place, and not somebody's text in brackets; its end. */
export function markEnd(text: string, start: number): number | undefined {
  if (text[start] !== "[") return undefined;
  MARK.lastIndex = start;
  return MARK.test(text) ? MARK.lastIndex : undefined;
}
