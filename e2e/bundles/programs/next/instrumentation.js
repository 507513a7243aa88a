import { OTLPHttpProtoTraceExporter, registerOTel } from "@vercel/otel";
import { Telltale } from "@telltale/sdk";

/** Next calls it once in each runtime; bundlers choose the build of the SDK that fits. */
export function register() {
  const { OTHER = "none", OTHER_ENDPOINT, TELLTALE_ENDPOINT } = process.env;
  const registerOther = () =>
    registerOTel({
      serviceName: "other",
      traceExporter: new OTLPHttpProtoTraceExporter({ url: `${OTHER_ENDPOINT}/v1/traces` }),
    });
  if (OTHER === "first" || OTHER === "alone") registerOther();
  if (OTHER !== "alone") Telltale.initialize({ appName: "forms", endpoint: TELLTALE_ENDPOINT });
  if (OTHER === "second") registerOther();
}
