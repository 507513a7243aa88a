import { field, listField, numberField, type JsonRecord, recordOf, textField } from "./read-json.ts";

const DEEPEST = 64;

/**
 * The first way in which a value breaks a JSON schema, in words, or undefined. Knows the
 * keywords that providers allow in structured output: type, enum, const, properties, required,
 * additionalProperties, items, anyOf, oneOf, allOf, $ref into the document, lengths and bounds. An
 * unknown keyword is no problem: this tells a broken answer, it does not prove a right one.
 */
export function schemaProblem(value: unknown, schema: unknown): string | undefined {
  return check(value, schema, { root: schema, path: "$", depth: 0 });
}

interface Place {
  readonly root: unknown;
  readonly path: string;
  readonly depth: number;
}

type Check = (value: unknown, schema: JsonRecord, place: Place) => string | undefined;

function check(value: unknown, schema: unknown, place: Place): string | undefined {
  if (schema === false) return `${place.path} is not allowed`;
  const rules = recordOf(schema);
  if (rules === undefined || place.depth > DEEPEST) return undefined;
  for (const each of CHECKS) {
    const problem = each(value, rules, place);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function hasType(value: unknown, type: unknown): boolean {
  if (type === "integer") return Number.isInteger(value);
  return typeName(value) === type;
}

const checkReference: Check = (value, schema, place) => {
  const reference = textField(schema, "$ref");
  if (reference === undefined || !reference.startsWith("#")) return undefined;
  let target = place.root;
  for (const step of reference.split("/").slice(1))
    target = field(target, step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return check(value, target, { ...place, depth: place.depth + 1 });
};

const checkType: Check = (value, schema, { path }) => {
  const type = field(schema, "type");
  if (type === undefined) return undefined;
  const allowed: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (allowed.some((name) => hasType(value, name))) return undefined;
  return `${path} should be ${allowed.join(" or ")}, is ${typeName(value)}`;
};

const checkChoice: Check = (value, schema, { path }) => {
  const choices = field(schema, "enum");
  const constant = field(schema, "const");
  const allowed = Array.isArray(choices)
    ? (choices as readonly unknown[])
    : constant === undefined
      ? undefined
      : [constant];
  if (allowed === undefined) return undefined;
  const text = JSON.stringify(value);
  return allowed.some((choice) => JSON.stringify(choice) === text)
    ? undefined
    : `${path} is none of the allowed values`;
};

const checkObject: Check = (value, schema, place) => {
  const record = recordOf(value);
  if (record === undefined) return undefined;
  for (const name of listField(schema, "required")) {
    if (typeof name === "string" && !Object.hasOwn(record, name)) return `${place.path}.${name} is missing`;
  }
  const properties = recordOf(field(schema, "properties"));
  const others = field(schema, "additionalProperties");
  for (const [name, item] of Object.entries(record)) {
    const known = properties !== undefined && Object.hasOwn(properties, name);
    const problem = check(item, known ? properties[name] : others, below(place, `.${name}`));
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const checkList: Check = (value, schema, place) => {
  if (!Array.isArray(value)) return undefined;
  const items = field(schema, "items");
  const bounds = boundProblem(
    value.length,
    schema,
    ["minItems", "maxItems"],
    `${place.path} has ${value.length} items`,
  );
  if (bounds !== undefined) return bounds;
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const problem = check(item, items, below(place, `[${index}]`));
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const checkBounds: Check = (value, schema, { path }) => {
  if (typeof value === "number") return boundProblem(value, schema, ["minimum", "maximum"], `${path} is ${value}`);
  if (typeof value !== "string") return undefined;
  return boundProblem(value.length, schema, ["minLength", "maxLength"], `${path} is ${value.length} characters long`);
};

const checkCombination: Check = (value, schema, place) => {
  const inner = { ...place, depth: place.depth + 1 };
  for (const part of listField(schema, "allOf")) {
    const problem = check(value, part, inner);
    if (problem !== undefined) return problem;
  }
  const choices = [...listField(schema, "anyOf"), ...listField(schema, "oneOf")];
  if (choices.length === 0) return undefined;
  const problems = choices.map((choice) => check(value, choice, inner));
  return problems.includes(undefined) ? undefined : `${place.path} fits no alternative: ${problems[0] ?? ""}`;
};

const CHECKS: readonly Check[] = [
  checkReference,
  checkType,
  checkChoice,
  checkObject,
  checkList,
  checkBounds,
  checkCombination,
];

function below(place: Place, step: string): Place {
  return { root: place.root, path: place.path + step, depth: place.depth + 1 };
}

function boundProblem(
  size: number,
  schema: JsonRecord,
  [least, most]: readonly [string, string],
  told: string,
): string | undefined {
  const minimum = numberField(schema, least);
  const maximum = numberField(schema, most);
  if (minimum !== undefined && size < minimum) return `${told}, at least ${minimum} wanted`;
  if (maximum !== undefined && size > maximum) return `${told}, at most ${maximum} wanted`;
  return undefined;
}
