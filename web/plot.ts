// One chart by uPlot: a line for each lane over the run, with the faults as bands and the picture's moment as a line.
import uPlot from "uplot";
import { mark, moment } from "./drawer_words";
import type { Fault, Metric } from "./series";

// dashes tell lanes apart beside their colours.
export const dashes: readonly number[][] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

const AXIS_FONT = "12px Inter, system-ui, sans-serif";
const TEXT_FLOOR: Record<Metric, number> = { ok: 1, fail: 1, info: 1, messages: 5, p50: 10, p99: 10, age: 1, distinct: 2 }; // the least top of an axis

// Ink is what the charts are drawn with.
export interface Ink {
  lanes: string[];
  muted: string;
  line: string;
  away: string;
  bad: string;
}

// inkOf reads the page's colours; each is resolved by the browser, since the style names two.
export function inkOf(host: HTMLElement): Ink {
  const probe = host.appendChild(document.createElement("i"));
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const ink = { lanes: [0, 1, 2, 3].map((i) => colour(`ink-${i}`)), muted: colour("muted"), line: colour("line"), away: colour("away"), bad: colour("bad") };
  probe.remove();
  return ink;
}

export interface PlotOptions {
  metric: Metric;
  names: readonly string[];
  ink: Ink;
  height: number;
  faults: () => readonly Fault[];
  onHover(index: number | null): void;
  onClick(seconds: number): void;
}

// plot draws a chart into an element.
export function plot(host: HTMLElement, o: PlotOptions, data: uPlot.AlignedData): uPlot {
  const axis = { stroke: o.ink.muted, font: AXIS_FONT, ticks: { show: false }, gap: 4 };
  const options: uPlot.Options = {
    width: Math.max(host.clientWidth, 120),
    height: o.height,
    padding: [6, 10, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: "netsplit", scales: ["x", null] },
      drag: { x: false, y: false },
      y: false,
      points: { size: 7, width: 2 },
      bind: { dblclick: () => null },
    },
    scales: {
      x: { time: false, range: (_, __, max) => [0, Math.max(max ?? 0, 5)] },
      y: { range: (_, __, max) => [0, Math.max(max ?? 0, TEXT_FLOOR[o.metric]) * 1.08] },
    },
    axes: [
      { ...axis, size: 22, space: 64, grid: { show: false }, values: (_, at) => at.map(moment) },
      { ...axis, size: 52, space: 26, grid: { stroke: o.ink.line, width: 1 }, incrs: steps(o.metric), values: (_, at) => at.map((v) => mark(o.metric, v)) },
    ],
    series: [
      {},
      ...o.names.map((label, i) => ({
        label,
        stroke: o.ink.lanes[i] ?? o.ink.muted,
        width: 2,
        dash: dashes[i] ?? [],
        spanGaps: true,
        points: { show: false },
        ...(o.metric === "distinct" ? { paths: uPlot.paths.stepped!({ align: -1 }) } : {}),
      })),
    ],
    hooks: {
      drawClear: [(u) => bands(u, o)],
      setCursor: [(u) => o.onHover(u.cursor.left !== undefined && u.cursor.left >= 0 ? (u.cursor.idx ?? null) : null)],
    },
  };
  const u = new uPlot(options, data, host);
  u.over.addEventListener("click", () => {
    if (u.cursor.left !== undefined && u.cursor.left >= 0) o.onClick(u.posToVal(u.cursor.left, "x"));
  });
  return u;
}

// steps are the distances between an axis's marks; what is counted has whole ones.
function steps(metric: Metric): number[] {
  const tens = [1, 10, 100, 1000, 10_000, 100_000].flatMap((n) => [n, 2 * n, 5 * n]);
  return metric === "distinct" ? tens : [0.1, 0.2, 0.5, ...tens];
}

// bands marks when faults were in force, below the lines, up to where these end.
function bands(u: uPlot, o: PlotOptions): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const x = (s: number) => Math.min(Math.max(u.valToPos(s, "x", true), bbox.left), bbox.left + bbox.width);
  const end = u.data[0]!.at(-1) ?? 0;
  ctx.save();
  for (const f of o.faults()) {
    const [from, to] = [x(f.from), x(Math.min(f.to, end))];
    if (to <= from) continue;
    ctx.fillStyle = o.ink.away;
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
    ctx.fillStyle = o.ink.bad;
    ctx.fillRect(from, bbox.top, 1.5 * ratio, bbox.height);
    if (f.to < end) ctx.fillRect(to - 1.5 * ratio, bbox.top, 1.5 * ratio, bbox.height);
  }
  ctx.restore();
}
