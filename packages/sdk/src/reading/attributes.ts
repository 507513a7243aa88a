import type { AttributeMap } from "../attribute-value.ts";
import { numberField, textField } from "../json/read-json.ts";

/** Copies a text field when there is one. */
export function copyText(to: AttributeMap, name: string, from: unknown, key: string): void {
  const text = textField(from, key);
  if (text !== undefined) to.set(name, text);
}

/** Copies a whole number when there is one. */
export function copyInteger(to: AttributeMap, name: string, from: unknown, key: string): void {
  const number = numberField(from, key);
  if (number !== undefined && Number.isSafeInteger(number)) to.set(name, number);
}

/** Copies a number that the conventions declare a double, so that 1 stays 1.0. */
export function copyDouble(to: AttributeMap, name: string, from: unknown, key: string): void {
  const double = numberField(from, key);
  if (double !== undefined) to.set(name, { double });
}

/** Sets the texts that end an answer, of a list where a program may have put anything. */
export function setStops(to: AttributeMap, stops: readonly unknown[]): void {
  const texts = stops.filter((text) => typeof text === "string");
  if (texts.length > 0) to.set("gen_ai.request.stop_sequences", texts);
}
