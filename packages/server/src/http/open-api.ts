import * as z from "zod";
import type { Query } from "../query.ts";
import { type Operation, routeOf } from "./operation.ts";
import { inputReader } from "./read-input.ts";

/** What the document says of a route that is no query. */
interface FixedRoute {
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly type: string;
}

type JsonSchema = { readonly [keyword: string]: unknown };

/** The OpenAPI 3.1 document of the whole API, from the schemas that also check it. */
export function openApiDocument(
  queries: readonly (Query | Operation)[],
  fixed: readonly FixedRoute[],
  version: string,
): JsonSchema {
  const definitions: { [name: string]: JsonSchema } = { ApiError: API_ERROR };
  const paths: { [path: string]: { [method: string]: JsonSchema } } = {};
  for (const query of queries) {
    const path = routeOf(query).replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [query.method.toLowerCase()]: operationOf(query, definitions) };
  }
  for (const { path, name, summary, type } of fixed)
    paths[path] = {
      get: {
        operationId: name,
        summary,
        parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, place]) => ({
          name: place,
          in: "path",
          required: true,
          schema: { type: "string" },
        })),
        responses: { 200: { description: summary, content: { [type]: { schema: {} } } }, default: FAILURE },
      },
    };
  return {
    openapi: "3.1.0",
    info: {
      title: "Telltale",
      version,
      description: "Times are milliseconds since 1970; money is integer nano-dollars as decimal text.",
    },
    servers: [{ url: "/" }],
    paths,
    components: { schemas: definitions },
  };
}

const API_ERROR: JsonSchema = z.toJSONSchema(
  z.object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }) }),
);

const FAILURE: JsonSchema = {
  description: "What went wrong, and what to do about it",
  content: { "application/json": { schema: { $ref: "#/components/schemas/ApiError" } } },
};

function operationOf(query: Query | Operation, definitions: { [name: string]: JsonSchema }): JsonSchema {
  const { schema } = inputReader(query);
  const places = new Set([...query.path.matchAll(/:(\w+)/g)].map(([, name]) => name));
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const properties = Object.entries(schema["properties"] ?? {});
  const inAddress = properties.filter(([name]) => !hasBody(query) || places.has(name));
  const output = z.toJSONSchema(query.output, { io: "input", unrepresentable: "any" });
  return {
    operationId: query.name,
    summary: query.summary,
    parameters: inAddress.map(([name, property]) => ({
      name,
      in: places.has(name) ? "path" : "query",
      required: required.has(name),
      ...(property.description === undefined ? {} : { description: property.description }),
      schema: property,
    })),
    ...(hasBody(query)
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: lift(schema, `${query.name}-input`, definitions) } },
          },
        }
      : {}),
    responses: {
      200: {
        description: query.summary,
        content: { "application/json": { schema: lift(output, query.name, definitions) } },
      },
      default: FAILURE,
    },
  };
}

function hasBody({ method }: Query | Operation): boolean {
  return method === "POST" || method === "PUT";
}

/** Moves a schema's own definitions to the document's components, where its references then point. */
function lift(schema: JsonSchema, name: string, definitions: { [name: string]: JsonSchema }): JsonSchema {
  const { $schema: _dialect, $defs, ...rest } = schema;
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === "$ref" && typeof inner === "string"
          ? inner
              .replace(/^#\/\$defs\//, `#/components/schemas/${name}.`)
              .replace(/^#$/, `#/components/schemas/${name}`)
          : moved(inner),
      ]),
    );
  };
  for (const [key, definition] of Object.entries($defs ?? {}))
    definitions[`${name}.${key}`] = moved(definition) as JsonSchema;
  return moved(rest) as JsonSchema;
}
