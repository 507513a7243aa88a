import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { answerOrigin } from "./allowed-origins.ts";

let server: Server;
afterEach(() => server.close());

/** The status and headers of an answer to a page of `https://app.example`; 299 where the receiver would answer. */
async function ask(origins: readonly string[], method: string, more: Record<string, string> = {}): Promise<Response> {
  server = createServer((request, response) => {
    if (!answerOrigin(request, response, origins)) response.writeHead(299).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const headers = { origin: "https://app.example", ...more };
  return fetch(`http://127.0.0.1:${port}/v1/traces`, { method, headers });
}

const ASKING = { "access-control-request-method": "POST", "access-control-request-private-network": "true" };

it("lets pages of an allowed origin send, and tells them what they may say", async () => {
  const { status, headers } = await ask(["https://other.example", "https://app.example"], "OPTIONS", ASKING);
  expect(status).toBe(204);
  expect(headers.get("access-control-allow-origin")).toBe("https://app.example");
  expect(headers.get("access-control-allow-methods")).toBe("POST");
  expect(headers.get("access-control-allow-headers")).toContain("content-type");
  expect(headers.get("access-control-allow-private-network")).toBe("true");
  expect(headers.get("vary")).toBe("Origin");
  expect(headers.get("access-control-allow-credentials")).toBeNull();
  const sent = await ask(["*"], "POST");
  expect(sent.status).toBe(299);
  expect(sent.headers.get("access-control-allow-origin")).toBe("*");
});

it.each([[[]], [["https://app.example:8080"]], [["http://app.example"]]])(
  "refuses with %j, and says how",
  async (origins) => {
    const refused = await ask(origins, "OPTIONS", ASKING);
    expect(refused.status).toBe(403);
    expect(refused.headers.get("access-control-allow-origin")).toBeNull();
    expect(await refused.text()).toContain("--allow-origin");
  },
);

it("leaves programs alone, which have no origin, and OPTIONS that is no page's question", async () => {
  const { status, headers } = await ask([], "POST", { origin: "" });
  expect([status, headers.get("access-control-allow-origin")]).toEqual([299, null]);
  expect((await ask(["*"], "OPTIONS")).status).toBe(299);
});
