import { Telltale } from "@telltale/sdk";

/** Next calls it once in each runtime; bundlers choose the build of the SDK that fits. */
export function register() {
  Telltale.initialize({ appName: "forms", endpoint: process.env.TELLTALE_ENDPOINT });
}
