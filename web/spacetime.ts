// The space-time diagram: processes as lines, messages as arrows, operations as intervals, faults as bands. Time runs
// to the right. Pure but for the pen: a diagram and a window in, strokes out.
import { clamp } from "./curve";
import type { Pen } from "./pen";

// Process is a line of the diagram: a node or a client.
export interface Process {
  name: string;
  client: boolean;
}

// Arrow is a message between two nodes, in microseconds of virtual time.
export interface Arrow {
  id: number;
  from: number; // processes by index
  to: number;
  look: "data" | "answer" | "vote" | "beat";
  sent: number;
  due: number;
  lost: number; // -1 while it is not
}

// Stay is an operation: an interval on its client's line.
export interface Stay {
  id: number;
  process: number;
  from: number;
  to: number; // -1 while it is under way
  tone: "ok" | "fail" | "info" | "stale" | "pending" | "gone";
  text: string;
}

// Fault is a band over all processes, or over some.
export interface Fault {
  from: number;
  to: number; // -1 while it lasts
  processes: readonly number[]; // none for all
  text: string;
}

export interface Diagram {
  processes: readonly Process[];
  arrows: readonly Arrow[]; // in order of sending
  stays: readonly Stay[]; // in order of their beginnings
  faults: readonly Fault[];
  marked: ReadonlySet<number>; // arrows that a violation is about
  markedStays: ReadonlySet<number>;
  now: number;
}

// Lens is what of the diagram is seen, and where.
export interface Lens {
  from: number; // microseconds at the left edge of the lines
  to: number;
  width: number; // pixels
  height: number;
  scroll: number; // pixels that the lines are moved up
}

export interface Palette {
  ink: string;
  quiet: string;
  line: string;
  ground: string;
  band: string;
  bad: string;
  accent: string;
  arrows: Record<Arrow["look"], string>;
  tones: Record<Stay["tone"], string>;
}

export const GUTTER = 118; // pixels for the names
export const AXIS = 26; // pixels for the times
const LEAST_ROW = 26;
const MOST_ROW = 64;
const NAME_SIZE = 13;
const BAR = 14; // height of an operation
const LABEL_ROOM = 7; // pixels that a letter takes
const LONGEST = 5_000_000; // microseconds that a message may be on its way and still be found; longer ones are cut off

// rowHeight is how far the lines lie apart.
export function rowHeight(processes: number, height: number): number {
  return clamp((height - AXIS) / Math.max(processes, 1), LEAST_ROW, MOST_ROW);
}

export function xOf(l: Lens, at: number): number {
  return GUTTER + ((at - l.from) / (l.to - l.from)) * (l.width - GUTTER);
}

export function timeOf(l: Lens, x: number): number {
  return l.from + ((x - GUTTER) / (l.width - GUTTER)) * (l.to - l.from);
}

export function yOf(d: Diagram, l: Lens, process: number): number {
  return AXIS + (process + 0.5) * rowHeight(d.processes.length, l.height) - l.scroll;
}

// zoomed returns a lens that shows so much more or less time around a point, within bounds.
export function zoomed(l: Lens, factor: number, x: number, edge: number): Lens {
  const at = timeOf(l, x);
  const span = clamp((l.to - l.from) * factor, 1000, Math.max(edge, 1_000_000) * 1.1);
  const share = clamp((x - GUTTER) / (l.width - GUTTER), 0, 1);
  return within({ ...l, from: at - span * share, to: at + span * (1 - share) }, edge);
}

// panned moves a lens by pixels.
export function panned(l: Lens, dx: number, dy: number, rows: number, edge: number): Lens {
  const by = (dx / (l.width - GUTTER)) * (l.to - l.from);
  const tall = rows * rowHeight(rows, l.height) + AXIS - l.height;
  return within({ ...l, from: l.from + by, to: l.to + by, scroll: clamp(l.scroll + dy, 0, Math.max(tall, 0)) }, edge);
}

function within(l: Lens, edge: number): Lens {
  const span = l.to - l.from;
  const from = clamp(l.from, Math.min(0, edge - span), Math.max(edge * 1.02 - span * 0.1, 0));
  return { ...l, from, to: from + span };
}

