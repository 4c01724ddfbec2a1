// What a visitor reads in the drawer, but for the story itself, which tellings.ts tells.
import { controls, notices } from "./panel_words";
import { awayAfter } from "./partition";
import type { Metric } from "./series";
import type { Command } from "./wire";

export type Tab = "story" | "charts" | "spacetime" | "inspect" | "script" | "luck";

export const tabs: readonly Tab[] = ["story", "charts", "spacetime", "inspect", "script", "luck"];

export const drawer = {
  label: "Understand",
  tabs: { story: "Story", charts: "Charts", spacetime: "Space-time", inspect: "Inspect", script: "Script", luck: "Luck" } satisfies Record<Tab, string>,
  open: "Open the drawer",
  close: "Close the drawer",
  height: "Height of the drawer",
  loading: "Loading …",
  failed: notices.unfetched,
  again: "Try again",
  goTo: (moment: string) => `Show the moment ${moment}`,
} as const;

// Script.

export const script = {
  label: "The scenario of this run",
  run: "Run it",
  shortcut: "Control+Enter",
  goOn: (moment: string) => `and go on from ${moment}`,
  discard: "Discard changes",
  ask: "Your changes to this text would be thrown away.",
  discardNow: "Throw them away",
  keep: "Keep them",
  download: "Download",
  open: "Open a file",
  file: "netsplit.txt",
  drop: "Drop a scenario here",
  loading: "Loading …",
  unanswered: "The server did not answer.",
  running: "Beginning anew …",
  own: "This text is the run itself, and grows with what is done. Edit it, open a file or drop one here.",
  edited: "You have changed this text. What is done meanwhile is not added to it.",
  wrong: (line: number, reason: string) => (line > 0 ? `Line ${line}: ${reason}` : reason),
  tooLong: (bytes: number, most: number) => `The text has ${bytes} bytes; the most is ${most}.`,
} as const;

// reasonAt takes the words for where it is out of a refusal of a script, since the page says so itself.
export const reasonAt = (reason: string): string => reason.replace(/^script: (\d+:\d+: )?/, "");

// Charts.

export const charts = {
  label: "Charts. Left and right move to another moment, Enter shows it.",
  titles: {
    ok: "Answered per second",
    fail: "Refused per second",
    info: "No answer, per second",
    messages: "Messages per second",
    p50: "Latency, median",
    p99: "Latency, p99",
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

// faultName says what a command did, shortly. names are those of the regions.
export function faultName(c: Command, names: readonly string[]): string {
  if (c.groups) return [c.lane, controls.awayBand(awayAfter(c, names))].filter(Boolean).join(" ");
  const where = c.node ?? [c.from, c.to].filter(Boolean).join(c.one_way ? " → " : " – ");
  return [c.lane, c.verb, where].filter(Boolean).join(" ");
}
