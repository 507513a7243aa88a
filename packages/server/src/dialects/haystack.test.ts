import { expect, it } from "vitest";
import { readRecording } from "../testing/read-recording.ts";
import { translate } from "../translate.ts";

it("tells what each component of a pipeline is and what went through it", () => {
  const spans = readRecording("haystack/rag").spans.map((span) => translate(span, [], { project: "", receivedAt: 0n }));
  const kinds = spans.map(({ kind }) => kind);
  expect(kinds).toEqual(["retrieval", "prompt", "llm", "workflow"]);
  expect(spans[0]).toMatchObject({
    input: { type: "text", text: "refunds purchase" },
    output: { type: "documents", documents: [{ id: "doc-1" }] },
  });
  expect(spans[2]?.provider).toBe("openai");
  expect(spans[2]?.usage[0]?.buckets).toMatchObject({ input: 16, cache_read: 15, output: 23 });
});
