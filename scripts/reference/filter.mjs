import { FILTER_FIELDS } from "../../packages/model/src/index.ts";
import { markdownTable } from "./table.mjs";

/** The fields of the filter language. */
export function page() {
  const rows = FILTER_FIELDS.map((field) => [
    `\`${field.name}${field.key ? ".…" : ""}\``,
    field.scope,
    field.values ? field.values.map((value) => `\`${value}\``).join(" ") : field.type,
    field.help,
    `\`${field.example}\``,
  ]);
  return `# Filter language

What the filter bar and \`filter=\` of the API understand. A condition is \`field:value\`; conditions that follow each
other must all hold. A field of a trace speaks of the whole trace, a field of a span holds when at least one span of the
trace matches.

${markdownTable(["field", "of a", "holds", "what it is", "for example"], rows)}
`;
}
