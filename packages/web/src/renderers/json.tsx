import type { ReactElement } from "react";
import { JsonView } from "../json/json-view.tsx";
import type { Renderer, RendererProps } from "../renderer.ts";

/** Any JSON value. */
export const json: Renderer = {
  name: "json",
  rank: 30,
  fits: (content) => content.type === "json",
  Component: JsonContent,
};

function JsonContent({ content, label }: RendererProps): ReactElement | null {
  return content.type === "json" ? <JsonView value={content.value} label={label} /> : null;
}
