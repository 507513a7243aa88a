/**
 * Models that the source does not have, by provider: rerankers, billed by search. From the providers'
 * pages of prices, with the day they were looked at.
 */
export const ADDED = new Map([
  [
    "cohere",
    [
      rerank("rerank-v4.0-pro", "^rerank-(v4\\.0|4)-pro", 2.5, "openrouter.ai/cohere/rerank-4-pro 2026-04"),
      rerank("rerank-v3.5", "^rerank-", 2, "cohere.com/pricing 2026-11"),
    ],
  ],
  [
    "aws",
    [
      rerank("cohere.rerank-v3-5:0", "^.*cohere\\.rerank", 2, "aws.amazon.com/bedrock/pricing 2026-11"),
      rerank("amazon.rerank-v1:0", "^.*amazon\\.rerank", 1, "aws.amazon.com/bedrock/pricing 2026-11"),
    ],
  ],
]);

/** @type {(id: string, match: string, perThousand: number, source: string) => object} */
function rerank(id, match, perThousand, source) {
  return { id, source, match, rows: [{ prices: {}, units: { rerank_search: perThousand * 1e12 } }] };
}
