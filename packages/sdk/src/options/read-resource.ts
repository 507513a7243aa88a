import type { AttributeMap } from "../attribute-value.ts";
import { warn } from "../diagnostics.ts";
import type { InitializeOptions } from "../initialize-options.ts";
import { LANGUAGE, UNKNOWN_SERVICE } from "../platform/surroundings.ts";
import { isSettable } from "../span/association.ts";
import { version } from "../version.ts";
import type { Settings } from "./settings.ts";

/** Who the program is, as attributes of its resource. */
export function readResource(options: InitializeOptions, settings: Settings): AttributeMap {
  const resource: AttributeMap = new Map([["service.name", UNKNOWN_SERVICE]]);
  for (const [key, value] of settings.pairs(["OTEL_RESOURCE_ATTRIBUTES"])) resource.set(key, value);
  for (const [key, value] of Object.entries(options.resourceAttributes ?? {})) {
    if (isSettable(value)) resource.set(key, value);
    else warn(`resourceAttributes.${key.slice(0, 60)} is a ${typeof value}: give a text. It is ignored.`);
  }
  const told: readonly (readonly [string, string | undefined])[] = [
    ["service.name", settings.text({ option: "appName", given: options.appName, variables: ["OTEL_SERVICE_NAME"] })],
    [
      "service.version",
      settings.text({
        option: "serviceVersion",
        given: options.serviceVersion,
        variables: ["TELLTALE_SERVICE_VERSION"],
      }),
    ],
    [
      "deployment.environment.name",
      settings.text({ option: "environment", given: options.environment, variables: ["TELLTALE_ENVIRONMENT"] }),
    ],
    ["telltale.project", settings.text({ option: "project", given: options.project, variables: ["TELLTALE_PROJECT"] })],
  ];
  for (const [key, value] of told) if (value !== undefined && value !== "") resource.set(key, value);
  resource.set("telemetry.sdk.name", "telltale");
  resource.set("telemetry.sdk.language", LANGUAGE);
  resource.set("telemetry.sdk.version", version);
  return resource;
}
