import { listOf, property } from "../hook/read-object.ts";
import { jsonOrText, numberField, recordOf, textField } from "../json/read-json.ts";
import type { Part, PartsMessage } from "../reading/message.ts";
import { leftOutMedia } from "../span/media.ts";

const ROLES: ReadonlyMap<string, string> = new Map([
  ["human", "user"],
  ["ai", "assistant"],
  ["function", "tool"],
]);
/** Parts of states and outputs that are looked into; above it a value is described as it is. */
const MOST_VALUES = 5_000;

/** A text of one of LangChain's objects, whose members may stand on its class. */
export function textMember(value: unknown, name: string): string | undefined {
  const text = property(value, name);
  return typeof text === "string" ? text : undefined;
}

/** `human`, `ai`, `system`, `tool` …; undefined when it is no message of LangChain. */
function messageType(value: unknown): string | undefined {
  const getType = property(value, "getType") ?? property(value, "_getType");
  if (typeof getType !== "function" || property(value, "content") === undefined) return undefined;
  const type: unknown = Reflect.apply(getType, value, []);
  return typeof type === "string" ? type : undefined;
}

/**
 * A message as parts: one of LangChain's classes, `{ role, content }`, `[role, content]` or a bare
 * text. Undefined for anything else.
 */
export function partsMessageOf(value: unknown): PartsMessage | undefined {
  if (typeof value === "string") return { role: "user", parts: [{ type: "text", content: value }] };
  if (Array.isArray(value)) {
    const [role, content] = value as readonly unknown[];
    return value.length === 2 && typeof role === "string" ? partsMessageOf({ role, content }) : undefined;
  }
  const type = messageType(value) ?? textMember(value, "role");
  if (type === undefined) return undefined;
  const role = type === "generic" ? (textMember(value, "role") ?? type) : (ROLES.get(type) ?? type);
  const name = textMember(value, "name");
  const parts = role === "tool" ? [toolResponse(value)] : [...contentParts(value), ...toolCalls(value)];
  return { role, parts, ...(name === undefined || role === "tool" ? {} : { name }) };
}

/** A list of messages as parts; undefined when one of them is none. */
export function partsMessages(values: unknown): readonly PartsMessage[] | undefined {
  if (!Array.isArray(values) || values.length === 0) return undefined;
  const messages = (values as readonly unknown[]).map((value) => partsMessageOf(value));
  return messages.some((message) => message === undefined) ? undefined : (messages as PartsMessage[]);
}

function toolResponse(message: unknown): Part {
  const id = textMember(message, "tool_call_id");
  const content = property(message, "content");
  const response = typeof content === "string" ? jsonOrText(content) : content;
  return { type: "tool_call_response", ...(id === undefined ? {} : { id }), response: response ?? null };
}

function toolCalls(message: unknown): Part[] {
  return listOf(message, "tool_calls").map((call) => {
    const id = textMember(call, "id");
    const called = property(call, "function");
    const name = textMember(call, "name") ?? textMember(called, "name") ?? "";
    const text = textMember(called, "arguments");
    const given = property(call, "args") ?? (text === undefined ? undefined : jsonOrText(text));
    return {
      type: "tool_call",
      ...(id === undefined ? {} : { id }),
      name,
      ...(given === undefined ? {} : { arguments: given }),
    };
  });
}

function contentParts(message: unknown): Part[] {
  const content = property(message, "content");
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  if (!Array.isArray(content)) return [];
  return (content as readonly unknown[]).flatMap((block) => contentPart(block));
}

/** Blocks of LangChain's own shape and of the providers whose shape it hands on. */
function contentPart(block: unknown): Part[] {
  if (typeof block === "string") return [{ type: "text", content: block }];
  const type = textField(block, "type") ?? "unknown";
  // The same calls stand in `tool_calls`.
  if (type === "tool_use" || type === "tool_call" || type === "function_call") return [];
  if (type === "text" || type === "text_delta" || type === "input_text" || type === "output_text") {
    return [{ type: "text", content: textField(block, "text") ?? "" }];
  }
  if (type === "thinking" || type === "reasoning") {
    const content = textField(block, "thinking") ?? textField(block, "reasoning") ?? "";
    return [{ type: "reasoning", content }];
  }
  if (["image_url", "image", "audio", "video", "file", "input_audio", "document"].includes(type)) {
    return [mediaPart(block, type)];
  }
  return [{ ...recordOf(block), type }];
}

