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

/** By hand: a replacer for the bigint costs three times as much, and every priced span has three lines. */
function lineJson(line: CostLine): string {
  const tier = line.tier === undefined ? "" : `,"tier":${JSON.stringify(line.tier)}`;
  return (
    `{"model":${JSON.stringify(line.model)},"bucket":"${line.bucket}","tokens":${line.tokens},` +
    `"nanosPerMillion":"${line.nanosPerMillion}","price":${JSON.stringify(line.price)},` +
    `"source":${JSON.stringify(line.source)}${tier}}`
  );
}
