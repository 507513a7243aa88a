/** A question for the nearest rows, as far as its SQL and its parameters say. */
export interface VectorQuery {
  readonly sql: string;
  readonly table: string | undefined;
  readonly limit: number | undefined;
  /** Of pgvector: `<->`, `<#>`, `<=>`, `<+>`, `<~>`, `<%>`. */
  readonly operator: string;
}

/** Value of a parameter; undefined where it is null or no text. */
export type Parameters = readonly (string | undefined)[];

const OPERATOR = /<->|<#>|<=>|<\+>|<~>|<%>/;
/** Also the distance of shapes, of texts and of words in a search: what stands beside it has to be a vector. */
const SHARED_OPERATORS = new Set(["<->", "<%>", "<~>"]);
/** `'[0.1,…]'`, `{1:0.5}/3`: a vector as it is written. */
const VECTOR = /^\s*(?:\[\s*-?\d|\{\d+:)/;
const CAST = /::\s*(?:vector|halfvec|sparsevec)\b|\b(?:to_|as\s+)(?:vector|halfvec|sparsevec)\b/i;
const QUESTION = /^\s*(?:--[^\n]*\n\s*)*\(*\s*(?:select|with)\b/i;
const TABLE = /\bfrom\s+(?:only\s+)?((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)/i;
const LIMIT = /\b(?:limit|fetch\s+(?:first|next))\s+(?:\$(\d+)|(\d+))/i;
/** Longer SQL is a program's own data, not a question. */
const LONGEST_SQL = 256 * 1024;

/** Whether a look at it is worth while: cheap, for every statement that a program sends. */
export function mayBeVectorQuery(sql: Buffer): boolean {
  return sql.length <= LONGEST_SQL && sql.includes("<") && OPERATOR.test(sql.toString("latin1"));
}

/** The question for the nearest rows in a statement; undefined when it is another. */
export function vectorQueryOf(sql: string, parameters: Parameters): VectorQuery | undefined {
  if (!QUESTION.test(sql)) return undefined;
  const { code, texts } = withoutTexts(sql);
  const operator = OPERATOR.exec(code)?.[0];
  if (operator === undefined) return undefined;
  const isOfVectors =
    [...texts, ...parameters].some((text) => text !== undefined && VECTOR.test(text)) || CAST.test(code);
  if (SHARED_OPERATORS.has(operator) && !isOfVectors) return undefined;
  const [, parameter, number] = LIMIT.exec(code) ?? [];
  const limit = Number(parameter === undefined ? number : parameters[Number(parameter) - 1]);
  return {
    sql,
    operator,
    table: TABLE.exec(code)?.[1]?.replaceAll('"', ""),
    limit: Number.isSafeInteger(limit) ? limit : undefined,
  };
}

/** The SQL with its vectors told by their length. */
export function withoutVectors(sql: string): string {
  return sql.replaceAll(/'\s*\[([^'\]]*)\]\s*'/g, (whole, list: string) =>
    /^[-+0-9.,eE\s]+$/.test(list) ? `'[${list.split(",").length} numbers]'` : whole,
  );
}

/** Divides SQL into what is code and the texts in it; comments are neither. */
function withoutTexts(sql: string): { readonly code: string; readonly texts: readonly string[] } {
  const texts: string[] = [];
  const code = sql.replaceAll(
    /'((?:[^']|'')*)'|--[^\n]*|\/\*[^]*?\*\/|\$([A-Za-z_]*)\$[^]*?\$\2\$/g,
    (_, text?: string) => {
      if (text !== undefined) texts.push(text);
      return " '' ";
    },
  );
  return { code, texts };
}
