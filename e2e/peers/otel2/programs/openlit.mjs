/* A program on OpenLIT's SDK. */
import openlit from "openlit";
import OpenAI from "openai";
import { ask, clientOptions } from "./ask.mjs";

const { default: Openlit } = openlit;
(Openlit ?? openlit).init({
  applicationName: "peer",
  disableBatch: true,
  pricingJson: {},
  instrumentations: { openai: OpenAI },
});
await ask(new OpenAI(clientOptions));
// There is no way to wait for its exporter but time.
await new Promise((resolve) => setTimeout(resolve, 3_000));
process.exit(0);
