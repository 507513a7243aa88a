import { field, listField, numberField, recordOf, textField } from "../json/read-json.ts";
import { currentScope, type Open, runtime, type Scope } from "../runtime.ts";
import { finishSpan } from "../span/active-span.ts";
import { inherit } from "../span/association.ts";
import { describeValue } from "../span/describe-value.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { startSpan } from "../span/start-span.ts";

/** Of OTLP's SpanKind. */
export const SERVER = 2;
export const CLIENT = 3;

/** What is known of the connection that a request travels on. */
export interface McpConnection {
  readonly sessionId: unknown;
  readonly protocolVersion: string | undefined;
  readonly transport: "pipe" | "tcp" | undefined;
}

/**
 * One request of MCP, seen by the side that sends it (CLIENT) or the one that answers it (SERVER),
 * in the names of the MCP conventions: `tools/call weather`. Ends once.
 */
export class McpSpan implements Open {
  readonly span: SpanRecord;
  /** Where the answer is worked out, or where the request is sent. */
  readonly scope: Scope;
  readonly method: string;
  #open = true;

  constructor(kind: 2 | 3, message: unknown, connection: McpConnection) {
    const outer = currentScope();
    const params = field(message, "params");
    this.method = textField(message, "method") ?? "";
    const name = textField(params, "name");
    const target = this.method === "tools/call" || this.method === "prompts/get" ? name : undefined;
    this.span = startSpan(target === undefined ? this.method : `${this.method} ${target}`, kind);
    const { span } = this;
    this.scope = { span, tapped: outer?.tapped ?? false, remote: outer?.remote, ...inherit(span) };
    this.#describeRequest(message, params, connection);
    runtime.open.add(this);
  }

  #describeRequest(message: unknown, params: unknown, connection: McpConnection): void {
    const { attributes } = this.span;
    attributes.set("telltale.span.kind", this.method === "prompts/get" ? "prompt" : "mcp");
    attributes.set("mcp.method.name", this.method);
    attributes.set("jsonrpc.request.id", String(field(message, "id")));
    const name = textField(params, "name");
    if (this.method === "tools/call" && name !== undefined) {
      attributes.set("gen_ai.operation.name", "execute_tool").set("gen_ai.tool.name", name);
    } else if (this.method === "prompts/get" && name !== undefined) attributes.set("gen_ai.prompt.name", name);
    const uri = textField(params, "uri");
    if (uri !== undefined) attributes.set("mcp.resource.uri", uri);
    if (typeof connection.sessionId === "string") attributes.set("mcp.session.id", connection.sessionId);
    if (connection.protocolVersion !== undefined) attributes.set("mcp.protocol.version", connection.protocolVersion);
    if (connection.transport !== undefined) attributes.set("network.transport", connection.transport);
    this.#setContent("input", this.method === "tools/call" ? field(params, "arguments") : withoutMeta(params));
  }

  #setContent(direction: "input" | "output", value: unknown): void {
    if (runtime.pipeline?.captureContent !== true || value === undefined) return;
    const ofTool = direction === "input" ? "gen_ai.tool.call.arguments" : "gen_ai.tool.call.result";
    const text = describeValue(value);
    if (text === undefined || text === "{}") return;
    this.span.attributes.set(this.method === "tools/call" ? ofTool : `telltale.${direction}`, text);
  }

  /** The answer, as it came or goes: a result, a result that says it is an error, or an error of JSON-RPC. */
  answered(message: unknown): void {
    if (!this.#open) return;
    const error = field(message, "error");
    const result = field(message, "result");
    if (recordOf(error) !== undefined) {
      const code = String(numberField(error, "code") ?? "unknown");
      this.span.attributes.set("rpc.response.status_code", code);
      return this.fail(code, textField(error, "message") ?? "");
    }
    const version = this.method === "initialize" ? textField(result, "protocolVersion") : undefined;
    if (version !== undefined) this.span.attributes.set("mcp.protocol.version", version);
    const content = listField(result, "content");
    this.#setContent(
      "output",
      this.method === "tools/call" && content.length > 0 ? shown(result) : withoutMeta(result),
    );
    if (field(result, "isError") === true) return this.fail("tool_error", textOf(content));
    this.#end();
  }

  /** No answer will come. */
  fail(type: string, message: string, outcome?: string): void {
    if (!this.#open) return;
    this.span.failed = true;
    this.span.statusMessage = message;
    this.span.attributes.set("error.type", type);
    if (outcome !== undefined) this.span.attributes.set("telltale.outcome", outcome);
    this.#end();
  }

  abandon(): void {
    if (!this.#open) return;
    this.span.attributes.set("telltale.outcome", "abandoned");
    this.#end();
  }

  #end(): void {
    this.#open = false;
    runtime.open.delete(this);
    finishSpan(this.span);
  }
}

/** What the caller of a tool sees of its result: a single text as itself, else the list of contents. */
function shown(result: unknown): unknown {
  const structured = field(result, "structuredContent");
  const content = listField(result, "content");
  if (structured !== undefined) return structured;
  return content.length === 1 && textField(content[0], "type") === "text" ? textField(content[0], "text") : content;
}

function textOf(content: readonly unknown[]): string {
  return content.map((item) => textField(item, "text") ?? "").join("\n");
}

function withoutMeta(value: unknown): unknown {
  const record = recordOf(value);
  if (record === undefined) return value;
  return new Map(Object.entries(record).filter(([key]) => key !== "_meta"));
}
