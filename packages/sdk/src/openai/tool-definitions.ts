import type { AskedArguments } from "../reading/structured-output.ts";
import { field, listField, recordOf, textField } from "../json/read-json.ts";

/** The tools of a request in the shape of `gen_ai.tool.definitions`. */
export function toolDefinitions(tools: readonly unknown[]): readonly unknown[] {
  return tools.map((tool) => {
    const type = textField(tool, "type") ?? "function";
    const declared = recordOf(field(tool, type)) ?? recordOf(tool);
    if (type !== "function") return { ...recordOf(tool), type, name: textField(declared, "name") ?? type };
    const description = textField(declared, "description");
    const parameters = field(declared, "parameters");
    return {
      type,
      name: textField(declared, "name") ?? "",
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
    };
  });
}

/**
 * The schemas of tools that were offered as `strict`, by name: their arguments were promised to
 * fit. Of both APIs: the declaration stands in `function`, or in the tool itself.
 */
export function strictSchemas(tools: readonly unknown[]): ReadonlyMap<string, unknown> {
  const schemas = new Map<string, unknown>();
  for (const tool of tools) {
    const declared = recordOf(field(tool, "function")) ?? tool;
    const name = textField(declared, "name");
    if (field(declared, "strict") === true && name !== undefined) schemas.set(name, field(declared, "parameters"));
  }
  return schemas;
}

/** The arguments of a call, and the schema they were promised to fit. */
export function askedArguments(request: unknown, called: unknown): AskedArguments {
  const given = field(called, "arguments") ?? "";
  const text = typeof given === "string" ? given : JSON.stringify(given);
  const name = textField(called, "name");
  const schemas = name === undefined ? undefined : strictSchemas(listField(request, "tools"));
  return { text, schema: schemas?.get(name ?? "") };
}
