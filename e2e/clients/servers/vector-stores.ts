import type { Reply, ServedRequest } from "../testing/scripted-server.ts";

const QDRANT_POINTS = [
  { id: 7, version: 3, score: 0.91, payload: { text: "Parcels arrive within three days.", source: "faq.md" } },
  { id: "a-b", version: 3, score: 0.4, payload: { source: "other.md" } },
];
const CHROMA_COLLECTION = {
  id: "0f1e2d3c-0000-4000-8000-000000000001",
  name: "docs",
  configuration_json: {},
  metadata: null,
  dimension: 3,
  tenant: "default_tenant",
  database: "default_database",
  log_position: 0,
  version: 0,
};
const ELASTIC = { "x-elastic-product": "Elasticsearch", "content-type": "application/vnd.elasticsearch+json" };

/** The HTTP APIs of vector stores as the scenarios need them. A collection called `missing` is not there. */
export function vectorStoresScript(request: ServedRequest): Reply {
  const { path } = request;
  if (path.startsWith("/collections/")) return qdrant(request);
  if (path.startsWith("/api/v2/")) return chroma(request);
  if (path.startsWith("/v1/") || path.startsWith("/weaviate/")) return weaviate(request);
  if (path.endsWith("/_search")) return elastic(request);
  if (path === "/mine/query") return { json: { rows: [1] } };
  return pinecone(request);
}

function qdrant({ method, path }: ServedRequest): Reply {
  if (path.includes("/missing/")) {
    const error = "Not found: Collection `missing` doesn't exist!";
    return { status: 404, json: { status: { error }, time: 0.001 } };
  }
  const told = { status: "ok", time: 0.001 };
  if (method === "PUT") return { json: { ...told, result: { operation_id: 1, status: "completed" } } };
  if (path.endsWith("/query/batch")) {
    return { json: { ...told, result: QDRANT_POINTS.map((point) => ({ points: [point] })) } };
  }
  if (path.endsWith("/query/groups")) {
    return { json: { ...told, result: { groups: [{ id: "faq.md", hits: QDRANT_POINTS.slice(0, 1) }] } } };
  }
  if (path.endsWith("/points/query")) return { json: { ...told, result: { points: QDRANT_POINTS } } };
  return { json: { ...told, result: path.endsWith("/scroll") ? { points: [] } : QDRANT_POINTS } };
}

function chroma({ path, body }: ServedRequest): Reply {
  if (path.endsWith("/collections")) return { json: CHROMA_COLLECTION };
  if (path.endsWith("/auth/identity")) {
    return { json: { user_id: "", tenant: "default_tenant", databases: ["default_database"] } };
  }
  if (path.endsWith("/pre-flight-checks")) return { json: { max_batch_size: 1000 } };
  if (path.endsWith("/upsert") || path.endsWith("/add")) return { status: 201, json: {} };
  const { n_results: asked } = body as { readonly n_results?: number };
  if (asked === 13) {
    return { status: 400, json: { error: "InvalidArgumentError", message: "Thirteen brings bad luck." } };
  }
  return {
    json: {
      ids: [["d1", "d2"]],
      documents: [["Parcels arrive.", null]],
      distances: [[0.12, 0.7]],
      metadatas: [[{ source: "faq.md" }, null]],
      embeddings: null,
      uris: null,
      include: ["documents", "distances", "metadatas"],
    },
  };
}

function pinecone({ path, body }: ServedRequest): Reply {
  const usage = { read_units: 6, embed_total_tokens: 10, rerank_units: 1 };
  if (path === "/query") {
    const { topK } = body as { readonly topK: number };
    if (topK === 13) return { status: 400, json: { code: 3, message: "Thirteen brings bad luck.", details: [] } };
    const matches = [{ id: "v1", score: 0.8, values: [], metadata: { text: "Parcels arrive.", year: 2026 } }];
    return { json: { matches, namespace: "eu", usage: { readUnits: 5 } } };
  }
  if (path === "/vectors/upsert") return { json: { upsertedCount: 2 } };
  if (path.endsWith("/search")) {
    const hits = [{ _id: "r1", _score: 0.6, fields: { chunk_text: "Parcels arrive.", category: "post" } }];
    return { json: { result: { hits }, usage } };
  }
  if (path.endsWith("/upsert")) return { status: 201 };
  return { status: 404, json: { error: { code: "NOT_FOUND", message: "There is no such index." }, status: 404 } };
}

function weaviate({ path, body }: ServedRequest): Reply {
  if (path.endsWith("/meta")) return { json: { version: "1.34.0", modules: {}, hostname: "http://[::]:8080" } };
  if (path.endsWith("/batch/objects")) return { json: [{ class: "Article", result: { status: "SUCCESS" } }] };
  if (!path.endsWith("/graphql")) return { json: {} };
  const { query } = body as { readonly query: string };
  if (query.includes("Missing")) {
    return { json: { data: { Get: null }, errors: [{ message: "Cannot query field Missing.", path: null }] } };
  }
  const additional = query.includes("hybrid") ? { id: "w1", score: "0.75" } : { id: "w1", distance: 0.2 };
  return {
    json: { data: { Get: { Article: [{ title: "Parcels", body: "They arrive.", _additional: additional }] } } },
  };
}

function elastic({ path, headers }: ServedRequest): Reply {
  const told = headers["accept"]?.includes("vnd.elasticsearch") === true ? ELASTIC : {};
  if (path.startsWith("/missing/")) {
    const error = { type: "index_not_found_exception", reason: "no such index [missing]" };
    return { status: 404, headers: told, json: { error: { root_cause: [error], ...error }, status: 404 } };
  }
  const hits = [{ _index: "docs", _id: "e1", _score: 1.5, _source: { content: "Parcels arrive.", tag: "post" } }];
  return {
    headers: told,
    json: {
      took: 3,
      timed_out: false,
      _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
      hits: { total: { value: 1, relation: "eq" }, max_score: 1.5, hits },
    },
  };
}
