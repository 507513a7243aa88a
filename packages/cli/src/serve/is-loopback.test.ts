import { expect, test } from "vitest";
import { isLoopback } from "./is-loopback.ts";

test.each(["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "[::1]"])("%s is this machine only", (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(["0.0.0.0", "::", "192.168.1.2", "127.0.0.1.evil.test", "localhost.evil.test", "", "::ffff:10.0.0.1"])(
  "%j is not",
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
