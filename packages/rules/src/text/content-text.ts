import type { Content, Message, MessagePart } from "@telltale/model";

/** Text of a part: what was said or asked, without ids, which differ between calls that are the same. */
function partText(part: MessagePart): string {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.content;
    case "tool_call":
      return `${part.name} ${JSON.stringify(part.arguments ?? null)}`;
    case "tool_call_response":
      return typeof part.response === "string" ? part.response : JSON.stringify(part.response ?? null);
    case "uri":
      return part.uri;
    case "file":
      return part.file_id;
    case "blob":
      return `${part.mime_type ?? ""} ${part.content.length}`;
    case "generic":
      return JSON.stringify(part.value);
  }
}

function messageText(message: Message): string {
  return message.parts.map(partText).join("\n");
}

/** Content as one text to compare, and not to show; `undefined` when it is hidden. */
export function contentText(content: Content): string | undefined {
  switch (content.type) {
    case "messages":
      return content.messages.map(messageText).join("\n");
    case "documents":
      return content.documents.map((document) => document.content ?? document.id ?? "").join("\n");
    case "json":
      return JSON.stringify(content.value);
    case "text":
      return content.text;
    case "masked":
      return undefined;
  }
}
