import * as z from "zod/mini";

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One piece of a message; the shapes of the GenAI conventions §1.3, camel-cased nowhere. */
export type MessagePart =
  | { readonly type: "text"; readonly content: string }
  | { readonly type: "reasoning"; readonly content: string }
  | { readonly type: "tool_call"; readonly id?: string; readonly name: string; readonly arguments?: Json }
  | { readonly type: "tool_call_response"; readonly id?: string; readonly response?: Json }
  | { readonly type: "blob"; readonly mime_type?: string; readonly modality?: string; readonly content: string }
  | { readonly type: "uri"; readonly mime_type?: string; readonly modality?: string; readonly uri: string }
  | { readonly type: "file"; readonly mime_type?: string; readonly modality?: string; readonly file_id: string }
  | { readonly type: "generic"; readonly value: Json };

/** One message of a conversation. `role` is system, user, assistant, tool or what the sender wrote. */
export interface Message {
  readonly role: string;
  readonly parts: readonly MessagePart[];
  readonly name?: string;
  readonly finish_reason?: string;
}

const optionalText = z.optional(z.string());

/** Validates one part. */
export const messagePartSchema: z.ZodMiniType<MessagePart> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), content: z.string() }),
  z.object({ type: z.literal("reasoning"), content: z.string() }),
  z.object({ type: z.literal("tool_call"), id: optionalText, name: z.string(), arguments: z.optional(z.json()) }),
  z.object({ type: z.literal("tool_call_response"), id: optionalText, response: z.optional(z.json()) }),
  z.object({ type: z.literal("blob"), mime_type: optionalText, modality: optionalText, content: z.string() }),
  z.object({ type: z.literal("uri"), mime_type: optionalText, modality: optionalText, uri: z.string() }),
  z.object({ type: z.literal("file"), mime_type: optionalText, modality: optionalText, file_id: z.string() }),
  z.object({ type: z.literal("generic"), value: z.json() }),
]);

/** Validates one message. */
export const messageSchema: z.ZodMiniType<Message> = z.object({
  role: z.string(),
  parts: z.array(messagePartSchema),
  name: optionalText,
  finish_reason: optionalText,
});

/**
 * What went into or came out of a span.
 * `messages` for model calls; `documents` for retrievals; `json` and `text` for the rest.
 * `masked`: the sender hid it (conventions, rule 8); it is known to have existed.
 */
export type Content =
  | { readonly type: "messages"; readonly messages: readonly Message[] }
  | { readonly type: "documents"; readonly documents: readonly RetrievedDocument[] }
  | { readonly type: "json"; readonly value: Json }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "masked" };

/** A document that a retrieval or a rerank returned. */
export interface RetrievedDocument {
  readonly id?: string;
  readonly content?: string;
  readonly score?: number;
  readonly metadata?: Json;
}

/** Validates a retrieved document. */
export const retrievedDocumentSchema: z.ZodMiniType<RetrievedDocument> = z.object({
  id: optionalText,
  content: optionalText,
  score: z.optional(z.number()),
  metadata: z.optional(z.json()),
});
