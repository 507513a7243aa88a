import { Client as ElasticClient } from "@elastic/elasticsearch";
import { Client as OpenSearchClient } from "@opensearch-project/opensearch";
import { Pinecone } from "@pinecone-database/pinecone";
import { QdrantClient } from "@qdrant/js-client-rest";
import { ChromaClient } from "chromadb";
import { weaviateV2 } from "weaviate-client";
import { runScenarios } from "../testing/scenarios.ts";

const url = String(process.env["SERVER_URL"]);
const { hostname, port } = new URL(url);
const vector = [0.123456, 0.25, 0.5];

const qdrant = new QdrantClient({ url, checkCompatibility: false });
const chroma = new ChromaClient({ host: hostname, port: Number(port), ssl: false });
const pinecone = new Pinecone({ apiKey: "pc-secret", maxRetries: 0 }).index({ name: "docs", host: url });
const weaviate = weaviateV2.client({ scheme: "http", host: `${hostname}:${port}` });
const elastic = new ElasticClient({ node: url, maxRetries: 0 });
const opensearch = new OpenSearchClient({ node: url, maxRetries: 0 });
const withoutEmbedding = { generate: () => Promise.resolve([vector]) };

await runScenarios({
  "qdrant-query": async (print) => {
    const filter = { must: [{ key: "lang", match: { value: "en" } }] };
    print(await qdrant.query("docs", { query: vector, limit: 2, filter, with_payload: true }));
    print(await qdrant.query("docs", { query: { text: "Where is it?", model: "bm25" }, limit: 5 }));
    print(
      await qdrant.queryBatch("docs", {
        searches: [
          { query: vector, limit: 1 },
          { query: 7, limit: 1 },
        ],
      }),
    );
    print(await qdrant.queryGroups("docs", { query: vector, group_by: "source", limit: 3 }));
  },
  "qdrant-upsert": async (print) => {
    print(await qdrant.upsert("docs", { points: [1, 2, 3].map((id) => ({ id, vector, payload: { text: "x" } })) }));
    print(await qdrant.scroll("docs", { limit: 1 }));
  },
  "qdrant-missing": async (print) => print(await qdrant.query("missing", { query: vector, limit: 2 })),
  "chroma-query": async (print) => {
    const collection = await chroma.getOrCreateCollection({ name: "docs", embeddingFunction: withoutEmbedding });
    await collection.upsert({ ids: ["d1", "d2"], embeddings: [vector, vector], documents: ["a", "b"] });
    const found = await collection.query({ queryEmbeddings: [vector], nResults: 2, where: { source: "faq.md" } });
    print(found.ids, found.distances, found.documents);
    // The message has the server's port in it.
    const failed = await collection.query({ queryEmbeddings: [vector], nResults: 13 }).catch((error: unknown) => error);
    print(String(failed).replace(url, "http://chroma"));
  },
  "pinecone-query": async (print) => {
    const index = pinecone.namespace("eu");
    await index.upsert({
      records: [
        { id: "v1", values: vector },
        { id: "v2", values: vector },
      ],
    });
    print(await index.query({ vector, topK: 3, filter: { year: { $gte: 2020 } }, includeMetadata: true }));
    await index.upsertRecords({ records: [{ id: "r1", chunk_text: "Parcels arrive." }] });
    print(await index.searchRecords({ query: { topK: 4, inputs: { text: "Where is it?" } }, fields: ["chunk_text"] }));
    print(await index.query({ vector, topK: 13 }));
  },
  "weaviate-query": async (print) => {
    const get = () => weaviate.graphql.get().withFields("title body _additional { id distance }").withLimit(2);
    print(
      await get()
        .withClassName("Article")
        .withNearText({ concepts: ["parcel (lost)"] })
        .do(),
    );
    print(await get().withClassName("Article").withHybrid({ query: 'say "when"', alpha: 0.5 }).do());
    print(await get().withClassName("Article").do());
    print(
      await weaviate.batch
        .objectsBatcher()
        .withObject({ class: "Article", properties: { title: "x" } })
        .do(),
    );
    print(await get().withClassName("Missing").withNearVector({ vector }).do());
  },
  "elastic-query": async (print) => {
    const filter = { term: { lang: "en" } };
    print(await elastic.search({ index: "docs", knn: { field: "v", query_vector: vector, k: 3, filter } }));
    print(await elastic.search({ index: "docs", query: { semantic: { field: "s", query: "Where is it?" } }, size: 7 }));
    const retrievers = [
      { standard: { query: { match: { content: "it" } } } },
      { knn: { field: "v", query_vector: vector, k: 5, num_candidates: 50 } },
    ];
    print(await elastic.search({ index: "docs", retriever: { rrf: { retrievers } } }));
    print(await elastic.search({ index: "docs", query: { match: { content: "only words" } } }));
    print(await elastic.search({ index: "missing", knn: { field: "v", query_vector: vector, k: 3 } }));
  },
  "opensearch-query": async (print) => {
    const { body } = await opensearch.search({
      index: "docs",
      body: { size: 2, query: { knn: { v: { vector, k: 2 } } } },
    });
    print(body);
    const neural = { v: { query_text: "Where is it?", model_id: "m", k: 4 } };
    print((await opensearch.search({ index: "docs", body: { query: { neural } } })).body);
  },
  "not-a-store": async (print) => {
    const ask = { method: "POST", body: JSON.stringify({ query: "select", limit: 3 }) };
    print(await (await fetch(`${url}/mine/query`, ask)).json());
    print((await fetch(`${url}/query`, { ...ask, body: JSON.stringify({ topK: "all" }) })).status);
  },
});