// firstAfter returns the index of the first of a sorted list whose key is not less than a value.
export function firstAfter<T>(list: readonly T[], key: (t: T) => number, value: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]!) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

// endOf is when a message is no longer on its way.
export function endOf(a: Arrow): number {
  return a.lost < 0 ? a.due : Math.min(Math.max(a.lost, a.sent), a.due);
}

// seen returns the arrows of which a lens shows something.
export function seen(d: Diagram, l: Lens): Arrow[] {
  const first = firstAfter(d.arrows, (a) => a.sent, l.from - LONGEST);
  const list: Arrow[] = [];
  for (let i = first; i < d.arrows.length && d.arrows[i]!.sent <= l.to; i++) {
    if (endOf(d.arrows[i]!) >= l.from) list.push(d.arrows[i]!);
  }
  return list;
}

// drawDiagram draws what a lens shows; ticks tells how a time is written.
export function drawDiagram(pen: Pen, d: Diagram, l: Lens, c: Palette, tick: (at: number, step: number) => string): void {
  pen.box(0, 0, l.width, l.height, 0, { fill: c.ground });
  pen.clip(0, AXIS, l.width, l.height - AXIS, () => {
    pen.clip(GUTTER, AXIS, l.width - GUTTER, l.height - AXIS, () => {
      drawFaults(pen, d, l, c);
      d.processes.forEach((_, i) => pen.line(GUTTER, yOf(d, l, i), l.width, yOf(d, l, i), { stroke: c.line, width: 1 }));
      const arrows = seen(d, l);
      const dim = d.marked.size > 0;
      for (const a of arrows) if (!d.marked.has(a.id)) drawArrow(pen, d, l, c, a, dim ? 0.25 : 0.8, 1.2);
      drawStays(pen, d, l, c);
      for (const a of arrows) if (d.marked.has(a.id)) drawArrow(pen, d, l, c, a, 1, 2.4);
      const x = xOf(l, d.now);
      if (x >= GUTTER) pen.line(x, AXIS, x, l.height, { stroke: c.accent, width: 1.5 });
    });
    d.processes.forEach((p, i) => pen.text(8, yOf(d, l, i), p.name, { fill: p.client ? c.quiet : c.ink, size: NAME_SIZE, weight: p.client ? 400 : 600 }));
  });
  drawAxis(pen, l, c, tick);
}

function drawFaults(pen: Pen, d: Diagram, l: Lens, c: Palette): void {
  const half = rowHeight(d.processes.length, l.height) / 2;
  for (const f of d.faults) {
    const from = Math.max(xOf(l, f.from), GUTTER);
    const to = Math.min(f.to < 0 ? xOf(l, Math.max(d.now, f.from)) : xOf(l, f.to), l.width);
    if (to < GUTTER || from > l.width) continue;
    const rows = f.processes.length > 0 ? f.processes : [];
    if (rows.length === 0) pen.box(from, AXIS, Math.max(to - from, 1), l.height - AXIS, 0, { fill: c.band });
    for (const row of rows) pen.box(from, yOf(d, l, row) - half, Math.max(to - from, 1), 2 * half, 0, { fill: c.band });
    pen.line(from, AXIS, from, l.height, { stroke: c.bad, width: 1, dash: [3, 3] });
    if (to - from > f.text.length * LABEL_ROOM) pen.text(from + 5, AXIS + 9, f.text, { fill: c.bad, size: 12 });
  }
}

