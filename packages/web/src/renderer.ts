import type { ApiContent } from "@telltale/server/api-types";
import type { ComponentType } from "react";

/** What a renderer is given to draw. */
export interface RendererProps {
  readonly content: ApiContent;
  /** What the content is, for those who cannot see where it stands: "Input", "Output". */
  readonly label: string;
}

/** A way to draw the content of a span. Content is hostile: only elements, never markup, are made of it. */
export interface Renderer {
  readonly name: string;
  /** Asked in the order of `rank`, lowest first; the first that fits draws. */
  readonly rank: number;
  fits(content: ApiContent): boolean;
  readonly Component: ComponentType<RendererProps>;
}
