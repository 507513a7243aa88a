import type { CheckResult } from "./check-result.ts";

/** Machines that the embedded engine is built for. */
const ENGINE_PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

/** What Telltale runs on. */
export interface Runtime {
  readonly telltale: string;
  readonly node: string;
  /** As `process.platform` and `process.arch` say, with a hyphen. */
  readonly platform: string;
}

/** Versions, and whether the embedded engine exists for this machine. */
export function checkRuntime({ telltale, node, platform }: Runtime): CheckResult {
  const text = `Telltale ${telltale} on Node ${node}, ${platform}`;
  if (ENGINE_PLATFORMS.includes(platform)) return { status: "ok", subject: "versions", text };
  return {
    status: "problem",
    subject: "versions",
    text: `${text}: the embedded engine does not exist for this machine`,
    advice: "Store in a ClickHouse server: telltale serve --clickhouse http://user:password@host:8123",
  };
}
