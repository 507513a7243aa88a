import { setImmediate as turn } from "node:timers/promises";

const ANSWER = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  model: "gpt-4o-2026",
  choices: [
    { index: 0, message: { role: "assistant", content: "An answer of some words. ".repeat(8) }, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 50, completion_tokens: 40, total_tokens: 90 },
});

function chunk(delta: object, finish: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  const told = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "gpt-4o-2026", choices };
  return `data: ${JSON.stringify(told)}\n\n`;
}

/** The events of one streamed answer, each in a piece of its own, as a network gives them. */
function eventsOf(chunks: number): readonly Uint8Array[] {
  const words = Array.from({ length: chunks }, (_, index) => chunk({ content: `word ${index} ` }, null));
  const texts = [chunk({ role: "assistant", content: "" }, null), ...words, chunk({}, "stop"), "data: [DONE]\n\n"];
  return texts.map((text) => new TextEncoder().encode(text));
}

/** A model that answers in this process: what remains is the client, and what watches it. Other requests go out. */
export function modelFetch(chunks: number): typeof fetch {
  const send = globalThis.fetch;
  const events = eventsOf(chunks);
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith("https://api.openai.com/")) return send(input, init);
    await turn();
    if (chunks === 0) return new Response(ANSWER, { headers: { "content-type": "application/json" } });
    let next = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const event = events[next++];
        if (event === undefined) controller.close();
        else controller.enqueue(event.slice());
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
}
