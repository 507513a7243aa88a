import type { Json } from "@telltale/model";
import { type ReactElement, useMemo } from "react";
import { JsonView } from "../json/json-view.tsx";
import type { Tab, TabProps } from "../tab.ts";

/** The span as the API gives it. */
export const json: Tab = { name: "json", label: "JSON", rank: 70, fits: () => true, Component: JsonTab };

function JsonTab({ detail }: TabProps): ReactElement {
  // The answer came as JSON; its type here only names the fields.
  const value = useMemo(() => detail as unknown as Json, [detail]);
  return <JsonView value={value} label="The span as JSON" />;
}
