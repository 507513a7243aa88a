type Attribute = { key: string; value: { stringValue: string } | { intValue: string } };

function text(key: string, value: string): Attribute {
  return { key, value: { stringValue: value } };
}

function count(key: string, value: number): Attribute {
  return { key, value: { intValue: String(value) } };
}

/** Lower-case hex of random bytes. */
function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function nanos(milliseconds: number): string {
  return `${Math.round(milliseconds)}000000`;
}

const CHAT: readonly Attribute[] = [
  text("gen_ai.operation.name", "chat"),
  text("gen_ai.provider.name", "openai"),
  text("gen_ai.request.model", "gpt-4o"),
  count("gen_ai.usage.input_tokens", 24),
  count("gen_ai.usage.output_tokens", 11),
  text("gen_ai.input.messages", messages("user", "Does the wind still flow?")),
  text("gen_ai.output.messages", messages("assistant", "It does: this test trace has **arrived**.")),
];

const TOOL: readonly Attribute[] = [
  text("gen_ai.operation.name", "execute_tool"),
  text("gen_ai.tool.name", "read_telltale"),
  text("gen_ai.tool.call.arguments", '{"sail":"main"}'),
  text("gen_ai.tool.call.result", '{"flow":"steady"}'),
];

const AGENT: readonly Attribute[] = [text("gen_ai.operation.name", "invoke_agent"), text("gen_ai.agent.name", "hello")];

function messages(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
}

/** An OTLP/JSON request with a small agent run: an agent that calls a model and a tool. Ends at `now`. */
export function testTrace(now: number): unknown {
  const traceId = randomHex(16);
  const agent = randomHex(8);
  const span = (name: string, from: number, to: number, attributes: readonly Attribute[]): object => ({
    traceId,
    spanId: randomHex(8),
    parentSpanId: agent,
    name,
    kind: 3,
    startTimeUnixNano: nanos(now + from),
    endTimeUnixNano: nanos(now + to),
    status: { code: 1 },
    attributes,
  });
  const spans = [
    { ...span("invoke_agent hello", -1600, 0, AGENT), spanId: agent, parentSpanId: "", kind: 1 },
    span("chat gpt-4o", -1550, -500, CHAT),
    span("execute_tool read_telltale", -450, -80, TOOL),
  ];
  return {
    resourceSpans: [
      {
        resource: { attributes: [text("service.name", "telltale-test")] },
        scopeSpans: [{ scope: { name: "telltale.web" }, spans }],
      },
    ],
  };
}

/** Sends it the way any OpenTelemetry SDK does. */
export async function sendTestTrace(): Promise<void> {
  const response = await fetch("/v1/traces", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(testTrace(Date.now())),
  });
  if (!response.ok)
    throw new Error(`The receiver answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
}
