/**
 * A value as it waits for the exporter. A Buffer is text in UTF-8, kept outside the JavaScript
 * heap; `{ double }` is a number that stays a double even when it is whole.
 */
export type AttributeValue = string | number | boolean | Buffer | readonly string[] | { readonly double: number };

/** Attributes in the order they were set. */
export type AttributeMap = Map<string, AttributeValue>;
