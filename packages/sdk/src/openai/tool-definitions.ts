import { field, recordOf, textField } from "../json/read-json.ts";

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
