import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { portOwner } from "./port-owner.ts";

test.runIf(process.platform === "linux")("names the process that listens, and nobody once it has stopped", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  expect((await portOwner(port))?.processId).toBe(process.pid);
  server.close();
  await once(server, "close");
  expect(await portOwner(port)).toBeUndefined();
});
