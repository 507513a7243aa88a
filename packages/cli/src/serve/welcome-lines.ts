import type { Terminal } from "../terminal/terminal.ts";

/** What a person needs to know once the server listens: where to look, what to send, how to stop. */
export function welcomeLines(
  server: { url: string; dataDirectory: string; pages: boolean; grpcPort?: number | undefined },
  style: Terminal["style"],
): string[] {
  const { url, dataDirectory, pages, grpcPort } = server;
  const grpc = grpcPort === undefined ? [] : [`  Over gRPC    ${new URL(url).hostname}:${grpcPort}`];
  return [
    "",
    `  ${style("bold", "Telltale is listening.")}`,
    "",
    `  Look here    ${style("cyan", url)}${pages ? "" : "  (the API only: the pages are not built)"}`,
    ...grpc,
    `  Data is in   ${dataDirectory}`,
    "",
    `  ${style("bold", "Watch your own program")}   npm install @telltale/sdk, then`,
    "",
    `    import { Telltale } from "@telltale/sdk";`,
    `    Telltale.initialize({ appName: "my-app" });`,
    `    await Telltale.withSpan("my-step", async () => { /* your model calls */ });`,
    "",
    `  Any other OpenTelemetry SDK: OTEL_EXPORTER_OTLP_ENDPOINT=${url}`,
    `                               OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`,
    "",
    `  Nothing arrives? telltale doctor. Ctrl-C stops it; what was received stays.`,
    "",
  ];
}
