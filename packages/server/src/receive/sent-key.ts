import { Buffer } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";

/**
 * The key that a request carries, as the vendors' SDKs send theirs: `x-api-key` (LangSmith), the secret half of Basic
 * (Langfuse: `public:secret`), or Bearer (OpenAI, OpenTelemetry); `undefined` without one.
 */
export function sentKey(headers: IncomingHttpHeaders): string | undefined {
  const apiKey = headers["x-api-key"];
  if (typeof apiKey === "string" && apiKey !== "") return apiKey;
  const [, scheme = "", credentials = ""] = /^\s*(\w+)\s+(\S+)\s*$/.exec(headers.authorization ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return credentials;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const pair = Buffer.from(credentials, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon < 0 ? undefined : pair.slice(colon + 1) || undefined;
}
