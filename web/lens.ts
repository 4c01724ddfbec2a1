// What of a space-time diagram is seen, and where: pan and zoom as arithmetic. Pure.
import { clamp } from "./curve";
import type { Diagram, Stay } from "./spacetime";

// Lens is what of the diagram is seen, and where.
export interface Lens {
  from: number; // microseconds at the left edge of the lines
  to: number;
  width: number; // pixels
  height: number;
  scroll: number; // pixels that the lines are moved up
}

type Rows = Pick<Diagram, "processes" | "levels">;

export const GUTTER = 124; // pixels for the names
export const AXIS = 26; // pixels for the times
const LEAST_ROW = 26;
const MOST_ROW = 56;
const GAP = 0.35; // of a row, between two regions
const BAR = 17; // height of an operation
const THIN = 0.4; // of the height of an operation that was refused
const LEAST_SPAN = 1000; // microseconds
const AHEAD = 0.12; // of the lens that lies behind the playhead while it is followed

// rowsOf is how many rows the lines take, with what lies between regions.
function rowsOf(d: Rows): number {
  const last = d.processes[d.processes.length - 1];
  return Math.max(d.processes.length + (last?.group ?? 0) * GAP, 1);
}

// rowHeight is how far the lines lie apart.
export function rowHeight(d: Rows, height: number): number {
  return clamp((height - AXIS) / rowsOf(d), LEAST_ROW, MOST_ROW);
}

export function xOf(l: Lens, at: number): number {
  return GUTTER + ((at - l.from) / (l.to - l.from)) * (l.width - GUTTER);
}

export function timeOf(l: Lens, x: number): number {
  return l.from + ((x - GUTTER) / (l.width - GUTTER)) * (l.to - l.from);
}

export function yOf(d: Rows, l: Lens, process: number): number {
  const group = d.processes[process]?.group ?? 0;
  return AXIS + (process + 0.5 + group * GAP) * rowHeight(d, l.height) - l.scroll;
}

// barOf is where an operation's interval lies: those of one client at the same time above each other.
export function barOf(d: Rows, l: Lens, s: Stay): { y: number; height: number } {
  const levels = Math.max(d.levels[s.process] ?? 1, 1);
  const room = Math.min(BAR, (rowHeight(d, l.height) - 4) / levels);
  const y = yOf(d, l, s.process) - (levels * room) / 2 + s.level * room;
  const height = levels > 1 ? room - 1 : room;
  // One that was refused changed nothing: its bar is thin.
  return s.tone === "fail" ? { y: y + height * (1 - THIN) * 0.5, height: height * THIN } : { y, height };
}

// zoomed returns a lens that shows so much more or less time around a point, within bounds.
export function zoomed(l: Lens, factor: number, x: number, edge: number): Lens {
  const at = timeOf(l, x);
  const span = clamp((l.to - l.from) * factor, LEAST_SPAN, Math.max(edge, 1_000_000) * 1.1);
  const share = clamp((x - GUTTER) / (l.width - GUTTER), 0, 1);
  return within({ ...l, from: at - span * share, to: at + span * (1 - share) }, edge);
}

// panned moves a lens by pixels.
export function panned(l: Lens, dx: number, dy: number, d: Rows, edge: number): Lens {
  const by = (dx / (l.width - GUTTER)) * (l.to - l.from);
  const tall = rowsOf(d) * rowHeight(d, l.height) + AXIS - l.height;
  return within({ ...l, from: l.from + by, to: l.to + by, scroll: clamp(l.scroll + dy, 0, Math.max(tall, 0)) }, edge);
}

// following moves a lens so that it shows an instant near its right edge.
export function following(l: Lens, at: number): Lens {
  const span = l.to - l.from;
  const from = Math.max(at - span * (1 - AHEAD), 0);
  return { ...l, from, to: from + span };
}

function within(l: Lens, edge: number): Lens {
  const span = l.to - l.from;
  const from = clamp(l.from, 0, Math.max(edge - span / 2, 0));
  return { ...l, from, to: from + span };
}
