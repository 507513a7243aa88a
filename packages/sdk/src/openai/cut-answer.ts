import { lastObject } from "../json/last-object.ts";
import { type JsonRecord, parseJson, recordOf } from "../json/read-json.ts";

/** Where the fields before the content of an answer stand. */
const HEAD = 4096;

/**
 * An answer as an object. When megabytes of vectors or pictures made it too large to keep whole, what
 * stands before and behind them: id, model and usage. Undefined when it is no answer at all.
 */
export function wholeOrCut(body: string): JsonRecord | undefined {
  const whole = recordOf(parseJson(body));
  if (whole !== undefined) return whole;
  const usage = lastObject(body, "usage");
  if (usage === undefined || !body.trimStart().startsWith("{")) return undefined;
  const told = ["id", "object", "model", "status"].map((name): readonly [string, unknown] => [
    name,
    textIn(body, name),
  ]);
  return Object.fromEntries([...told.filter(([, text]) => text !== undefined), ["usage", usage]]);
}

function textIn(body: string, name: string): string | undefined {
  const field = new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,200})"`);
  return (field.exec(body.slice(0, HEAD)) ?? field.exec(body.slice(-HEAD)))?.[1];
}
