import { type ReactElement, useEffect, useRef } from "react";
import { readColours } from "../charts/colours.ts";
import { usePreferences } from "../data/preferences.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { kindColour } from "../ui/kind-icon.tsx";
import { paintOverview } from "./paint-overview.ts";
import styles from "./waterfall.module.css";

const TOKENS = [
  "--surface",
  "--kind-llm",
  "--kind-agent",
  "--kind-tool",
  "--kind-retrieval",
  "--kind-check",
  "--kind-other",
  "--error",
];
const NAMES = ["llm", "agent", "tool", "retrieval", "check", "other"];

interface OverviewProps {
  readonly model: TraceModel;
  /** Asked to show what stands at a share of all rows, 0 to 1. */
  readonly onGo: (share: number) => void;
}

/** The whole trace in a strip: every span is there, however many. The tree below tells the same in words. */
export function Overview({ model, onGo }: OverviewProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = usePreferences((preferences) => preferences.theme);
  const { index } = model;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const paint = (): void => {
      const context = element.getContext("2d");
      const width = Math.round(element.clientWidth * devicePixelRatio);
      const height = Math.round(element.clientHeight * devicePixelRatio);
      if (context === null || width === 0 || height === 0) return;
      element.width = width;
      element.height = height;
      const image = context.createImageData(width, height);
      const colours = readColours(element.parentElement ?? element, TOKENS).map(parseColour);
      const kinds = index.skeleton.strings.map((kind) => NAMES.indexOf(kindColour(kind)) + 1);
      paintOverview(image, index, kinds, colours);
      context.putImageData(image, 0, 0);
    };
    paint();
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    return () => observer.disconnect();
  }, [index, theme]);
  return (
    <div className={styles.overview} aria-hidden="true">
      <canvas
        ref={canvas}
        className={styles.canvas}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          onGo((event.clientY - box.top) / box.height);
        }}
      />
    </div>
  );
}

/** Red, green and blue of a computed colour. */
function parseColour(colour: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
