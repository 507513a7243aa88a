import { FIXED_ROUTES } from "../../packages/server/src/http/fixed-routes.ts";
import { OPERATIONS } from "../../packages/server/src/http/operations.ts";
import { inputReader } from "../../packages/server/src/http/read-input.ts";
import { queries } from "../../packages/server/src/queries/index.ts";
import { markdownTable } from "./table.mjs";

/**
 * @typedef {{ type?: string | string[], enum?: unknown[], description?: string, default?: unknown,
 *   maximum?: number, minimum?: number, pattern?: string, anyOf?: JsonSchema[] }} JsonSchema
 */

/** @param {JsonSchema} schema */
function typeText(schema) {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(" ");
  const range =
    schema.maximum !== undefined && schema.maximum < 1e9 ? `, ${schema.minimum ?? 0}–${schema.maximum}` : "";
  return `${[schema.type ?? "any"].flat().join(" or ")}${range}`;
}

/**
 * The parameters of a question.
 *
 * @param {Pick<import("../../packages/server/src/query.ts").Query, "input">} query
 */
function parametersOf(query) {
  const schema = /** @type {{ required?: string[], properties?: Record<string, JsonSchema> }} */ (
    inputReader(query).schema
  );
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const given =
      property.default === undefined ? (required.has(name) ? "required" : "") : `\`${String(property.default)}\``;
    return [`\`${name}\``, typeText(property), given, property.description ?? ""];
  });
  return rows.length === 0 ? "" : `\n${markdownTable(["parameter", "type", "default", "what it says"], rows)}\n`;
}

/** The routes of the API, from the questions themselves. */
export function page() {
  const sorted = [...queries, ...OPERATIONS].sort((one, other) => (one.path < other.path ? -1 : 1));
  const parts = sorted.map(
    (query) => `## \`${query.method} /api/v1${query.path}\`\n\n${query.summary}.\n${parametersOf(query)}`,
  );
  const others = FIXED_ROUTES.map((route) => [`\`${route.path}\``, route.type, route.summary]);
  return `# API

JSON over HTTP under \`/api/v1\`. The server describes every answer in full in its OpenAPI document,
\`GET /api/v1/openapi.json\`. Times are milliseconds since 1970 with a fraction; money is whole nano-dollars as a decimal
string; what nobody knows is null and never 0. An error is \`{ "error": { "code", "message", "hint" } }\`.

${parts.join("\n")}
## Other routes

All are \`GET\`.

${markdownTable(["route", "type", "what it answers"], others)}
`;
}
