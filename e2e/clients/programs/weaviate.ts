import weaviate from "weaviate-client";
import { runScenarios } from "../testing/scenarios.ts";
import { trace } from "../testing/trace.ts";

const url = new URL(String(process.env["SERVER_URL"]));
const client = await weaviate.connectToCustom({
  httpHost: url.hostname,
  httpPort: Number(url.port),
  grpcHost: url.hostname,
  grpcPort: Number(url.searchParams.get("grpc")),
  httpSecure: false,
  grpcSecure: false,
});
const articles = client.collections.use("Article");
const vector = [0.123456, 0.25, 0.5];

await runScenarios({
  "near-vector": async (print) =>
    print(await articles.query.nearVector(vector, { limit: 2, returnMetadata: ["distance"] })),
  "near-text": async (print) =>
    print(await articles.query.nearText(["parcel", "東京 🗼"], { limit: 3, distance: 0.6 })),
  hybrid: async (print) => print(await articles.query.hybrid("lost parcel", { limit: 4, returnMetadata: ["score"] })),
  bm25: async (print) => print(await articles.withTenant("eu").query.bm25("parcel", { limit: 1 })),
  grouped: async (print) => {
    const groupBy = { property: "title", numberOfGroups: 2, objectsPerGroup: 1 };
    print((await articles.query.nearVector(vector, { groupBy, limit: 2 })).objects.length);
  },
  // Lists objects, and searches nothing.
  listed: async (print) => print((await articles.query.fetchObjects({ limit: 1 })).objects.length),
  insert: async (print) => {
    const found = await articles.data.insertMany([
      { id: "0f1e2d3c-0000-4000-8000-000000000001", properties: { title: "One" }, vectors: vector },
      { id: "0f1e2d3c-0000-4000-8000-000000000002", properties: { title: "Two" }, vectors: vector },
    ]);
    print(found.hasErrors);
  },
  missing: (print) =>
    client.collections
      .use("Missing")
      .query.nearVector(vector)
      .catch((error: unknown) => print(String(error).split("\n")[0]?.slice(0, 80) ?? "")),
  lost: () => client.collections.use("Lost").query.nearVector(vector),
  abort: async (print) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    print(await client.collections.use("Never").query.nearVector(vector, {}, { abortSignal: stop.signal }));
  },
  concurrent: async (print) => {
    const answers = Array.from({ length: 6 }, (_, index) =>
      trace.withSpan(`turn of user-${index}`, async () => {
        trace.setUser(`user-${index}`);
        return (await articles.query.nearText(`user-${index}`, { limit: 1 })).objects.length;
      }),
    );
    print(await Promise.all(answers));
  },
  big: async (print) =>
    print((await articles.query.bm25("Lorem ipsum — dolor. ".repeat(5000), { limit: 1 })).objects.length),
});
await client.close();
