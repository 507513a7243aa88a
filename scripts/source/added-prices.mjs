/**
 * Models that the source does not have, by provider: rerankers, billed by search or by token. Each was seen in two places,
 * the provider's pages of prices and LiteLLM 1.110's `model_prices_and_context_window.json`, unless it says otherwise.
 */
export const ADDED = new Map([
  [
    "cohere",
    [
      // By token, in LiteLLM and in Bifrost's library of models; Cohere's page was not seen.
      byToken("rerank-v5.0-pro", "^rerank-v?5(\\.0)?-pro", 0.05, "litellm 1.110 2026-11"),
      byToken("rerank-v5.0-fast", "^rerank-v?5(\\.0)?-fast", 0.02, "litellm 1.110 2026-11"),
      bySearch("rerank-v4.0-pro", "^rerank-(v4\\.0|4)-pro", 2.5, "openrouter.ai/cohere/rerank-4-pro 2026-04"),
      bySearch(
        "rerank-v3.5",
        "^rerank-(v4\\.0-fast|4-fast|v3|english-v3|multilingual-v3)",
        2,
        "cohere.com/pricing 2026-11",
      ),
    ],
  ],
  [
    "aws",
    [
      bySearch("cohere.rerank-v3-5:0", "^.*cohere\\.rerank-v3", 2, "aws.amazon.com/bedrock/pricing 2026-11"),
      bySearch("amazon.rerank-v1:0", "^.*amazon\\.rerank", 1, "aws.amazon.com/bedrock/pricing 2026-11"),
    ],
  ],
  [
    "voyageai",
    [
      // Rerank 3 in LiteLLM alone.
      byToken(
        "rerank-2.5-lite",
        "^rerank-(3|2\\.5|2)-lite|^rerank-lite-1",
        0.02,
        "docs.voyageai.com/docs/pricing 2026-11",
      ),
      byToken("rerank-2.5", "^rerank-(3|2\\.5|2|1)$", 0.05, "docs.voyageai.com/docs/pricing 2026-11"),
    ],
  ],
  ["together", [byToken("Salesforce/Llama-Rank-V1", "^salesforce/llama-rank-v1", 0.1, "litellm 1.110 2026-11")]],
  [
    "jina",
    [
      // In LiteLLM and in Bifrost's library of models; Jina sells tokens in packets whose price may differ.
      byToken("jina-reranker", "^jina-reranker-(v3\\.5|m0|v2-base-multilingual)$", 0.05, "litellm 1.110 2026-11"),
    ],
  ],
]);

/** Providers that the source does not have: their names, and a pattern for models that are their own. */
export const ADDED_PROVIDERS = new Map([["jina", { names: "^jina", match: "^jina-" }]]);

/** @type {(id: string, match: string, perThousand: number, source: string) => object} */
function bySearch(id, match, perThousand, source) {
  return { id, source, match, rows: [{ prices: {}, units: { rerank_search: perThousand * 1e12 } }] };
}

/** @type {(id: string, match: string, perMillion: number, source: string) => object} */
function byToken(id, match, perMillion, source) {
  return { id, source, match, rows: [{ prices: { input: Math.round(perMillion * 1e9) } }] };
}
