/**
 * Names of fields whose value is a secret whatever it looks like, in lower case without separators. A name counts when
 * it is one of these or ends with one: `DB_PASSWORD`, `user.clientSecret`, `X-Api-Key`.
 */
const ALWAYS =
  /(?:password|passwd|passwort|pwd|passphrase|passcode|clientsecret|secretkey|secretaccesskey|appsecret|apisecret|apikey|apitoken|accesstoken|refreshtoken|idtoken|authtoken|sessiontoken|securitytoken|bearertoken|bottoken|csrftoken|xsrftoken|privatekey|accountkey|sharedaccesskey|signingkey|signingsecret|encryptionkey|masterkey|webhooksecret|jwtsecret|authkey|subscriptionkey|authorization|setcookie|cookie|credential|credentials|connectionstring|authpass)$/;
/** Names that are such a field only as a whole. */
const WHOLE =
  /^(?:x?(?:auth|xsrf|csrf|goog(?:api)?key|amzsecuritytoken)|secret|secrets|pass|pin|cvv|cvc|apikey|connectsid|otp|totp)$/;
/** Names that may be one: the value has to look random. */
const PERHAPS = /(?:token|secret|key|cookies|auth|signature|credential|pass|salt|license|licence)$/;
/** Names that end alike and are none. */
const NEVER =
  /(?:(?:page|pagination|continuation|cursor|next|sync|max|min|num|count|eos|bos|pad|unk|mask|stop|delimiter|start|end|special|first|last|per|idempotency|partition|primary|foreign|sort|public|cache|object|row|hash|group|dedupe?|routing|storage|file|s3|index|lookup|search|translation|i18n|column|dict|map)(?:token|key)|keyboard|monkey|turkey|donkey|hockey|hotkey|publickey|author|tokentype|passthrough|bypass|compass|keypass)$/;

/** How sure a name is. */
export type NameStrength = "always" | "perhaps";

const LONGEST_NAME = 128;

/** The name without separators; of a path its last part that says something. */
function plain(name: string): string {
  return name
    .slice(-LONGEST_NAME)
    .replace(/[^A-Za-z0-9]/g, "")
    .toLowerCase()
    .replace(/(?:confirmation|confirm|again|old|new|value|\d{1,3})$/, "");
}

/** Names are few, and asked for again and again; they are hostile input all the same. */
const NAMES_KEPT = 2000;
const known = new Map<string, NameStrength | null>();

/** Whether the value of a field with this name is a secret for sure, perhaps, or not. */
export function secretStrength(name: string): NameStrength | undefined {
  const told = known.get(name);
  if (told !== undefined) return told ?? undefined;
  const strength = strengthOf(name);
  if (known.size >= NAMES_KEPT) known.clear();
  known.set(name, strength ?? null);
  return strength;
}

function strengthOf(name: string): NameStrength | undefined {
  const word = plain(name);
  if (NEVER.test(word)) return undefined;
  if (ALWAYS.test(word) || WHOLE.test(word)) return "always";
  return PERHAPS.test(word) ? "perhaps" : undefined;
}

/** Whether the value of an attribute, a header or a field is a secret whatever it looks like: `authorization`. */
export function isSecretName(name: string): boolean {
  const dot = name.lastIndexOf(".");
  return secretStrength(name.slice(dot + 1)) === "always" || secretStrength(name) === "always";
}