function mediaPart(block: unknown, type: string): Part {
  const modality = /image|audio|video/.exec(type)?.[0] ?? "document";
  const source = recordOf(property(block, "source")) ?? recordOf(property(block, "input_audio")) ?? block;
  const linked = property(block, "image_url");
  const url = textMember(linked, "url") ?? (typeof linked === "string" ? linked : textMember(source, "url"));
  const inline = url === undefined ? null : /^data:([^;,]*)[^,]*,/.exec(url);
  if (url !== undefined && inline === null) return { type: "uri", modality, uri: url };
  const mimeType = inline?.[1] ?? textMember(source, "mimeType") ?? textMember(source, "mime_type");
  const data = url?.slice(inline?.[0].length) ?? property(source, "data");
  if (data instanceof Uint8Array) return leftOutMedia(mimeType, { bytes: data.length }, modality);
  return leftOutMedia(mimeType, { base64: typeof data === "string" ? data : "" }, modality);
}

/** Counts of a message's `usage_metadata` in the conventions' names. Input includes cached tokens, output reasoning. */
export function usageOf(message: unknown): ReadonlyMap<string, number> {
  const usage = property(message, "usage_metadata");
  const input = property(usage, "input_token_details");
  const output = property(usage, "output_token_details");
  const told: readonly (readonly [string, number | undefined])[] = [
    ["gen_ai.usage.input_tokens", numberField(usage, "input_tokens")],
    ["gen_ai.usage.output_tokens", numberField(usage, "output_tokens")],
    ["gen_ai.usage.cache_read.input_tokens", numberField(input, "cache_read")],
    ["gen_ai.usage.cache_write.input_tokens", numberField(input, "cache_creation")],
    ["gen_ai.usage.audio.input_tokens", numberField(input, "audio")],
    ["gen_ai.usage.reasoning.output_tokens", numberField(output, "reasoning")],
    ["gen_ai.usage.audio.output_tokens", numberField(output, "audio")],
  ];
  return new Map(told.filter((pair): pair is readonly [string, number] => pair[1] !== undefined));
}

/** A value with LangChain's messages, documents and commands as people would write them. */
export function plainValue(value: unknown): unknown {
  let left = MOST_VALUES;
  const plain = (item: unknown, depth: number): unknown => {
    if (typeof item !== "object" || item === null || depth > 8 || left-- <= 0) return item;
    if (Array.isArray(item)) return (item as readonly unknown[]).map((each) => plain(each, depth + 1));
    if (messageType(item) !== undefined) return partsMessageOf(item) ?? item;
    const content = property(item, "pageContent");
    if (typeof content === "string") return { ...documentOf(item) };
    const isPlain = [Object.prototype, null].includes(Reflect.getPrototypeOf(item));
    if (!isPlain && property(item, "lg_name") === undefined) return item;
    return new Map(Object.entries(item).map(([key, each]) => [key, plain(each, depth + 1)]));
  };
  return plain(value, 0);
}

/** One of LangChain's documents in the shape of `gen_ai.retrieval.documents`. */
export function documentOf(document: unknown): Readonly<Record<string, unknown>> {
  const id = property(document, "id");
  const metadata = property(document, "metadata");
  const score = property(document, "score") ?? property(metadata, "score") ?? property(metadata, "relevanceScore");
  return {
    ...(id === undefined || id === null ? {} : { id }),
    ...(typeof score === "number" ? { score } : {}),
    content: property(document, "pageContent"),
    ...(metadata === undefined ? {} : { metadata }),
  };
}
