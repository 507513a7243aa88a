/** A part of the name: `text-embedding-3-small`, `embed-english-v3.0`, `openai/embedding.v1`. */
const EMBEDDING_MODEL = /(?:^|[-/._])embed(?:ding)?s?(?:[-.:_/]|$)/;

/** Whether a model's name says that it embeds: for senders that call everything a model does by one word. */
export function isEmbeddingModel(name: string): boolean {
  return EMBEDDING_MODEL.test(name);
}
