import { setTimeout as sleep } from "node:timers/promises";

/** A model call that a test sends by OTLP, each in a trace of its own. */
export interface SentCall {
  /** Of the trace and the span: another for each call. */
  readonly index: number;
  readonly model: string;
  /** Nanoseconds since 1970. */
  readonly start: bigint;
  readonly user?: string;
  readonly inputTokens: number;
  readonly outputTokens?: number;
}

/** Sends it. Throws when it is not taken. */
export async function sendCall(url: string, call: SentCall): Promise<void> {
  const { index, model, start, user, inputTokens, outputTokens } = call;
  const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const number = (key: string, value: number): object => ({ key, value: { intValue: String(value) } });
  const span = {
    traceId: String(index).padStart(32, "0"),
    spanId: String(index).padStart(16, "0"),
    name: `chat ${model}`,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5_000_000n),
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", "openai"),
      text("gen_ai.response.model", model),
      ...(user === undefined ? [] : [text("user.id", user)]),
      number("gen_ai.usage.input_tokens", inputTokens),
      ...(outputTokens === undefined ? [] : [number("gen_ai.usage.output_tokens", outputTokens)]),
    ],
  };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  const headers = { "content-type": "application/json" };
  const { status } = await fetch(`${url}/v1/traces`, { method: "POST", headers, body });
  if (status !== 200) throw new Error(`the call was not taken: HTTP status ${status}`);
}

/** Waits until so many calls are counted in the cost. Throws when they do not come. */
export async function untilCalls(url: string, wanted: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { calls } = (await (await fetch(`${url}/api/v1/cost?from=0`)).json()) as { calls: number };
    if (calls === wanted) return;
    await sleep(100);
  }
  throw new Error("the calls did not arrive");
}
