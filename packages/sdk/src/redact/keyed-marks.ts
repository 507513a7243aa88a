import type * as Crypto from "node:crypto";

/** How the rules are given a keyed hash and a cipher. */
interface KeyedMarks {
  readonly hash: (secret: string) => string;
  readonly seal: (secret: string) => string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
/** 64 bits: two of a million secrets share a mark once in 37 million sets of secrets. */
const HASH_BYTES = 8;
const SEALED = /\[[a-z][a-z0-9-]{0,40}~([\w-]{38,8000})\]/g;

function sealKey({ createHmac }: typeof Crypto, key: string): Buffer {
  return createHmac("sha256", key).update("telltale: seal").digest();
}

/**
 * Marks under a key: HMAC-SHA-256 for those that can be joined, AES-256-GCM for those that whoever has the key can
 * read again ({@link revealRedacted}).
 */
export async function keyedMarks(key: string): Promise<KeyedMarks> {
  const crypto = await import("node:crypto");
  const secret = sealKey(crypto, key);
  return {
    // Letters only: digits would look like a number to whoever looks for numbers.
    hash: (text) =>
      crypto
        .createHmac("sha256", key)
        .update(text)
        .digest()
        .subarray(0, HASH_BYTES)
        .toString("hex")
        .replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))),
    seal: (text) => {
      const iv = crypto.randomBytes(IV_BYTES);
      const cipher = crypto.createCipheriv("aes-256-gcm", secret, iv);
      const sealed = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([sealed, cipher.getAuthTag()]).toString("base64url");
    },
  };
}

/**
 * Puts back what redaction in the mode `seal` took out of a text, with the key that it was set up with. Marks of
 * another key, or changed ones, stay as they are.
 */
export async function revealRedacted(text: string, key: string): Promise<string> {
  const crypto = await import("node:crypto");
  const secret = sealKey(crypto, key);
  return text.replaceAll(SEALED, (mark, sealed: string) => {
    try {
      const bytes = Buffer.from(sealed, "base64url");
      const decipher = crypto.createDecipheriv("aes-256-gcm", secret, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
    } catch {
      return mark;
    }
  });
}
