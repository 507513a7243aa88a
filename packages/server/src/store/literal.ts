import { type Parameter, StoreError } from "../store.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  "\0": "\\0",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Text as a ClickHouse string literal. Unpaired surrogates become U+FFFD, as in every UTF-8 encoder. */
export function textLiteral(value: string): string {
  return `'${value.replaceAll(/[\\'\0\b\f\n\r\t]/g, (character) => ESCAPES[character]!)}'`;
}

/** A parameter as the literal of its `{name:Type}` place. Throws `bad-query` when it does not fit. */
export function literal(value: Parameter, type: string, name: string): string {
  if (type === "String" && typeof value === "string") return textLiteral(value);
  if (type === "Identifier") return identifier(value, name);
  if (/^U?Int(?:8|16|32)$/.test(type)) return integer(value, name);
  return `CAST(${plain(value)}, ${textLiteral(type)})`;
}

function identifier(value: Parameter, name: string): string {
  if (typeof value !== "string" || !/^\w+(?:\.\w+)?$/.test(value)) {
    throw new StoreError("bad-query", `The parameter ${name} must be the name of a table or column.`);
  }
  return value.replaceAll(/\w+/g, "`$&`");
}

function integer(value: Parameter, name: string): string {
  const text = typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? String(value) : "";
  if (!/^-?\d{1,10}$/.test(text)) throw new StoreError("bad-query", `The parameter ${name} must be an integer.`);
  return text;
}

/** Numbers go as text inside CAST: 64-bit integers and decimals keep every digit. */
function plain(value: Parameter): string {
  if (value === null) return "NULL";
  switch (typeof value) {
    case "string":
      return textLiteral(value);
    case "bigint":
    case "number":
      return `'${value === Infinity ? "inf" : value === -Infinity ? "-inf" : value}'`;
    case "boolean":
      return String(value);
    default:
      return `[${(value as readonly Parameter[]).map((item) => plain(item)).join(", ")}]`;
  }
}
