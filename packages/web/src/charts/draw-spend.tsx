import { type ReactElement, useEffect, useRef, useState } from "react";
import type uPlot from "uplot";
import { usePreferences } from "../data/preferences.ts";
import { formatCompact } from "../format/count.ts";
import { readColours } from "./colours.ts";
import styles from "./draw-spend.module.css";
import { loadUplot } from "./load-uplot.ts";
import { bucketLabel, type SpendChart, type SpendMeasure, stackSeries } from "./prepare-spend.ts";

interface DrawSpendProps {
  readonly chart: SpendChart;
  /** Which bucket the pointer is at; `null` when it left. */
  readonly onPoint: (bucket: number | null) => void;
  /** Milliseconds since 1970: a click gives one bucket, dragging gives many. */
  readonly onSelect: (from: number, to: number) => void;
}

/** Stacked bars over time. Drawn on a canvas: what it says is also told in words and as a table beside it. */
export function DrawSpend({ chart, onPoint, onSelect }: DrawSpendProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const [library, setLibrary] = useState<typeof uPlot>();
  const callbacks = useRef({ onPoint, onSelect });
  const theme = usePreferences((preferences) => preferences.theme);
  const scheme = useSystemScheme();
  useEffect(() => {
    callbacks.current = { onPoint, onSelect };
  });
  useEffect(() => {
    void loadUplot().then((loaded) => setLibrary(() => loaded));
  }, []);
  useEffect(() => {
    const element = box.current;
    if (element === null || library === undefined || chart.times.length === 0) return undefined;
    const plot = new library(plotOptions(library, chart, element, callbacks), plotData(chart), element);
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [library, chart, theme, scheme]);
  return <div ref={box} className={styles.chart} aria-hidden="true" />;
}

function useSystemScheme(): boolean {
  const [isDark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const read = (): void => setDark(query.matches);
    query.addEventListener("change", read);
    return () => query.removeEventListener("change", read);
  }, []);
  return isDark;
}

function plotData(chart: SpendChart): uPlot.AlignedData {
  return [chart.times.map((time) => time / 1000), ...stackSeries(chart.series)];
}

type Callbacks = { readonly current: Pick<DrawSpendProps, "onPoint" | "onSelect"> };

function plotOptions(
  library: typeof uPlot,
  chart: SpendChart,
  element: HTMLElement,
  callbacks: Callbacks,
): uPlot.Options {
  const tokens = chart.series.map(({ colour }) => `--series-${colour}`).reverse();
  const ground = ["--text-faint", "--line", "--surface"];
  const [text = "", line = "", surface = "", ...colours] = readColours(element, [...ground, ...tokens]);
  const bars = library.paths.bars?.({ size: [0.72, 26], align: 1, radius: 0 });
  const look = { width: 0, points: { show: false }, ...(bars ? { paths: bars } : {}) };
  const end = (chart.times.at(-1) ?? 0) + chart.intervalMs;
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [6, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    scales: {
      x: { range: () => [(chart.times[0] ?? 0) / 1000, end / 1000] },
      y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.06 : 1] },
    },
    axes: plotAxes(chart, text, line, `11px ${getComputedStyle(element).fontFamily}`),
    series: [{}, ...colours.map((fill) => ({ ...look, fill }))],
    hooks: {
      setCursor: [(plot) => callbacks.current.onPoint(bucketAt(chart, plot.cursor.left ?? -1, plot))],
      setSelect: [(plot) => select(chart, plot, callbacks)],
      draw: [(plot) => fadeUnfinished(plot, chart, surface)],
    },
  };
}

/** A label below the bars takes about this much. */
const LABEL_PX = 84;

/** So many of the buckets, evenly, that their labels have room; counted from the last. */
function everyFew(times: readonly number[], room: number): number[] {
  const step = Math.ceil(times.length / Math.max(1, room));
  // The label of the first of many thin bars would lie on those of the other axis.
  return times.filter((_, index) => (times.length - 1 - index) % step === 0 && (index > 0 || step === 1));
}

function plotAxes(chart: SpendChart, text: string, line: string, font: string): uPlot.Axis[] {
  const middle = chart.intervalMs / 2;
  const axis = { stroke: text, font, ticks: { show: false }, gap: 4 };
  return [
    {
      ...axis,
      size: 18,
      grid: { show: false },
      splits: (plot) => everyFew(chart.times, plot.width / LABEL_PX).map((time) => (time + middle) / 1000),
      values: (_plot, times) => times.map((time) => tick(time * 1000 - middle, chart)),
    },
    {
      ...axis,
      size: 48,
      space: 26,
      grid: { stroke: line, width: 1 },
      values: (_plot, values) => values.map((value) => amount(value, chart.measure)),
    },
  ];
}

function bucketAt(chart: SpendChart, left: number, plot: uPlot): number | null {
  if (left < 0) return null;
  const bucket = Math.floor((plot.posToVal(left, "x") * 1000 - (chart.times[0] ?? 0)) / chart.intervalMs);
  return bucket >= 0 && bucket < chart.times.length ? bucket : null;
}

/** A drag narrower than this many pixels was a click. */
const CLICK_PX = 4;

function select(chart: SpendChart, plot: uPlot, callbacks: Callbacks): void {
  const { left, width } = plot.select;
  const first = bucketAt(chart, left, plot);
  const last = bucketAt(chart, left + Math.max(0, width - 1), plot);
  if (first === null || last === null) return;
  const from = chart.times[first] ?? 0;
  const to = (chart.times[width < CLICK_PX ? first : last] ?? 0) + chart.intervalMs;
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  callbacks.current.onSelect(from, to);
}

/** The bucket that is still filling is pale, so that it does not look like a drop. */
function fadeUnfinished(plot: uPlot, chart: SpendChart, surface: string): void {
  const last = chart.times.at(-1);
  if (last === undefined || Date.now() > last + chart.intervalMs) return;
  const left = plot.valToPos(last / 1000, "x", true);
  plot.ctx.save();
  plot.ctx.globalAlpha = 0.55;
  plot.ctx.fillStyle = surface;
  plot.ctx.fillRect(left, plot.bbox.top, plot.bbox.left + plot.bbox.width - left, plot.bbox.height - 1);
  plot.ctx.restore();
}

function tick(time: number, chart: SpendChart): string {
  const label = bucketLabel(chart, chart.times.indexOf(time));
  return label.length > 10 && !label.endsWith("00:00") ? label.slice(11) : label.slice(5, 10);
}

function amount(value: number, measure: SpendMeasure): string {
  if (measure === "calls") return Number.isInteger(value) ? formatCompact(value) : "";
  if (value === 0) return "$0";
  return value >= 1000
    ? `$${formatCompact(value)}`
    : `$${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))}`;
}
