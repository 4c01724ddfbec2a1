// What happened over time, as the charts draw it: the server's points put together, and made into lines. Pure.
import { undoneAt } from "./partition";
import type { Command, LaneSeries, Series } from "./wire";

// A History is all points of a run that the page has, by lane.
export interface History {
  run: number;
  every: number; // microseconds, the span of a point
  count: number;
  lanes: LaneSeries[];
}

export type Metric = "ok" | "fail" | "info" | "messages" | "p50" | "p99" | "age" | "distinct";

export const metrics: readonly Metric[] = ["ok", "fail", "info", "messages", "p50", "p99", "age", "distinct"];

const SPAN = 1_000_000; // a rate counts what happened in this span before, in microseconds; of values the most in it count
const AGAIN = 2; // of the points that the page has, the last may have grown

const columns: readonly (keyof LaneSeries)[] = ["ok", "fail", "info", "p50", "p99", "stale", "age", "distinct", "messages"];

// grown adds what the server has sent; null if it does not fit what there is, and all must be asked for anew.
export function grown(have: History | null, s: Series): History | null {
  if (s.from > 0 && (have?.run !== s.run || have.every !== s.every || have.count < s.from)) return null;
  const lanes = (s.lanes ?? []).map((lane, i) => {
    const all = {} as LaneSeries;
    for (const c of columns) all[c] = [...(s.from > 0 ? (have?.lanes[i]?.[c] ?? []) : []).slice(0, s.from), ...(lane[c] ?? [])];
    return all;
  });
  return { run: s.run, every: s.every, count: lanes[0]?.ok?.length ?? 0, lanes };
}

// since is the instant from which more is wanted.
export function since(have: History | null): number {
  return have ? Math.max(have.count - AGAIN, 0) * have.every : 0;
}

// timesOf are the ends of the points, in seconds; the last one has not come further than the run.
export function timesOf(h: History, edge: number): number[] {
  return Array.from({ length: h.count }, (_, i) => Math.min((i + 1) * h.every, Math.max(edge, i * h.every + 1)) / 1e6);
}

// lineOf is one lane's line: rates per second, times in milliseconds or, of stale reads, in seconds. Where nothing was
// measured it has no value.
export function lineOf(h: History, lane: number, metric: Metric): (number | null)[] {
  const points = h.lanes[lane]?.[metric] ?? [];
  switch (metric) {
    case "p50":
    case "p99":
      return points.map((v) => (v < 0 ? null : v / 1000));
    case "age":
      return points.map((v) => v / 1e6);
    case "distinct":
      return points.map((_, i) => Math.max(...points.slice(Math.max(0, i + 1 - width(h.every)), i + 1)));
    default:
      return rates(points, h.every);
  }
}

// width is how many points SPAN has.
const width = (every: number): number => Math.max(1, Math.round(SPAN / every));

function rates(points: readonly number[], every: number): number[] {
  const wide = width(every);
  let sum = 0;
  return points.map((n, i) => {
    sum += n - (points[i - wide] ?? 0);
    return (sum / (Math.min(wide, i + 1) * every)) * 1e6;
  });
}

// lastOf is the latest value of a line up to a point.
export function lastOf(line: readonly (number | null | undefined)[], at: number): number | null {
  for (let i = Math.min(at, line.length - 1); i >= 0; i--) if (line[i] != null) return line[i]!;
  return null;
}

// A Fault is what was wrong from an instant to another, in seconds.
export interface Fault {
  from: number;
  to: number; // Infinity while it lasts
  command: Command;
}

// settings are what ends when it is set again: to something else, or to nothing.
const settings: readonly Command["verb"][] = ["drop", "duplicate", "reorder", "delay", "slow", "skew", "drift", "fsync"];

// resetAt is when a setting was set again, Infinity if it has not been; null for what is none, or sets to nothing.
function resetAt(set: Command, later: readonly Command[]): number | null {
  if (!settings.includes(set.verb) || !(set.by || set.chance || set.rate || set.stuck)) return null;
  const alike = (c: Command) => c.verb === set.verb && c.node === set.node && c.from === set.from && c.to === set.to && (!c.lane || c.lane === set.lane);
  return later.find(alike)?.at ?? Infinity;
}

// faultsOf are the faults of a run, which last until another command undoes them, or to the present.
export function faultsOf(commands: readonly Command[]): Fault[] {
  const list = commands.flatMap((command, i) => {
    const to = undoneAt(command, commands) ?? resetAt(command, commands.slice(i + 1));
    const again = command.verb === "partition" ? commands.find((c, j) => j > i && c.verb === "partition" && c.lane === command.lane)?.at : undefined;
    return to === null ? [] : [{ from: command.at / 1e6, to: Math.min(to, again ?? Infinity) / 1e6, command }];
  });
  return list.filter((f) => f.to > f.from);
}

// inForce are the faults at an instant.
export function inForce(faults: readonly Fault[], at: number): Fault[] {
  return faults.filter((f) => f.from <= at && at < f.to);
}
