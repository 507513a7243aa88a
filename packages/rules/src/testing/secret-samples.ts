import { passesLuhn, passesMod97 } from "../redact/checksum.ts";

/** Numbers that look random and are the same in every run (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  one<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)];
    if (chosen === undefined) throw new Error("Nothing to choose from.");
    return chosen;
  }

  /** So many characters of a set. */
  some(characters: string, length: number): string {
    return Array.from({ length }, () => characters[this.below(characters.length)]).join("");
  }

  digits(length: number): string {
    return this.some("0123456789", length);
  }
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ALNUM = `${LETTERS}0123456789`;
const HEX = "0123456789abcdef";

function card(dice: Dice): string {
  const [prefix, length] = dice.one([
    ["4", 16],
    ["52", 16],
    ["2305", 16],
    ["37", 15],
    ["6011", 16],
    ["3530", 16],
  ] as const);
  const body = prefix + dice.digits(length - prefix.length - 1);
  const check = [..."0123456789"].find((digit) => passesLuhn(body + digit)) ?? "";
  const number = body + check;
  const separator = dice.one(["", " ", "-"]);
  const groups = length === 15 ? /(\d{4})(\d{6})(\d{5})/ : /(\d{4})(\d{4})(\d{4})(\d{4})/;
  return (groups.exec(number) ?? []).slice(1).join(separator);
}

