import { beforeAll, describe, expect, it } from "vitest";
import { startWeaviate } from "./servers/weaviate.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";

let seen: Observation;

beforeAll(async () => {
  seen = await observe({ file: "weaviate.ts", server: startWeaviate });
}, 120_000);

const attributes = (scenario: string): Readonly<Record<string, unknown>> =>
  seen.scenario(scenario).spans.find(({ kind }) => kind === 3)?.attributes ?? {};
const IDS = ["0f1e2d3c-0000-4000-8000-000000000001", "0f1e2d3c-0000-4000-8000-000000000002"];
const FOUND = [
  {
    id: IDS[0],
    score: 0.25,
    content: "Parcels arrive — 東京 🗼.",
    metadata: { title: "Parcels", words: 3, rating: 4.5, isNew: true, tags: ["post", "help"] },
  },
  { id: IDS[1], score: 0.7, content: "Others do not." },
];

describe("a program with Weaviate's gRPC client", () => {
  it("behaves with the SDK as it does without", () => {
    expect(seen.without).toMatchObject({ code: 0 });
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each<readonly [scenario: string, below: readonly string[]]>([
    ["near-vector", ["retrieval Article"]],
    ["near-text", ["retrieval Article"]],
    ["hybrid", ["retrieval Article"]],
    ["bm25", ["retrieval Article"]],
    ["grouped", ["retrieval Article"]],
    ["listed", []],
    ["insert", ["import Article ! batch_error"]],
    ["missing", ["retrieval Missing ! NOT_FOUND"]],
    ["abort", ["retrieval Never ! aborted"]],
    ["concurrent", Array.from({ length: 6 }, (_, user) => [`turn of user-${user}`, "  retrieval Article"]).flat()],
    ["big", ["retrieval Article"]],
  ])("%s is one tree", (name, below) => {
    const [root = "", ...lines] = seen.scenario(name).tree;
    expect([root.split(" ")[0], ...lines]).toEqual([name, ...below.map((line) => `  ${line}`)]);
  });

  it("tells each attempt of a search that the client repeats", () => {
    const [, ...attempts] = seen.scenario("lost").tree;
    expect(attempts).toHaveLength(seen.watched.requests.filter(({ bytes }) => bytes.includes("Lost")).length);
    expect(new Set(attempts)).toEqual(new Set(["  retrieval Lost ! UNAVAILABLE"]));
  });

  it("tells kind, limit, texts, ids and how near they are", () => {
    const told = (name: string): unknown => {
      const { "gen_ai.retrieval.top_k": limit, "gen_ai.retrieval.query.text": text } = attributes(name);
      return [attributes(name)["db.operation.name"], limit, text];
    };
    expect(told("near-vector")).toEqual(["nearVector", 2, undefined]);
    expect(told("near-text")).toEqual(["nearText", 3, "parcel\n東京 🗼"]);
    expect(told("hybrid")).toEqual(["hybrid", 4, "lost parcel"]);
    expect(told("bm25")).toEqual(["bm25", 1, "parcel"]);
    expect(attributes("bm25")["db.namespace"]).toBe("eu");
    expect(String(attributes("big")["gen_ai.retrieval.query.text"])).toBe("Lorem ipsum — dolor. ".repeat(5000));
    for (const name of ["near-vector", "grouped"]) {
      expect(JSON.parse(String(attributes(name)["gen_ai.retrieval.documents"]))).toEqual(FOUND);
    }
    expect(attributes("near-vector")).toMatchObject({
      "telltale.span.kind": "retrieval",
      "db.system.name": "weaviate",
      "db.collection.name": "Article",
      "db.response.returned_rows": 2,
      "telltale.retrieval.score_measure": "distance",
      "telltale.outcome": "complete",
      "server.address": "127.0.0.1",
    });
    expect(attributes("hybrid")["telltale.retrieval.score_measure"]).toBe("similarity");
    expect(attributes("insert")).toMatchObject({ "db.operation.batch.size": 2, "db.collection.name": "Article" });
  });

  it("tells what the store says when it refuses", () => {
    const span = seen.scenario("missing").spans.find(({ kind }) => kind === 3);
    expect(span?.statusMessage).toBe('no class "Missing": 100%');
    expect(attributes("abort")["telltale.outcome"]).toBe("aborted");
  });

  it("does not mix users that are served at once", () => {
    const calls = seen.scenario("concurrent").spans.filter(({ kind }) => kind === 3);
    expect(calls).toHaveLength(6);
    for (const call of calls) expect(call.attributes["gen_ai.retrieval.query.text"]).toBe(call.attributes["user.id"]);
  });
});
