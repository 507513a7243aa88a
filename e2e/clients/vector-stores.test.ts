import { beforeAll, describe, expect, it } from "vitest";
import type { ReadSpan } from "../../packages/sdk/src/testing/read-spans.ts";
import { vectorStoresScript } from "./servers/vector-stores.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

/** Chroma names a collection by its id in every path. */
const CHROMA_ID = /[0-9a-f-]{36}/;

let seen: Observation;

beforeAll(async () => {
  seen = await observe({ file: "vector-stores.ts", server: () => startScriptedServer(vectorStoresScript) });
}, 120_000);

function spansOf(scenario: string): readonly ReadSpan[] {
  return seen.scenario(scenario).spans;
}

function documentsOf(span: ReadSpan | undefined): unknown {
  return JSON.parse(String(span?.attributes["gen_ai.retrieval.documents"]));
}

describe("programs that search in vector stores", () => {
  it("behave with the SDK as they do without", () => {
    expect(seen.without).toMatchObject({ code: 0 });
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each([
    ["qdrant-query", "", Array(4).fill("retrieval docs")],
    ["qdrant-upsert", "", ["upsert docs"]],
    ["qdrant-missing", " ! Error", ["retrieval missing ! 404"]],
    ["chroma-query", "", ["upsert C", "retrieval C", "retrieval C ! InvalidArgumentError"]],
    ["pinecone-query", " ! PineconeBadRequestError", ["upsert", "retrieval", "upsert", "retrieval", "retrieval ! 400"]],
    [
      "weaviate-query",
      " ! ClientError",
      ["retrieval Article", "retrieval Article", "import Article", "retrieval Missing ! graphql_error"],
    ],
    [
      "elastic-query",
      " ! ResponseError",
      [...Array<string>(3).fill("retrieval docs"), "retrieval missing ! index_not_found_exception"],
    ],
    ["opensearch-query", "", Array(2).fill("retrieval docs")],
    ["not-a-store", "", []],
  ])("%s has each search and each upsert, and nothing else, in one tree", (name, failed, below) => {
    const tree = seen.scenario(name).tree.map((line) => line.replace(CHROMA_ID, "C"));
    expect(tree).toEqual([name + failed, ...below.map((line) => `  ${line}`)]);
  });

  it("tells query, limit, filter, scores and texts, in the names of the conventions", () => {
    const [byVector, byText] = spansOf("qdrant-query");
    expect(byVector?.attributes).toMatchObject({
      "telltale.span.kind": "retrieval",
      "gen_ai.operation.name": "retrieval",
      "gen_ai.data_source.id": "docs",
      "gen_ai.retrieval.top_k": 2,
      "db.system.name": "qdrant",
      "db.operation.name": "query",
      "db.collection.name": "docs",
      "db.response.returned_rows": 2,
      "telltale.retrieval.filter": '{"must":[{"key":"lang","match":{"value":"en"}}]}',
    });
    expect(documentsOf(byVector)).toEqual([
      { id: 7, score: 0.91, content: "Parcels arrive within three days.", metadata: { source: "faq.md" } },
      { id: "a-b", score: 0.4, metadata: { source: "other.md" } },
    ]);
    expect(byText?.attributes).toMatchObject({
      "gen_ai.retrieval.query.text": "Where is it?",
      "gen_ai.retrieval.top_k": 5,
    });
  });

  it("says of distances that they are distances", () => {
    const [, chroma] = spansOf("chroma-query");
    expect(chroma?.attributes).toMatchObject({
      "db.system.name": "chroma",
      "db.namespace": "default_database",
      "gen_ai.retrieval.top_k": 2,
      "telltale.retrieval.score_measure": "distance",
      "telltale.retrieval.filter": '{"source":"faq.md"}',
    });
    expect(documentsOf(chroma)).toEqual([
      { id: "d1", score: 0.12, content: "Parcels arrive.", metadata: { source: "faq.md" } },
      { id: "d2", score: 0.7 },
    ]);
    const [near, hybrid] = spansOf("weaviate-query");
    expect(near?.attributes).toMatchObject({
      "gen_ai.retrieval.query.text": "parcel (lost)",
      "telltale.retrieval.score_measure": "distance",
    });
    expect(hybrid?.attributes).toMatchObject({
      "gen_ai.retrieval.query.text": 'say "when"',
      "telltale.retrieval.score_measure": "similarity",
    });
    expect(documentsOf(hybrid)).toEqual([
      { id: "w1", score: 0.75, content: "They arrive.", metadata: { title: "Parcels" } },
    ]);
  });

  it("reads searches by text where the store makes the vectors", () => {
    const records = spansOf("pinecone-query")[3];
    expect(records?.attributes).toMatchObject({
      "db.system.name": "pinecone",
      "db.namespace": "eu",
      "gen_ai.retrieval.query.text": "Where is it?",
      "gen_ai.retrieval.top_k": 4,
    });
    expect(documentsOf(records)).toEqual([
      { id: "r1", score: 0.6, content: "Parcels arrive.", metadata: { category: "post" } },
    ]);
    const semantic = [spansOf("elastic-query")[1], spansOf("opensearch-query")[1]];
    expect(semantic.map((span) => span?.attributes)).toMatchObject([
      { "db.system.name": "elasticsearch", "gen_ai.retrieval.query.text": "Where is it?", "gen_ai.retrieval.top_k": 7 },
      { "db.system.name": "opensearch", "gen_ai.retrieval.query.text": "Where is it?", "gen_ai.retrieval.top_k": 4 },
    ]);
  });

  it("counts what is put in, tells nothing of it, and sends no vector", () => {
    const [upsert] = spansOf("qdrant-upsert");
    expect(upsert?.attributes).toMatchObject({
      "telltale.span.kind": "span",
      "db.operation.name": "upsert",
      "db.operation.batch.size": 3,
      "telltale.outcome": "complete",
    });
    const counts = [...spansOf("chroma-query"), ...spansOf("pinecone-query"), ...spansOf("weaviate-query")]
      .filter(({ attributes }) => attributes["telltale.span.kind"] === "span")
      .map(({ attributes }) => [attributes["db.operation.batch.size"], attributes["telltale.outcome"]]);
    expect(counts).toEqual([2, 2, 1, 1].map((count) => [count, "complete"]));
    const sent = JSON.stringify(seen.spans.map(({ attributes }) => attributes));
    expect(sent).not.toContain("0.123456");
    expect(sent).not.toContain("pc-secret");
  });

  it("tells what the store says when it refuses", () => {
    const last = (name: string): unknown => {
      const span = spansOf(name).at(-1);
      return [span?.statusMessage, span?.attributes["http.response.status_code"]];
    };
    expect(last("qdrant-missing")).toEqual(["Not found: Collection `missing` doesn't exist!", 404]);
    expect(last("chroma-query")).toEqual(["Thirteen brings bad luck.", 400]);
    expect(last("pinecone-query")).toEqual(["Thirteen brings bad luck.", 400]);
    expect(last("weaviate-query")).toEqual(["Cannot query field Missing.", 200]);
    expect(last("elastic-query")).toEqual(["no such index [missing]", 404]);
  });
});
