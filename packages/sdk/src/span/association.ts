import type { AttributeMap } from "../attribute-value.ts";

/** What a program may set on its own spans. */
export type SettableValue = string | number | boolean | readonly string[];

/** Whether this can be an attribute: programs without types pass anything. */
export function isSettable(value: unknown): value is SettableValue {
  if (Array.isArray(value)) return value.every((item) => typeof item === "string");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** A prompt that a program keeps by name. */
export interface PromptReference {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

/** What a span has from its surroundings and hands to the spans below it. */
export interface Association {
  sessionId?: string | undefined;
  userId?: string | undefined;
  agentName?: string | undefined;
  tags?: readonly string[] | undefined;
  metadata?: ReadonlyMap<string, SettableValue> | undefined;
  prompt?: PromptReference | undefined;
  /** False keeps all content of the span to itself. */
  captureContent?: boolean | undefined;
}

/** The same associations, for a span or a scope of its own. */
export function inherit(from: Association | undefined): Association {
  return {
    sessionId: from?.sessionId,
    userId: from?.userId,
    agentName: from?.agentName,
    tags: from?.tags,
    metadata: from?.metadata,
    prompt: from?.prompt,
    captureContent: from?.captureContent,
  };
}

/** Writes associations as attributes, where the span does not say otherwise itself. */
export function writeAssociation(attributes: AttributeMap, association: Association): void {
  const { sessionId, userId, agentName, tags, metadata, prompt } = association;
  if (sessionId !== undefined) {
    attributes.set("session.id", sessionId);
    if (!attributes.has("gen_ai.conversation.id")) attributes.set("gen_ai.conversation.id", sessionId);
  }
  if (userId !== undefined) attributes.set("user.id", userId);
  if (agentName !== undefined && !attributes.has("gen_ai.agent.name")) attributes.set("gen_ai.agent.name", agentName);
  if (tags !== undefined) attributes.set("telltale.tags", tags);
  if (metadata !== undefined) for (const [key, value] of metadata) attributes.set(`telltale.metadata.${key}`, value);
  if (prompt?.name !== undefined) attributes.set("gen_ai.prompt.name", prompt.name);
  if (prompt?.version !== undefined) attributes.set("gen_ai.prompt.version", prompt.version);
}