function iban(dice: Dice): string {
  const [country, body] = dice.one([
    ["DE", dice.digits(18)],
    ["GB", dice.some("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4) + dice.digits(14)],
    ["FR", dice.digits(23)],
    ["NL", dice.some("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4) + dice.digits(10)],
    ["NO", dice.digits(11)],
  ] as const);
  for (let check = 2; check < 99; check++) {
    const number = country + String(check).padStart(2, "0") + body;
    if (passesMod97(number)) return dice.one([number, number.replace(/(.{4})(?=.)/g, "$1 ")]);
  }
  throw new Error("No check digits.");
}

function ssn(dice: Dice): string {
  const area = String(1 + dice.below(665)).padStart(3, "0");
  const separator = dice.one(["-", "-", "."]);
  return [area, String(1 + dice.below(99)).padStart(2, "0"), String(1 + dice.below(9998)).padStart(4, "0")].join(
    separator,
  );
}

function phone(dice: Dice): string {
  const area = `${2 + dice.below(8)}${dice.one(["03", "12", "25", "47", "68"])}`;
  const exchange = `${2 + dice.below(8)}${dice.one(["02", "34", "55", "71", "98"])}`;
  const line = dice.digits(4);
  return dice.one([
    `(${area}) ${exchange}-${line}`,
    `${area}-${exchange}-${line}`,
    `${area}.${exchange}.${line}`,
    `+1 ${area} ${exchange} ${line}`,
    `+1${area}${exchange}${line}`,
    `1-${area}-${exchange}-${line}`,
    `+44 20 7${dice.digits(3)} ${dice.digits(4)}`,
    `+49 (0)30 ${dice.digits(4)} ${dice.digits(3)}`,
    `+33 6 ${dice.digits(2)} ${dice.digits(2)} ${dice.digits(2)} ${dice.digits(2)}`,
    `+91-9${dice.digits(9)}`,
    `+4791${dice.digits(6)}`,
  ]);
}

function apiKey(dice: Dice): string {
  return dice.one([
    `sk-proj-${dice.some(`${ALNUM}_-`, 110)}x7`,
    `sk-${dice.some(ALNUM, 48)}`,
    `sk-ant-api03-${dice.some(`${ALNUM}_-`, 93)}x7`,
    `AIza${dice.some(ALNUM, 35)}`,
    `AKIA${dice.some("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}`,
    `${dice.one(["ghp", "gho", "ghs"])}_${dice.some(ALNUM, 36)}`,
    `github_pat_${dice.some(ALNUM, 22)}_${dice.some(ALNUM, 59)}`,
    `glpat-${dice.some(ALNUM, 19)}4`,
    `xoxb-${dice.digits(12)}-${dice.digits(12)}-${dice.some(ALNUM, 24)}`,
    `${dice.one(["sk", "rk"])}_${dice.one(["live", "test"])}_${dice.some(ALNUM, 24)}`,
    `SK${dice.some(HEX, 32)}`,
    `SG.${dice.some(ALNUM, 22)}.${dice.some(ALNUM, 43)}`,
    `npm_${dice.some(ALNUM, 36)}`,
    `pypi-AgEIcHlwaS5vcmc${dice.some(ALNUM, 60)}`,
    `hf_${dice.some(LETTERS, 34)}`,
    `gsk_${dice.some(ALNUM, 52)}`,
    `dop_v1_${dice.some(HEX, 64)}`,
    `dapi${dice.some(HEX, 32)}`,
    `shpat_${dice.some(HEX, 32)}`,
    `lin_api_${dice.some(ALNUM, 40)}`,
    `PMAK-${dice.some(HEX, 24)}-${dice.some(HEX, 34)}`,
    `hvs.${dice.some(ALNUM, 90)}`,
    `${dice.digits(9)}1:AA${dice.some(ALNUM, 33)}`,
    `${dice.one(["cfut", "cfat", "cfk"])}_${dice.some(ALNUM, 40)}${dice.some(HEX, 8)}`,
    `SSWS 00${dice.some(`${ALNUM}_-`, 39)}7`,
    `fm1r_${dice.some(ALNUM, 120)}`,
    `nfc_${dice.some(ALNUM, 39)}4`,
    `ddp_${dice.some(ALNUM, 36)}`,
    `mdb_sa_sk_${dice.some(ALNUM, 39)}4`,
    `4b1d${dice.some(ALNUM, 38)}`,
    `API-${dice.some("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 24)}7X`,
    `ico-${dice.some(ALNUM, 30)}4b`,
    `pat.${dice.some(ALNUM, 22)}.${dice.some(ALNUM, 24)}.${dice.some(ALNUM, 20)}`,
    `${dice.some(ALNUM, 6)}_${dice.some(ALNUM, 29)}_mmk`,
    `sm_pat_${dice.some(ALNUM, 16)}`,
    `sc_${dice.some(ALNUM, 12)}.${dice.some(ALNUM, 4)}.acc_${dice.some(ALNUM, 16)}.${dice.some(ALNUM, 60)}`,
  ]);
}

/** Makers of secrets by the kind that they are to be found as. */
export const SECRETS: ReadonlyMap<string, (dice: Dice) => string> = new Map([
  ["credit-card", card],
  ["iban", iban],
  ["us-ssn", ssn],
  ["phone", phone],
  ["api-key", apiKey],
  [
    "email",
    (dice) =>
      `${dice.some("abcdefghijk.m", 1)}${dice.some(`${LETTERS.toLowerCase()}_`, 7)}${dice.one(["+tag", "", ".x"])}@${dice.some("abcdefgh", 6)}.${dice.one(["com", "co.uk", "dev", "org"])}`.replace(
        /^\./,
        "a",
      ),
  ],
  [
    "ip-address",
    (dice) =>
      dice.one([
        `${dice.one([8, 52, 203])}.${dice.below(256)}.${dice.below(256)}.${1 + dice.below(254)}`,
        `2001:db8:${dice.some(HEX, 4)}::${dice.some(HEX, 3)}`,
      ]),
  ],
  [
    "private-ip-address",
    (dice) =>
      dice.one([
        `10.${dice.below(256)}.${dice.below(256)}.${1 + dice.below(254)}`,
        `172.${16 + dice.below(16)}.${dice.below(256)}.${1 + dice.below(254)}`,
        `192.168.${dice.below(256)}.${1 + dice.below(254)}`,
        `169.254.${dice.below(256)}.${1 + dice.below(254)}`,
        `fd${dice.some(HEX, 2)}:${dice.some(HEX, 4)}:${dice.some(HEX, 4)}::${dice.some(HEX, 3)}`,
        `fe80::${dice.some(HEX, 4)}:${dice.some(HEX, 3)}`,
      ]),
  ],
  [
    "mac-address",
    (dice) =>
      Array.from({ length: 6 }, (_, index) => (index === 0 ? "3c" : dice.some(HEX, 2))).join(dice.one([":", "-"])),
  ],
  [
    "jwt",
    (dice) =>
      `${btoa('{"alg":"HS256","typ":"JWT"}')}.${btoa(`{"sub":"${dice.digits(10)}"}`).replaceAll("=", "")}.${dice.some(ALNUM, 43)}`,
  ],
  [
    "private-key",
    (dice) =>
      `-----BEGIN PRIVATE KEY-----\n${dice.some(ALNUM, 64)}\n${dice.some(ALNUM, 64)}\n-----END PRIVATE KEY-----`,
  ],
  ["url-credentials", (dice) => `https://deploy:${dice.some(ALNUM, 14)}7@git.example.com/x`],
  ["connection-string", (dice) => `postgresql://app:${dice.some(ALNUM, 14)}7@db.example.com:5432/main`],
]);

/** What looks like secrets and is none. */
export const LOOK_ALIKES: readonly ((dice: Dice) => string)[] = [
  (dice) => `order number ${dice.one(["4", "5", "6"])}${dice.digits(15)}`,
  (dice) => [8, 4, 4, 4, 12].map((length) => dice.some(HEX, length)).join("-"),
  (dice) => `commit ${dice.some(HEX, 40)}`,
  (dice) => `sha256:${dice.some(HEX, 64)}`,
  (dice) =>
    `2026-1${dice.below(3)}-${10 + dice.below(18)}T1${dice.below(10)}:${10 + dice.below(49)}:${10 + dice.below(49)}.${dice.digits(3)}Z`,
  (dice) => `${17}${dice.digits(11)}`,
  (dice) => `version ${dice.below(20)}.${dice.below(20)}.${dice.below(20)}.${dice.below(20)}`,
  (dice) => `Chrome/1${dice.digits(2)}.0.${dice.digits(4)}.${dice.digits(2)}`,
  (dice) => `[0.${dice.digits(8)}, -0.${dice.digits(9)}, 0.${dice.digits(10)}]`,
  (dice) => `ISBN 978-3-${dice.digits(2)}-${dice.digits(6)}-${dice.below(10)}`,
  (dice) => `1Z${dice.some("ABCDEFGHJK0123456789", 16)}`,
  (dice) => `data:image/png;base64,iVBORw0KGgo${dice.some(`${ALNUM}+/`, 300)}`,
  (dice) => `chatcmpl-${dice.some(ALNUM, 29)}`,
  (dice) => `call_${dice.some(ALNUM, 24)}`,
  (dice) => `1990-${dice.digits(4)} pages ${dice.digits(3)}-${dice.digits(3)}`,
  (dice) => `lat 40.${dice.digits(6)}, lon -74.${dice.digits(6)}`,
  (dice) => `pkg@${dice.below(9)}.${dice.below(20)}.${dice.below(9)} icon@2x.png`,
  () => "git@github.com:owner/repository.git",
  () => "sk-learn-pipeline-documentation-for-beginners",
  () => "the password: see the handbook, and a token: one word",
  () => '{"max_tokens": 4096, "token_type": "none", "next_page_token": "abc"}',
  () => "const password = readPassword(); secret = process.env.SECRET",
  (dice) => `std::vector<int> a${dice.below(9)}::b; 10:${10 + dice.below(49)}:${10 + dice.below(49)}`,
  (dice) => `PO-${dice.digits(3)}-${dice.digits(3)}-${dice.digits(4)}`,
  (dice) => `000-${dice.digits(2)}-${dice.digits(4)} and 666-${dice.digits(2)}-${dice.digits(4)}`,
  (dice) => `$${1 + dice.below(9)},${dice.digits(3)},${dice.digits(3)}.00 of ${dice.digits(6)} rows`,
];

/** Texts to put them in: prose, JSON, Markdown, logs, code, an address, other scripts. */
export const SURROUNDINGS: readonly ((text: string) => string)[] = [
  (text) => `Please look at ${text}, and tell me what you think.`,
  (text) => JSON.stringify({ role: "user", content: `It is:\n${text}\nThanks` }),
  (text) => JSON.stringify({ arguments: JSON.stringify({ note: `see "${text}"`, more: [1, 2.5, null] }) }),
  (text) => `- **note**: \`${text}\`\n- next`,
  (text) => `2026-11-25T10:00:00Z INFO app.worker value=${text} took=12ms`,
  (text) => `const it = "${text}";`,
  (text) => `请看 ${text} 。谢谢`,
  (text) => `„${text}“ – schön`,
  (text) => text,
];
