import { GRPC_TRAILERS, grpcFailure, grpcMessage } from "../grpc/grpc-answer.ts";
import { retrievalReading, writeReading } from "../retrieval/retrieval-reading.ts";
import { batchFailure, batchIn, documentsIn, searchIn } from "../weaviate/grpc-messages.ts";
import type { Call, Reading, Wire } from "../wire.ts";

const SEARCH = "/weaviate.v1.Weaviate/Search";
const BATCH = "/weaviate.v1.Weaviate/BatchObjects";

/** Weaviate's gRPC, by which its newer client searches and writes. */
export const weaviateGrpc: Wire = {
  name: "weaviate-grpc",
  provider: "weaviate",
  headers: () => GRPC_TRAILERS,
  claims: ({ path }) => path === SEARCH || path === BATCH,
  read(call, { captureContent }): Reading | undefined {
    if (call.request.path === BATCH) return readBatch(call);
    const asked = grpcMessage(call.requestBytes);
    const search = asked === undefined ? undefined : searchIn(asked);
    // Without a search it lists objects.
    if (asked !== undefined && search?.operation === undefined) return undefined;
    const failure = grpcFailure(call);
    const answer = failure === undefined ? grpcMessage(call.responseBytes) : undefined;
    const found = answer === undefined ? undefined : documentsIn(answer);
    return retrievalReading(
      {
        system: "weaviate",
        collection: undefined,
        ...search,
        operation: search?.operation ?? "search",
        measure: found?.measure,
        documents: found?.documents,
        failure,
      },
      captureContent,
    );
  },
};

function readBatch(call: Call): Reading {
  const asked = grpcMessage(call.requestBytes);
  const answer = grpcMessage(call.responseBytes);
  const batch = asked === undefined ? undefined : batchIn(asked);
  const failure = grpcFailure(call) ?? (answer === undefined ? undefined : batchFailure(answer));
  return writeReading(call, {
    system: "weaviate",
    operation: "import",
    collection: batch?.collection,
    namespace: batch?.tenant,
    count: batch?.count,
    failure,
  });
}
