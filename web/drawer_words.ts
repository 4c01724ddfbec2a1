// What a visitor reads in the drawer, but for the story itself, which tellings.ts tells.
import type { Metric } from "./series";
import type { Command } from "./wire";
import { listed } from "./words";

export type Tab = "story" | "charts" | "spacetime" | "inspect" | "script";

export const tabs: readonly Tab[] = ["story", "charts", "spacetime", "inspect", "script"];

export const drawer = {
  label: "Understand",
  tabs: { story: "Story", charts: "Charts", spacetime: "Space-time", inspect: "Inspect", script: "Script" } satisfies Record<Tab, string>,
  open: "Open the drawer",
  close: "Close the drawer",
  height: "Height of the drawer",
  loading: "Loading …",
  failed: "This part of the page could not be fetched.",
  again: "Try again",
  goTo: (moment: string) => `Show the moment ${moment}`,
} as const;

// Charts.

export const charts = {
  label: "Charts. Left and right move to another moment, Enter shows it.",
  titles: {
    ok: "Answered per second",
    fail: "Refused per second",
    info: "No answer, per second",
    messages: "Messages per second",
    p50: "Median latency",
    p99: "Latency, 99th percentile",
    age: "Age of stale reads",
    distinct: "Different values held",
  } satisfies Record<Metric, string>,
  none: "–",
  save: "Save as PNG",
  file: "netsplit-charts.png",
  empty: "Nothing has happened yet.",
  faults: (names: readonly string[]) => (names.length > 2 ? `${names.slice(0, 2).join("; ")}; and more` : names.join("; ")),
  hint: "Click a chart to see its moment.",
} as const;

// figure writes one value of a chart.
export function figure(metric: Metric, v: number | null): string {
  if (v === null) return charts.none;
  switch (metric) {
    case "p50":
    case "p99":
      return v >= 1000 ? `${(v / 1000).toFixed(2)} s` : `${v < 10 ? v.toFixed(1) : Math.round(v)} ms`;
    case "age":
      return `${v.toFixed(1)} s`;
    case "distinct":
      return String(v);
    default:
      return v < 10 ? v.toFixed(1) : String(Math.round(v));
  }
}

// mark writes a value beside a chart's axis.
export function mark(metric: Metric, v: number): string {
  if (metric === "p50" || metric === "p99") return v >= 1000 ? `${v / 1000} s` : `${v} ms`;
  return metric === "age" ? `${v} s` : String(v);
}

export const moment = (s: number): string => `${s} s`;

// faultName says what a command did, shortly.
export function faultName(c: Command): string {
  const where = c.node ?? (c.groups ? listed(c.groups.map((g) => listed(g ?? []))) : [c.from, c.to].filter(Boolean).join(c.one_way ? " → " : " – "));
  return [c.lane, c.verb, where].filter(Boolean).join(" ");
}
