import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findWith } from "../testing/find-with.ts";
import { creditCard } from "./credit-card.ts";

const found = findWith(creditCard);

/** Numbers that payment processors publish for tests. */
const CARDS = [
  "4111111111111111",
  "4222222222222",
  "5555555555554444",
  "2223003122003222",
  "378282246310005",
  "6011111111111117",
  "30569309025904",
  "3530111333300000",
  "6200000000000005",
];

/** A number of an issuer with the digit that Luhn asks for at its end. */
const card = fc
  .tuple(fc.constantFrom("4", "51", "55", "2221", "6011", "65", "3528", "62"), fc.constant(16))
  .chain(([issuer, length]) =>
    fc
      .array(fc.integer({ min: 0, max: 9 }), {
        minLength: length - issuer.length - 1,
        maxLength: length - issuer.length - 1,
      })
      .map((digits) => withCheckDigit(issuer + digits.join(""))),
  );

function withCheckDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, character, index) => {
    const digit = Number(character) * (index % 2 === 0 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return body + String((10 - (sum % 10)) % 10);
}

describe("creditCard", () => {
  test.each(CARDS)("finds %s alone, in a sentence and in JSON", (number) => {
    expect(found(number)).toEqual([number]);
    expect(found(`My card is ${number}, please hurry.`)).toEqual([number]);
    expect(found(JSON.stringify({ text: `pay\n${number}\nnow` }))).toEqual([number]);
  });

  test("finds a number however it is grouped", () => {
    expect(found("4111 1111 1111 1111")).toEqual(["4111 1111 1111 1111"]);
    expect(found("4111-1111-1111-1111")).toEqual(["4111-1111-1111-1111"]);
    expect(found("3782 822463 10005")).toEqual(["3782 822463 10005"]);
  });

  test("finds a number behind another one that is none", () => {
    expect(found("order 12 4111 1111 1111 1111")).toEqual(["4111 1111 1111 1111"]);
  });

  test("finds every number of a list", () => {
    expect(found(CARDS.join("\n"))).toEqual(CARDS);
    expect(found("4111111111111111 5555555555554444")).toEqual(["4111111111111111", "5555555555554444"]);
  });

  test.each([
    ["a wrong checksum", "4111111111111112"],
    ["no issuer", "9111111111111111"],
    ["a trace id", "0af7651916cd43dd8448eb211c80319c"],
    ["a nanosecond time", "1764000000123456789"],
    ["a part of a word", "id_4111111111111111_x"],
    ["a part of a longer number", "94111111111111111111111"],
    ["two blanks within", "4111  1111  1111  1111"],
  ])("leaves alone what has %s", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  test("finds any valid number between words", () => {
    fc.assert(
      fc.property(
        card,
        fc.constantFrom("", " ", "card: ", "„"),
        fc.constantFrom("", ".", " ok", "\n"),
        (number, before, after) => {
          const text = before + number + after;
          expect(found(text)).toEqual([number]);
        },
      ),
    );
  });
});
