// Looks for repeated calls in spans, as the server does: node --conditions=development examples/detect-a-loop.ts
import { parseSpanId, parseTraceId, type Span } from "@telltale/model";
import { detectors } from "@telltale/rules";

const traceId = parseTraceId("0af7651916cd43dd8448eb211c80319c");
if (!traceId) throw new Error("that is no trace id");

const searches = ["refund policy damaged item", "refund policy for a damaged item", "refund policy damaged items"];
const watches = detectors.map((detector) => detector.create());

for (const [index, query] of searches.entries()) {
  const spanId = parseSpanId(String(index + 1).padStart(16, "0"));
  if (!spanId) continue;
  const span: Span = {
    traceId,
    spanId,
    project: "default",
    serviceName: "support-desk",
    name: "search",
    kind: "tool",
    toolName: "search",
    startTime: BigInt(index),
    status: "ok",
    input: { type: "text", text: query },
    usage: [],
    tags: [],
    attributes: new Map(),
    resource: new Map(),
    scopeName: "example",
    scopeVersion: "1",
    events: [],
    links: [],
    dialect: "example/1",
  };
  for (const watch of watches) console.log(query, "→", watch.see(span)?.message ?? "nothing to say");
}
