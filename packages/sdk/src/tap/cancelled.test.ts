import { request as httpRequest } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Telltale } from "../index.ts";
import { type FakeOpenai, startFakeOpenai } from "../testing/fake-openai.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

/*
 * A request that the program, or its client, cancels ends in whatever it gave as its reason: a class of its own,
 * a text, nothing at all. It is told as what it was, and the program gets that very thing.
 */

let model: FakeOpenai;
let sink: SpanSink;
const early = fetch;

beforeAll(async () => {
  model = await startFakeOpenai();
  sink = await startSpanSink();
  Telltale.initialize({ appName: "tests", endpoint: sink.endpoint });
});
afterEach(() => sink.clear());
afterAll(async () => {
  await Telltale.shutdown();
  await sink.stop();
  await model.stop();
});

class RequestTimedOut extends Error {}
class UserLeft extends Error {}
const named = (name: string): Error => Object.assign(new Error("Gone."), { name });

/** Reasons as clients have them, and what each is. */
const REASONS: readonly (readonly [what: string, reason: unknown, outcome: string])[] = [
  ["a constant", "timeout", "timeout"],
  ["words", "The request timed out.", "timeout"],
  ["a class", new RequestTimedOut("Too slow."), "timeout"],
  ["the text of an error", new Error("timeout of 40ms exceeded"), "timeout"],
  ["a name", named("TimeoutError"), "timeout"],
  ["a cause", new Error("Gone.", { cause: named("TimeoutError") }), "timeout"],
  ["a code", Object.assign(new Error("Gone."), { code: "ETIMEDOUT" }), "timeout"],
  ["an error of the program", new UserLeft("Timetable closed."), "aborted"],
  ["another constant", "user left", "aborted"],
  ["a number", 7, "aborted"],
  ["nothing", undefined, "aborted"],
];

async function ended(): Promise<readonly unknown[]> {
  await Telltale.flush();
  return sink.spans.map(({ statusCode, attributes }) => [statusCode, attributes["telltale.outcome"]]);
}

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "it went well",
    (error: unknown) => error,
  );
}

function ask(send: typeof fetch, asked: string, signal: AbortSignal): Promise<Response> {
  const body = JSON.stringify({ model: asked, stream: asked !== "never", messages: [{ role: "user", content: "x" }] });
  return send(`${model.baseUrl}/chat/completions`, { method: "POST", body, signal });
}

describe("a cancelled request", () => {
  it.each(REASONS)("by fetch, whose reason is %s", async (_, reason, outcome) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 20);
    expect(await failureOf(ask(fetch, "never", stop.signal))).toBe(stop.signal.reason);
    expect(await ended()).toEqual([[2, outcome]]);
  });

  it.each(REASONS)("in the middle of a stream, whose reason is %s", async (_, reason, outcome) => {
    const stop = new AbortController();
    const answer = await ask(fetch, "endless", stop.signal);
    const read = async (): Promise<void> => {
      for await (const _piece of answer.body ?? []) stop.abort(reason);
    };
    expect(await failureOf(read())).toBe(stop.signal.reason);
    expect(await ended()).toEqual([[2, outcome]]);
  });

  it.each(REASONS.filter(([, reason]) => !(reason instanceof Error) || reason.name !== "Error"))(
    "by a fetch that was kept before, whose reason is %s",
    async (_, reason, outcome) => {
      const stop = new AbortController();
      setTimeout(() => stop.abort(reason), 20);
      expect(await failureOf(ask(early, "never", stop.signal))).toBe(stop.signal.reason);
      expect(await ended()).toEqual([[2, outcome]]);
    },
  );

  it("by a signal inside of a Request", async () => {
    const { signal } = new AbortController();
    const body = JSON.stringify({ model: "never", messages: [] });
    const stop = AbortSignal.any([signal, AbortSignal.timeout(20)]);
    const asked = new Request(`${model.baseUrl}/chat/completions`, { method: "POST", body, signal: stop });
    await expect(fetch(asked)).rejects.toThrow("timeout");
    expect(await ended()).toEqual([[2, "timeout"]]);
  });

  it.each([
    ["a signal that timed out", { signal: AbortSignal.timeout(50) }, undefined, "timeout"],
    ["an error for a timeout", {}, new Error("timeout of 50ms exceeded"), "timeout"],
    ["an error of its own", {}, new UserLeft("Gone."), "aborted"],
  ])("by node:http with %s", async (_, options, error, outcome) => {
    const request = httpRequest(`${model.baseUrl}/chat/completions`, { method: "POST", ...options });
    const failure = new Promise((resolve) => request.once("error", resolve));
    request.end(JSON.stringify({ model: "never", messages: [] }));
    if (error !== undefined) setTimeout(() => request.destroy(error), 20);
    const got = await failure;
    if (error !== undefined) expect(got).toBe(error);
    expect(await ended()).toEqual([[2, outcome]]);
  });
});
