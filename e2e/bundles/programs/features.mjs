import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Telltale } from "@telltale/sdk";

// What is not the path of a plain call: one feature for each name, which stands in FEATURE.
const url = `${process.env.OPENAI_BASE_URL}/chat/completions`;
const body = (more) => JSON.stringify({ model: "gpt", messages: [{ role: "user", content: "Hi" }], ...more });
const headers = { "content-type": "application/json" };

const FEATURES = {
  /** By node:http, with an agent that keeps its connection. */
  async http() {
    const agent = new http.Agent({ keepAlive: true });
    const ask = () =>
      new Promise((resolve, reject) => {
        const sent = http.request(url, { method: "POST", headers, agent }, (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode));
        });
        sent.on("error", reject);
        sent.end(body());
      });
    const told = [await ask(), await ask()];
    agent.destroy();
    return told;
  },
  /** Context through timers, promises, generators and two users at once. */
  async context() {
    const serve = async (user) => {
      Telltale.setUser(user);
      await sleep(5);
      async function* steps() {
        for (const step of [1, 2]) {
          await sleep(1);
          Telltale.withSpan(`${user} step ${step}`, () => {});
          yield step;
        }
      }
      for await (const _ of Telltale.withSpan(`${user} steps`, () => steps())) await sleep(1);
    };
    await Promise.all(["ada", "bob"].map((user) => Telltale.withSpan(user, () => serve(user))));
  },
  /** The program stops reading, and cancels. */
  async left() {
    const answer = await fetch(url, { method: "POST", headers, body: body({ model: "endless", stream: true }) });
    for await (const _ of answer.body) break;
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    await fetch(url, { method: "POST", headers, body: body({ model: "never" }), signal: stop.signal }).catch(() => {});
  },
  /** Ends by itself without a flush. */
  async end() {
    Telltale.withSpan("last", () => {});
    return "no flush";
  },
};

Telltale.initialize();
const feature = process.env.FEATURE;
const told = await Telltale.withSpan(feature, () => FEATURES[feature]());
process.stdout.write(JSON.stringify(told ?? null));
if (feature !== "end") await Telltale.flush();
