import { Telltale } from "@telltale/sdk";
import type { OpenAI } from "openai";
import { ARTICLES, type Article } from "./articles.ts";

/** An article that was found, with how near it is to the question. */
export interface FoundArticle {
  readonly id: string;
  readonly score: number;
  readonly content: string;
  readonly metadata: { readonly title: string };
}

/** A search over the help pages. */
export interface KnowledgeBase {
  search(query: string, topK: number): Promise<readonly FoundArticle[]>;
}

interface Entry {
  readonly article: Article;
  readonly vector: readonly number[];
}

/**
 * Embeds the help pages and keeps the vectors in memory. Where the server has no such model, it
 * searches by words instead, so that the desk can work with any chat model.
 */
export async function buildKnowledgeBase(
  client: OpenAI,
  model: string,
  log: (line: string) => void,
): Promise<KnowledgeBase> {
  const texts = ARTICLES.map(({ title, text }) => `${title}. ${text}`);
  try {
    const vectors = await embed(client, model, texts);
    const entries = ARTICLES.map((article, index) => ({ article, vector: vectors[index] ?? [] }));
    return { search: (query, topK) => searchVectors({ client, model, entries }, query, topK) };
  } catch (error) {
    log(`No embeddings from ${model} (${error instanceof Error ? error.message : "?"}); searching by words instead.`);
    return {
      search: async (query, topK) => Telltale.withRetrieval("help_pages", { query, topK }, () => byWords(query, topK)),
    };
  }
}

async function embed(client: OpenAI, model: string, input: string[]): Promise<readonly (readonly number[])[]> {
  const { data } = await client.embeddings.create({ model, input, encoding_format: "float" });
  return data.map(({ embedding }) => embedding);
}

interface VectorIndex {
  readonly client: OpenAI;
  readonly model: string;
  readonly entries: readonly Entry[];
}

function searchVectors(index: VectorIndex, query: string, topK: number): Promise<readonly FoundArticle[]> {
  return Telltale.withRetrieval("help_pages", { query, topK }, async () => {
    const [wanted = []] = await embed(index.client, index.model, [query]);
    return nearest(
      index.entries.map(({ article, vector }) => ({ article, score: cosine(wanted, vector) })),
      topK,
    );
  });
}

function byWords(query: string, topK: number): readonly FoundArticle[] {
  const words = new Set(query.toLowerCase().match(/\p{L}{4,}/gu));
  return nearest(
    ARTICLES.map((article) => {
      const found = [...words].filter((word) => `${article.title} ${article.text}`.toLowerCase().includes(word));
      return { article, score: words.size === 0 ? 0 : found.length / words.size };
    }),
    topK,
  );
}

function nearest(
  scored: readonly { readonly article: Article; readonly score: number }[],
  topK: number,
): readonly FoundArticle[] {
  return scored
    .toSorted((first, second) => second.score - first.score)
    .slice(0, topK)
    .map(({ article: { id, title, text }, score }) => ({
      id,
      score: Number(score.toFixed(4)),
      content: text,
      metadata: { title },
    }));
}

function cosine(first: readonly number[], second: readonly number[]): number {
  const dot = first.reduce((sum, value, index) => sum + value * (second[index] ?? 0), 0);
  return dot / (Math.hypot(...first) * Math.hypot(...second) || 1);
}
