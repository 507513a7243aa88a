import { waitUntil } from "cloudflare:workers";
import { Telltale } from "@telltale/sdk";
import { answer } from "./answer.mjs";

/** A worker that answers requests; what it needs to know comes with its environment. */
const isolate = {
  async fetch(request, environment, context) {
    const { pathname } = new URL(request.url);
    if (pathname !== "/together" && pathname !== "/waited") return new Response(await answer(environment));
    const { endpoint, baseURL } = environment;
    const wait = pathname === "/waited" ? { waitUntil } : {};
    if (Telltale.exportCounts() === undefined) Telltale.initialize({ appName: "forms", endpoint, ...wait });
    const user = new URL(request.url).searchParams.get("user");
    const body = JSON.stringify({ model: "gpt", messages: [{ role: "user", content: user }] });
    const text = await Telltale.withSpan("together", { userId: user }, async () => {
      const first = await fetch(`${baseURL}/chat/completions`, { method: "POST", body });
      await first.json();
      const second = await fetch(`${baseURL}/chat/completions`, { method: "POST", body });
      return (await second.json()).choices[0].message.content;
    });
    // As many do, and the platform waits for what is sent.
    if (pathname === "/together") context.waitUntil(Telltale.flush(5000));
    return new Response(text);
  },
};

export { isolate as default };
