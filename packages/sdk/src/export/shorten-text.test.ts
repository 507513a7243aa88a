import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shortenText } from "./shorten-text.ts";

const text = fc.string({ unit: "binary", maxLength: 400 }).map((value) => value.toWellFormed());
const json = fc.json({ stringUnit: "binary", noUnicodeString: false }).filter((value) => value.length > 2);

describe("shortening", () => {
  it("never gives more than asked for, nor broken characters", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 500 }), (value, most) => {
        const shortened = shortenText(Buffer.from(value), most);
        expect(shortened.length).toBeLessThanOrEqual(most);
        expect(shortened.toString("utf8")).not.toContain(value.includes("\ufffd") ? "\0\0\0" : "\ufffd");
        if (Buffer.byteLength(value) <= most) expect(shortened.toString("utf8")).toBe(value);
      }),
    );
  });

  it("keeps JSON whole where long strings are what makes it long", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary", minLength: 2000, maxLength: 3000 }), { maxLength: 4 }),
        (texts) => {
          const value = JSON.stringify([{ role: "user", parts: texts.map((content) => ({ type: "text", content })) }]);
          const shortened = shortenText(Buffer.from(value), 2500);
          expect(shortened.length).toBeLessThanOrEqual(2500);
          const [message] = JSON.parse(shortened.toString("utf8")) as { role: string; parts: { content: string }[] }[];
          expect(message?.role).toBe("user");
          message?.parts.forEach(({ content }, index) => {
            const [kept = ""] = content.split("…[");
            expect((texts[index] ?? "").toWellFormed().startsWith(kept.toWellFormed())).toBe(true);
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it("says how much is gone", () => {
    const shortened = shortenText(Buffer.from("x".repeat(1000)), 100).toString("utf8");
    expect(shortened).toMatch(/^x+…\[\d+ bytes left out\]$/);
    expect(Number(/\d+/.exec(shortened)?.[0]) + shortened.indexOf("…")).toBe(1000);
  });

  it("takes broken JSON and JSON of many small things for text", () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 1, max: 60 }), (value, most) => {
        expect(shortenText(Buffer.from(value.slice(0, -1)), most).length).toBeLessThanOrEqual(most);
      }),
    );
  });
});
