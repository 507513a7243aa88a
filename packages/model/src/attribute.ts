/**
 * A typed OTLP attribute value. Whole numbers outside ±2⁵³ are bigint; kvlist is a Map, never
 * a plain object, because keys are hostile (`__proto__`).
 */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>;

/** Attributes by their full key, in the order the sender wrote them. */
export type Attributes = ReadonlyMap<string, AttributeValue>;
