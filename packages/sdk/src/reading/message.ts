/** A part of a message in the conventions' shape; other fields than `type` depend on it. */
export type Part = Readonly<Record<string, unknown>> & { readonly type: string };

/** A message in the conventions' shape (GenAI conventions, `gen_ai.input.messages`). */
export interface PartsMessage {
  readonly role: string;
  readonly parts: readonly Part[];
  readonly name?: string;
  readonly finish_reason?: string;
}
