import { expect, it } from "vitest";
import { eventRecord, spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

const context = { project: "", receivedAt: 0n };

it("reads a model call of Claude Code, whose cached tokens are apart", () => {
  const span = translate(
    spanRecord(
      {
        "span.type": "llm_request",
        model: "claude-sonnet-4-5",
        input_tokens: 18,
        output_tokens: 40,
        cache_read_tokens: 512,
        cache_creation_tokens: 128,
        ttft_ms: 120,
        new_context: "<REDACTED>",
        "session.id": "s-1",
      },
      { name: "claude_code.llm_request" },
    ),
    [],
    context,
  );
  expect(span).toMatchObject({
    kind: "llm",
    provider: "anthropic",
    requestModel: "claude-sonnet-4-5",
    input: { type: "masked" },
    sessionId: "s-1",
    timeToFirstToken: 120_000_000n,
  });
  expect(span.usage[0]?.buckets).toEqual({ input: 18, output: 40, cache_read: 512, cache_write: 128 });
});

it("reads a tool of Claude Code with what it gave", () => {
  const span = translate(
    spanRecord(
      { "span.type": "tool", tool_name: "Bash", full_command: "ls" },
      { name: "claude_code.tool", events: [eventRecord("tool.output", { output: "README.md" })] },
    ),
    [],
    context,
  );
  expect(span).toMatchObject({
    kind: "tool",
    toolName: "Bash",
    input: { type: "text", text: "ls" },
    output: { type: "text", text: "README.md" },
  });
});
