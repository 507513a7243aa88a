/** One way to send traces, ready to be copied. */
export interface QuickStartText {
  readonly name: string;
  readonly label: string;
  readonly intro: string;
  readonly text: string;
}

/** What to paste, for the address that these pages came from. */
export function quickStartTexts(origin: string): QuickStartText[] {
  const isDefault = origin === "http://127.0.0.1:4318" || origin === "http://localhost:4318";
  const endpoint = isDefault ? "" : `, endpoint: "${origin}"`;
  return [
    {
      name: "sdk",
      label: "Telltale SDK",
      intro: "For Node programs. Sees every model call without changing the client library.",
      text: `npm install @telltale/sdk

import { Telltale } from "@telltale/sdk";

Telltale.initialize({ appName: "my-agent"${endpoint} });`,
    },
    {
      name: "otlp",
      label: "OpenTelemetry",
      intro: "For anything that already speaks OpenTelemetry: any language, any GenAI instrumentation.",
      text: `export OTEL_EXPORTER_OTLP_ENDPOINT=${origin}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_SERVICE_NAME=my-agent`,
    },
    {
      name: "curl",
      label: "curl",
      intro: "One span by hand, to see that everything is connected.",
      text: curlText(origin),
    },
  ];
}

function curlText(origin: string): string {
  return `now=$(date +%s)
curl ${origin}/v1/traces -H 'content-type: application/json' -d '{
  "resourceSpans": [{ "scopeSpans": [{ "spans": [{
    "traceId": "'$(openssl rand -hex 16)'", "spanId": "'$(openssl rand -hex 8)'",
    "name": "chat gpt-4o", "kind": 3,
    "startTimeUnixNano": "'$now'000000000", "endTimeUnixNano": "'$now'800000000",
    "attributes": [
      { "key": "gen_ai.operation.name", "value": { "stringValue": "chat" } },
      { "key": "gen_ai.request.model", "value": { "stringValue": "gpt-4o" } },
      { "key": "gen_ai.usage.input_tokens", "value": { "intValue": "12" } },
      { "key": "gen_ai.usage.output_tokens", "value": { "intValue": "34" } }
    ] }] }] }]
}'`;
}
