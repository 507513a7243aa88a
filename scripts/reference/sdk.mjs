import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, isForDevelopment } from "../source/files.mjs";
import { parseFile, walk } from "../source/syntax.mjs";
import { markdownTable } from "./table.mjs";

/** Variables that no option stands for. */
const OTHERS = new Map([
  ["OTEL_EXPORTER_OTLP_INSECURE", "by gRPC, for an address without a scheme: `true` for plain text. Default `false`"],
  ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "where metrics go, when not beside the spans"],
  ["OTEL_EXPORTER_OTLP_CERTIFICATE", "file with the authority that the server's certificate is checked against"],
  ["OTEL_EXPORTER_OTLP_CLIENT_KEY", "file with the key that this client proves itself with"],
  ["OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "file with the certificate of that key"],
  ["OTEL_METRICS_EXPORTER", "`none` sends no metrics"],
  ["OTEL_BSP_MAX_QUEUE_SIZE", "spans that may wait in memory. Default no limit but `maxQueueBytes`"],
  ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "spans in a request. Default 512"],
  ["OTEL_BSP_SCHEDULE_DELAY", "how long the first span of a request waits for others, in ms. Default 1000"],
  ["OTEL_ATTRIBUTE_COUNT_LIMIT", "attributes of a span or an event. Default no limit"],
  ["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "attributes of a span"],
  ["OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "attributes of an event"],
  ["OTEL_SPAN_EVENT_COUNT_LIMIT", "events of a span"],
  ["OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "characters of a text. Default no limit"],
  ["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "characters of a text of a span"],
  ["TELLTALE_DEBUG", "1 says on standard error what the SDK does and why it does not"],
  ["TRACELOOP_API_KEY", "for `@telltale/sdk/traceloop`: sent as a bearer token"],
  ["TRACELOOP_BASE_URL", "for `@telltale/sdk/traceloop`: where to send, when `TELLTALE_ENDPOINT` is not set"],
  ["TRACELOOP_TRACE_CONTENT", "for `@telltale/sdk/traceloop`: `false` sends no content"],
]);

/** Names of variables, and the beginnings that a longer name is put together from. */
const VARIABLE = /\b(?:TELLTALE|OTEL|TRACELOOP)_[A-Z_]+\b/g;

/**
 * The options with what their comments say of them.
 *
 * @param {string} root
 * @returns {[name: string, text: string][]}
 */
function optionsOf(root) {
  const source = parseFile(join(root, "packages", "sdk", "src", "initialize-options.ts"));
  /** @type {[string, string][]} */
  const found = [];
  walk(source.program, (node) => {
    if (node.type !== "TSPropertySignature") return;
    const name = String(/** @type {{ name?: string }} */ (node.key).name);
    const comment = source.comments.find(
      ({ value, start, end }) =>
        value.startsWith("*") && start < node.start && /^\s*$/.test(source.text.slice(end, node.start)),
    );
    if (comment) found.push([name, textOf(comment.value)]);
  });
  return found;
}

/** @param {string} comment */
const textOf = (comment) =>
  comment
    .replace(/^\s*\*+ ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();

/**
 * Options and variables of the SDK, from the comments beside its options and the list above.
 *
 * @param {string} root
 */
export function page(root) {
  const options = optionsOf(root);
  /** @type {Map<string, string>} */
  const variables = new Map();
  for (const [name, text] of options)
    for (const variable of text.match(VARIABLE) ?? []) {
      const before = variables.get(variable);
      variables.set(variable, before === undefined ? `option \`${name}\`` : `${before}, \`${name}\``);
    }
  for (const [variable, text] of OTHERS) variables.set(variable, text);
  const untold = namedVariables(root).filter((name) => !variables.has(name) && !name.endsWith("_"));
  if (untold.length > 0)
    throw new Error(
      `say in a comment of packages/sdk/src/initialize-options.ts or in scripts/reference/sdk.mjs what these are for: ${untold.join(", ")}`,
    );
  const rows = [...variables].sort(([first], [second]) => (first < second ? -1 : 1));
  return `# Options of the SDK

\`Telltale.initialize({ … })\` takes what stands below; everything can be left out. An option wins over its variable, a
variable over the default. A value that cannot be used is told in one line on standard error, and the default is used.

${markdownTable(
  ["option", "what it says"],
  options.map(([name, text]) => [`\`${name}\``, text]),
)}

## Variables

${markdownTable(
  ["variable", "stands for"],
  rows.map(([name, text]) => [`\`${name}\``, text]),
)}

Each \`OTEL_EXPORTER_OTLP_…\` has a form \`OTEL_EXPORTER_OTLP_TRACES_…\`, which wins.
`;
}

/**
 * Every variable that the sources of the SDK name.
 *
 * @param {string} root
 * @returns {string[]}
 */
function namedVariables(root) {
  const files = filesBelow(join(root, "packages", "sdk", "src")).filter(
    (file) => /\.tsx?$/.test(file) && !isForDevelopment(file),
  );
  return [...new Set(files.flatMap((file) => readFileSync(file, "utf8").match(VARIABLE) ?? []))];
}
