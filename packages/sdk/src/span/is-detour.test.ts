import { expect, it } from "vitest";
import { flush, withSpan } from "../index.ts";
import { useSpanSink } from "../testing/use-span-sink.ts";
import { isDetour } from "./is-detour.ts";

const used = useSpanSink();

function thrownByNext(digest: string): Error {
  return Object.assign(new Error(digest.split(";", 1)[0]), { digest });
}

it("a redirect, a page that is not there and Next's own signals are no failures of the span they leave", async () => {
  const digests = [
    "NEXT_REDIRECT;push;/cart;307;",
    "NEXT_HTTP_ERROR_FALLBACK;404",
    "DYNAMIC_SERVER_USAGE",
    "BAILOUT_TO_CLIENT_SIDE_RENDERING",
    "HANGING_PROMISE_REJECTION",
  ];
  used.start();
  for (const digest of digests) {
    const thrown = thrownByNext(digest);
    await expect(withSpan(digest, () => Promise.reject(thrown))).rejects.toBe(thrown);
  }
  await flush();
  const { spans } = used.sink;
  expect(spans.map(({ name, statusCode }) => [name, statusCode])).toEqual(digests.map((digest) => [digest, 0]));
  expect(spans.flatMap(({ events }) => events)).toEqual([]);
});

it("an error with any other digest, as React gives to those of the server, is one", () => {
  const hostile = new Proxy(
    {},
    {
      has: () => {
        throw new Error("no");
      },
    },
  );
  for (const thrown of [thrownByNext("2338842104"), { digest: 7 }, new Error("NEXT_REDIRECT"), hostile, null, "NEXT_"])
    expect(isDetour(thrown)).toBe(false);
});
