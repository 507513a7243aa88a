import type { AttributeValue, Json } from "@telltale/model";
import { jsonText } from "../dialect/json-of.ts";
import { MAX_ATTRIBUTES, MAX_KEY_BYTES } from "../otlp/limits.ts";

/** The attributes of a record in the making: what was not told is not there. */
export class ToldAttributes extends Map<string, AttributeValue> {
  /** A text with something in it. */
  text(key: string, value: Json | undefined): this {
    if (typeof value === "string" && value !== "") this.#put(key, value.toWellFormed());
    return this;
  }

  /** A text, number or boolean as it is, anything else as the JSON of it; null and nothing are not told. */
  value(key: string, value: Json | undefined): this {
    if (value === undefined || value === null) return this;
    if (typeof value === "string") return this.text(key, value);
    if (typeof value === "number" || typeof value === "boolean") return this.#put(key, value);
    const text = jsonText(value);
    return text === undefined ? this : this.#put(key, text.toWellFormed());
  }

  /** Like {@link value}, without `{}` and `[]`. */
  filled(key: string, value: Json | undefined): this {
    const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
    return isEmpty ? this : this.value(key, value);
  }

  /** Each member of an object, its key behind `prefix`. */
  each(prefix: string, members: Json | undefined, except?: ReadonlySet<string>): this {
    if (typeof members !== "object" || members === null || Array.isArray(members)) return this;
    for (const [key, value] of Object.entries(members)) if (!except?.has(key)) this.value(prefix + key, value);
    return this;
  }

  /** The texts of a list, if there are any. */
  texts(key: string, list: Json | undefined): this {
    if (!Array.isArray(list)) return this;
    const texts = list.filter((item): item is string => typeof item === "string" && item !== "");
    return texts.length === 0
      ? this
      : this.#put(
          key,
          texts.map((text) => text.toWellFormed()),
        );
  }

  #put(key: string, value: AttributeValue): this {
    if (this.size < MAX_ATTRIBUTES) this.set(key.toWellFormed().slice(0, MAX_KEY_BYTES / 3), value);
    return this;
  }
}