function drawArrow(pen: Pen, d: Diagram, l: Lens, c: Palette, a: Arrow, alpha: number, width: number): void {
  const [y1, y2] = [yOf(d, l, a.from), yOf(d, l, a.to)];
  const end = endOf(a);
  const share = a.due > a.sent ? (end - a.sent) / (a.due - a.sent) : 1;
  const lost = a.lost >= 0;
  // One that was lost at once is drawn as a stub: it left, and got nowhere.
  const way = lost ? Math.max(share, 0.12) : 1;
  const [x1, x2] = [xOf(l, a.sent), xOf(l, a.sent + (a.due - a.sent) * way)];
  const y = y1 + (y2 - y1) * way;
  const stroke = lost ? c.bad : c.arrows[a.look];
  pen.line(x1, y1, x2, y, { stroke, width, alpha, dash: lost ? [4, 3] : [] });
  if (lost) {
    pen.line(x2 - 3.5, y - 3.5, x2 + 3.5, y + 3.5, { stroke, width: 1.6, alpha });
    pen.line(x2 + 3.5, y - 3.5, x2 - 3.5, y + 3.5, { stroke, width: 1.6, alpha });
    return;
  }
  if (a.look === "beat" && width < 2) return;
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  pen.path([[x2, y2], [x2 - 7 * ux + 3 * uy, y2 - 7 * uy - 3 * ux], [x2 - 7 * ux - 3 * uy, y2 - 7 * uy + 3 * ux]], true, { fill: stroke, alpha });
}

function drawStays(pen: Pen, d: Diagram, l: Lens, c: Palette): void {
  for (const s of d.stays) {
    if (s.from > l.to) break;
    const to = s.to < 0 ? Math.max(d.now, s.from) : s.to;
    if (to < l.from) continue;
    const [x1, x2] = [xOf(l, s.from), Math.max(xOf(l, to), xOf(l, s.from) + 3)];
    const y = yOf(d, l, s.process);
    const colour = c.tones[s.tone];
    const marked = d.markedStays.has(s.id);
    const open = s.tone === "info" || s.tone === "pending";
    pen.box(x1, y - BAR / 2, x2 - x1, BAR, 4, { fill: open ? c.ground : colour, stroke: colour, width: marked ? 3 : 1.4, dash: open ? [3, 2] : [] });
    const inside = Math.max(x1, GUTTER + 4);
    if (x2 - inside > s.text.length * LABEL_ROOM + 6) pen.text(inside + 5, y, s.text, { fill: open ? c.ink : c.ground, size: 11, weight: 600 });
    else if (marked) pen.text(inside, y - BAR, s.text, { fill: c.ink, size: 11, weight: 600 });
  }
}

// tickStep returns the span between two ticks of an axis that has room for so many.
export function tickStep(span: number, room: number): number {
  const least = span / Math.max(room, 1);
  const ten = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return ten * ([1, 2, 5, 10].find((n) => n * ten >= least) ?? 10);
}

function drawAxis(pen: Pen, l: Lens, c: Palette, tick: (at: number, step: number) => string): void {
  const step = tickStep(l.to - l.from, (l.width - GUTTER) / 90);
  for (let at = Math.ceil(Math.max(l.from, 0) / step) * step; at <= l.to; at += step) {
    const x = xOf(l, at);
    if (x < GUTTER) continue;
    pen.line(x, AXIS - 5, x, AXIS, { stroke: c.quiet, width: 1 });
    pen.text(x, AXIS / 2 - 2, tick(at, step), { fill: c.quiet, size: 12, anchor: "middle" });
  }
  pen.line(GUTTER, AXIS, l.width, AXIS, { stroke: c.line, width: 1 });
}

// found returns what a pointer is on: an operation, or else the nearest message within reach.
export function found(d: Diagram, l: Lens, x: number, y: number): { stay?: Stay; arrow?: Arrow } {
  if (x < GUTTER || y < AXIS) return {};
  const at = timeOf(l, x);
  const stay = d.stays.findLast((s) => Math.abs(yOf(d, l, s.process) - y) <= BAR / 2 + 2 && at >= s.from && at <= (s.to < 0 ? d.now : s.to));
  if (stay) return { stay };
  let best: Arrow | undefined;
  let least = 6;
  for (const a of seen(d, l)) {
    const way = a.due > a.sent ? (at - a.sent) / (a.due - a.sent) : 0;
    if (way < 0 || at > endOf(a)) continue;
    const [y1, y2] = [yOf(d, l, a.from), yOf(d, l, a.to)];
    const off = Math.abs(y1 + (y2 - y1) * way - y);
    if (off < least) [best, least] = [a, off];
  }
  return best ? { arrow: best } : {};
}
