import type { ApiContent } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import type { Renderer } from "../renderer.ts";
import styles from "./content.module.css";

const modules = import.meta.glob<Record<string, Renderer>>("../renderers/*.tsx", { eager: true });

/** Every renderer, in the order they are asked. */
export const rendererList: readonly Renderer[] = Object.values(modules)
  .flatMap((module) => Object.values(module))
  .sort((left, right) => left.rank - right.rank);

interface ContentViewProps {
  readonly content: ApiContent | null;
  readonly label: string;
}

/** What went into or came out of a span. Nothing told and hidden by the sender are two different things. */
export function ContentView({ content, label }: ContentViewProps): ReactElement {
  if (content === null) return <p className={styles.nothing}>Nobody told</p>;
  const renderer = rendererList.find((candidate) => candidate.fits(content));
  if (renderer === undefined) return <p className={styles.nothing}>No renderer for {content.type}</p>;
  return <renderer.Component content={content} label={label} />;
}
