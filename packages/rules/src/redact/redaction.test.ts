import { describe, expect, test } from "vitest";
import type { Redactor } from "../redactor.ts";
import { linearPattern } from "./linear-pattern.ts";
import { createRedaction, type RedactionOptions, UNREADABLE_MARK } from "./redaction.ts";

const redacted = (text: string, options: RedactionOptions = {}): string => createRedaction(options).redact(text).text;
const CARD = "4111 1111 1111 1111";
const KEYED = { hash: (text: string) => `h${text.length}`, seal: () => "sealed" };

const failing: Redactor = {
  name: "failing",
  summary: "nothing",
  source: "this test",
  standard: true,
  anchors: [{ literal: "!" }],
  at: () => {
    throw new Error("a bug");
  },
};

describe("modes", () => {
  test("put a label, a joinable hash, the last four characters or a sealed text in the secret's place", () => {
    expect(redacted(`pay ${CARD} now`)).toBe("pay [credit-card] now");
    const hashed = redacted(`${CARD} or 4111-1111-1111-1111`, { mode: "hash", keyed: KEYED });
    expect(hashed).toBe("[credit-card:h16] or [credit-card:h16]");
    expect(redacted(CARD, { mode: "partial" })).toBe("[credit-card:…1111]");
    expect(redacted(CARD, { kinds: { "credit-card": "seal" }, keyed: KEYED })).toBe("[credit-card~sealed]");
    expect(redacted(`pay ${CARD} now`, { mode: "drop" })).toBe("[credit-card]");
  });

  test("that need a key are labels without one", () => {
    expect(redacted(CARD, { mode: "hash" })).toBe("[credit-card]");
    expect(redacted(CARD, { mode: "seal" })).toBe("[credit-card]");
  });

  test("switch kinds on and off; an unknown kind is an error", () => {
    expect(redacted(CARD, { kinds: { "credit-card": false } })).toBe(CARD);
    expect(redacted("Passport no. X1234567")).toBe("Passport no. X1234567");
    expect(redacted("Passport no. X1234567", { kinds: { passport: true } })).toBe("Passport no. [passport]");
    expect(() => createRedaction({ kinds: { "credit-cart": true } })).toThrow("credit-cart");
  });
});

describe("JSON", () => {
  test.each([
    [{ password: "hunter2" }, { password: "[secret-value]" }],
    [{ a: JSON.stringify({ b: JSON.stringify({ apiKey: 'with " and \\' }) }) }, undefined],
    [
      { authorization: ["Bearer x"], pin: 1234, ok: null },
      { authorization: "[secret-value]", pin: "[secret-value]", ok: null },
    ],
    [[["cookie", "a=b"]], [["cookie", "[secret-value]"]]],
    [{ headers: [{ name: "x-api-key", value: "y" }] }, { headers: [{ name: "x-api-key", value: "[secret-value]" }] }],
    [
      { max_tokens: 10, token: " the", properties: { password: { type: "string" } } },
      { max_tokens: 10, token: " the", properties: { password: { type: "string" } } },
    ],
  ])("%j stays JSON, without what stands under names that say secret", (value, expected) => {
    const text = redacted(JSON.stringify(value));
    const parsed: unknown = JSON.parse(text);
    if (expected !== undefined) expect(parsed).toEqual(expected);
    expect(text).not.toMatch(/hunter2|with |Bearer|1234|a=b/);
  });

  test("is understood with escapes of what could have been written plainly", () => {
    expect(redacted(String.raw`{"a":"ada\u0040example.com","b":"https:\/\/u:pa55w0rd@h.example\/"}`)).toBe(
      String.raw`{"a":"[email]","b":"https:\/\/[url-credentials]\/"}`,
    );
  });

  test("with keys of prototypes touches no prototype", () => {
    const text = '{"__proto__":{"password":"x"},"constructor":{"prototype":{"token":"y"}},"hasOwnProperty":1}';
    expect(redacted(text)).toBe(text.replace('"x"', '"[secret-value]"'));
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

test("finds what is encoded when asked, and only then", () => {
  const base64 = Buffer.from(`mail ada@example.com`).toString("base64");
  expect(redacted(`x ${base64} y`)).toContain(base64);
  expect(redacted(`x ${base64} y`, { decode: { base64: true } })).toBe("x [email] y");
  expect(redacted("to=ada%40example.com&x=1", { decode: { url: true } })).toBe("to=[email]&x=1");
});

test("leaves what the allow-list has", () => {
  expect(redacted("ada@example.com bob@example.com", { allow: ["ada@example.com"] })).toBe("ada@example.com [email]");
  expect(redacted("ada@example.com eve@other.net", { allow: [/[a-z]+@example\.com/] })).toBe("ada@example.com [email]");
});

describe("failing closed", () => {
  test("replaces the whole text when a rule throws, takes too long, or the text is too long", () => {
    const throwing = createRedaction({ redactors: [failing] });
    expect(throwing.redact("fine")).toMatchObject({ text: "fine" });
    expect(throwing.redact("secret!")).toMatchObject({ text: UNREADABLE_MARK, failure: "error" });
    let clock = 0;
    const slow = createRedaction({ now: () => (clock += 1100), custom: [{ name: "mine", pattern: "zz" }] });
    expect(slow.redact("secret")).toMatchObject({ text: UNREADABLE_MARK, failure: "time" });
    expect(createRedaction({ maxLength: 5 }).redact("secret")).toMatchObject({ failure: "length" });
  });

  test("rests between pieces of a long text and finds what lies across them", async () => {
    const text = `${"All is well. ".repeat(60_000).slice(0, 262_139)} ${CARD}${" and so on".repeat(30_000)}`;
    let rests = 0;
    const { text: result, counts } = await createRedaction().redactSlowly(text, async () => void rests++);
    expect(rests).toBeGreaterThan(1);
    expect(counts.get("credit-card")).toBe(1);
    expect(result).not.toContain("1111");
  });
});

describe("rules of one's own", () => {
  test("find what they are made for", () => {
    const custom = [{ name: "employee", pattern: /\bEMP-(\d{6,8})\b/, group: 1 }];
    expect(redacted("by EMP-123456.", { custom })).toBe("by EMP-[employee].");
  });

  test.each([/(a+)+b/, /(a|a)*b/, /.*.*x/, /^(\w+\s?)*$/, /(x+x+)+y/, /a(?=b)/, /(a)\1/, /(?:a|ab){2,}c/])(
    "are refused where they could take more than linear time: %s",
    (pattern) => expect(() => linearPattern(pattern)).toThrow("could take too long"),
  );

  test.each([/EMP-\d{6}/, /[A-Z]+-\d+/, /"[^"]*"/, /(?:ab|cd)+!/, /\bACME[0-9A-F]{8,12}\b/i, /order #\d+$/])(
    "are taken where they cannot: %s",
    (pattern) => expect(linearPattern(pattern).flags).toBe(pattern.flags),
  );
});
