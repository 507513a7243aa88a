import type { Cost, CostLine } from "@telltale/model";

/** A cost as the JSON text of the `cost` column: bigint as decimal text, the rest as it is. */
export function costJson(cost: Cost): string {
  const { nanos, currency, lines, reason, reported } = cost;
  let text = nanos === undefined ? "{" : `{"nanos":"${nanos}",`;
  text += `"currency":${JSON.stringify(currency)},"lines":[${lines.map(lineJson).join(",")}]`;
  if (reason !== undefined) text += `,"reason":"${reason}"`;
  if (reported) text += `,"reported":{"nanos":"${reported.nanos}","source":${JSON.stringify(reported.source)}}`;
  return text + "}";
}

/** Names of models, prices and sources recur in every span; bounded, since a model's name is hostile input. */
const QUOTED_KEPT = 5000;
const quotedNames = new Map<string, string>();

function quoted(name: string): string {
  let text = quotedNames.get(name);
  if (text === undefined) {
    text = JSON.stringify(name);
    if (quotedNames.size < QUOTED_KEPT) quotedNames.set(name, text);
  }
  return text;
}

/** By hand: a replacer for the bigint costs three times as much, and every priced span has three lines. */
function lineJson(line: CostLine): string {
  const tier = line.tier === undefined ? "" : `,"tier":${quoted(line.tier)}`;
  return (
    `{"model":${quoted(line.model)},"bucket":"${line.bucket}","tokens":${line.tokens},` +
    `"nanosPerMillion":"${line.nanosPerMillion}","price":${quoted(line.price)},` +
    `"source":${quoted(line.source)}${tier}}`
  );
}

/** A cost from that text; `undefined` for an empty one. */
export function costFromJson(text: string): Cost | undefined {
  if (text === "") return undefined;
  return JSON.parse(text, (key, value: unknown) =>
    (key === "nanos" || key === "nanosPerMillion") && typeof value === "string" ? BigInt(value) : value,
  ) as Cost;
}
