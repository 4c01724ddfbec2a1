// The space-time diagram: processes as lines, messages as arrows, operations as intervals, faults as bands. Time runs
// to the right. Pure but for the pen: a diagram and a window in, strokes out.
import { clamp } from "./curve";
import { AXIS, GUTTER, barOf, rowHeight, timeOf, xOf, yOf, type Lens } from "./lens";
import { LOOKS, type Look } from "./looks";
import type { Pen } from "./pen";

// Process is a line of the diagram: a node or a client.
export interface Process {
  name: string;
  client: boolean;
  group: number; // the region: groups stand a little apart
}


// Arrow is a message between two nodes, in microseconds of virtual time.
export interface Arrow {
  id: number;
  from: number; // processes by index
  to: number;
  look: Look;
  kind: number;
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
  level: number; // which of those that the client has under way at once, from 0
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
  levels: readonly number[]; // of each process: how many operations it has at once, at most
  faults: readonly Fault[];
  marked: ReadonlySet<number>; // arrows that a violation is about
  markedStays: ReadonlySet<number>;
  chosen: { arrow: number; stay: number }; // what is looked into; -1 for none
  now: number; // the instant that the stage shows
  edge: number; // how far things are known
}

export interface Palette {
  ink: string;
  quiet: string;
  line: string;
  ground: string;
  band: string;
  bad: string;
  accent: string;
  arrows: Record<Look, string>;
  tones: Record<Stay["tone"], string>;
}

const NAME_SIZE = 14;
const TEXT_SIZE = 12;
const LABEL_ROOM = 7; // pixels that a letter takes
const LONGEST = 5_000_000; // microseconds that a message may be on its way and still be found; longer ones are cut off
const OVER: readonly Look[] = ["heartbeat", ...LOOKS.filter((l) => l !== "heartbeat")]; // from the lowest on
const MANY = 1500; // with more arrows in view they have no heads: they would be all that is seen
const SAME = 0.7; // pixels within which arrows without heads between two lines are one
const NARROW = 8; // pixels of an operation that is drawn as a mere bar
const LEAST_WAY = 0.12; // of a way that a lost message is drawn: it left, and got nowhere

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

// shareOf is how much of its way an arrow is drawn.
function shareOf(a: Arrow): number {
  if (a.lost < 0) return 1;
  return a.due > a.sent ? Math.max((endOf(a) - a.sent) / (a.due - a.sent), LEAST_WAY) : 1;
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

// staysSeen returns the operations of which a lens shows something.
export function staysSeen(d: Diagram, l: Lens): Stay[] {
  return d.stays.filter((s) => s.from <= l.to && (s.to < 0 ? d.edge : s.to) >= l.from);
}

// drawDiagram draws what a lens shows; tick tells how a time is written.
export function drawDiagram(pen: Pen, d: Diagram, l: Lens, c: Palette, tick: (at: number, step: number) => string): void {
  pen.box(0, 0, l.width, l.height, 0, { fill: c.ground });
  const rows = d.processes.map((_, i) => yOf(d, l, i));
  pen.clip(0, AXIS, l.width, l.height - AXIS, () => {
    pen.clip(GUTTER, AXIS, l.width - GUTTER, l.height - AXIS, () => {
      drawFaults(pen, d, l, c);
      for (const y of rows) pen.line(GUTTER, y, l.width, y, { stroke: c.line, width: 1 });
      const arrows = seen(d, l);
      const strong = (a: Arrow) => d.marked.has(a.id) || d.chosen.arrow === a.id;
      const heads = arrows.length <= MANY;
      drawArrows(pen, d, l, c, rows, arrows.filter((a) => !strong(a)), { alpha: d.marked.size > 0 ? 0.25 : 0.85, width: heads ? 1.2 : 0.8, heads });
      drawStays(pen, d, l, c);
      drawArrows(pen, d, l, c, rows, arrows.filter(strong), { alpha: 1, width: 2.6, heads: true });
      const x = xOf(l, d.now);
      if (x >= GUTTER) pen.line(x, AXIS, x, l.height, { stroke: c.accent, width: 1.5 });
    });
    d.processes.forEach((p, i) => pen.text(p.client ? 16 : 4, rows[i]!, p.name, { fill: p.client ? c.quiet : c.ink, size: NAME_SIZE, weight: p.client ? 400 : 600 }));
  });
  drawAxis(pen, l, c, tick);
}

function drawFaults(pen: Pen, d: Diagram, l: Lens, c: Palette): void {
  const half = rowHeight(d, l.height) / 2;
  const texts: { x: number; end: number }[] = [];
  for (const f of d.faults) {
    const from = Math.max(xOf(l, f.from), GUTTER);
    const to = Math.min(f.to < 0 ? xOf(l, Math.max(d.edge, f.from)) : xOf(l, f.to), l.width);
    if (to < GUTTER || from > l.width) continue;
    if (f.processes.length === 0) pen.box(from, AXIS, Math.max(to - from, 1), l.height - AXIS, 0, { fill: c.band });
    for (const row of f.processes) pen.box(from, yOf(d, l, row) - half, Math.max(to - from, 1), 2 * half, 0, { fill: c.band });
    if (f.from >= l.from) pen.line(from, AXIS, from, l.height, { stroke: c.bad, width: 1, dash: [3, 3] });
    if (f.to >= 0 && f.to <= l.to) pen.line(to, AXIS, to, l.height, { stroke: c.line, width: 1, dash: [3, 3] });
    const end = from + 8 + f.text.length * LABEL_ROOM;
    if (texts.some((t) => from < t.end && end > t.x)) continue;
    texts.push({ x: from, end });
    pen.text(from + 5, AXIS + 9, f.text, { fill: c.bad, size: TEXT_SIZE, weight: 600 });
  }
}

interface Stroke {
  alpha: number;
  width: number;
  heads: boolean;
}

// drawArrows draws messages, all of one look at once. What is not known yet of one that is on its way is dashed.
function drawArrows(pen: Pen, d: Diagram, l: Lens, c: Palette, rows: readonly number[], arrows: readonly Arrow[], s: Stroke): void {
  const ways: Record<string, number[]> = { lost: [], open: [] };
  const heads: Record<string, Tips> = {};
  for (const look of LOOKS) [ways[look], heads[look]] = [[], { filled: [], open: [] }];
  const crosses: number[] = [];
  const scale = (l.width - GUTTER) / (l.to - l.from);
  const drawn: number[] = []; // of each pair of lines, where the latest message ends
  for (const a of arrows) {
    const [y1, y2] = [rows[a.from] ?? 0, rows[a.to] ?? 0];
    const x1 = GUTTER + (a.sent - l.from) * scale;
    const x2 = GUTTER + (a.due - l.from) * scale;
    const pair = 4 * (a.from * rows.length + a.to) + (a.lost >= 0 ? 2 : 0);
    if (!s.heads && Math.abs(x1 - drawn[pair]!) + Math.abs(x2 - drawn[pair + 1]!) < SAME) continue;
    [drawn[pair], drawn[pair + 1]] = [x1, x2];
    const known = a.lost < 0 && a.due > d.edge ? clamp((d.edge - a.sent) / (a.due - a.sent), 0, 1) : shareOf(a);
    const [x, y] = [x1 + (x2 - x1) * known, y1 + (y2 - y1) * known];
    if (a.lost >= 0) {
      ways.lost!.push(x1, y1, x, y);
      crosses.push(x - 3.5, y - 3.5, x + 3.5, y + 3.5, x + 3.5, y - 3.5, x - 3.5, y + 3.5);
      continue;
    }
    ways[a.look]!.push(x1, y1, x, y);
    if (known < 1) ways.open!.push(x, y, x2, y2);
    else if (s.heads && (a.look !== "heartbeat" || s.width > 2)) head(heads[a.look]!, TIPS[a.look], x1, y1, x2, y2, s.width > 2 ? 10 : 7);
  }
  for (const look of OVER) {
    pen.lines(ways[look]!, { stroke: c.arrows[look], width: s.width, alpha: s.alpha });
    const { filled, open } = heads[look]!;
    if (filled.length > 0) pen.wedges(filled, { fill: c.arrows[look], alpha: s.alpha });
    if (open.length > 0) pen.lines(open, { stroke: c.arrows[look], width: s.width + 0.3, alpha: s.alpha });
  }
  pen.lines(ways.open!, { stroke: c.quiet, width: s.width, alpha: s.alpha * 0.7, dash: [2, 4] });
  pen.lines(ways.lost!, { stroke: c.bad, width: s.width, alpha: s.alpha, dash: [4, 3] });
  if (s.heads) pen.lines(crosses, { stroke: c.bad, width: s.width + 0.4, alpha: s.alpha });
}

// Tips are the ends of arrows: triangles, and lines.
interface Tips {
  filled: number[];
  open: number[];
}

// TIPS tell messages apart where colours do not: what asks or writes is a filled head, what answers an open one, a vote a
// diamond, upkeep a bar.
const TIPS: Record<Look, "filled" | "open" | "diamond" | "bar"> = {
  request: "filled", replicate: "filled", reply: "open", ack: "open", vote: "diamond", heartbeat: "filled", gossip: "bar", hint: "bar", repair: "bar",
};

function head(tips: Tips, shape: "filled" | "open" | "diamond" | "bar", x1: number, y1: number, x2: number, y2: number, size: number): void {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [ux, uy] = [((x2 - x1) / length) * size, ((y2 - y1) / length) * size];
  const [lx, ly, rx, ry] = [x2 - ux + 0.42 * uy, y2 - uy - 0.42 * ux, x2 - ux - 0.42 * uy, y2 - uy + 0.42 * ux];
  if (shape === "open") tips.open.push(lx, ly, x2, y2, x2, y2, rx, ry);
  else if (shape === "bar") tips.open.push(x2 + 0.6 * uy, y2 - 0.6 * ux, x2 - 0.6 * uy, y2 + 0.6 * ux);
  else tips.filled.push(x2, y2, lx, ly, rx, ry);
  if (shape === "diamond") tips.filled.push(x2 - 2 * ux, y2 - 2 * uy, lx, ly, rx, ry);
}

function drawStays(pen: Pen, d: Diagram, l: Lens, c: Palette): void {
  const narrow = new Map<Stay["tone"], number[]>();
  for (const s of staysSeen(d, l)) {
    const to = s.to < 0 ? Math.max(d.edge, s.from) : s.to;
    const [x1, x2] = [xOf(l, s.from), Math.max(xOf(l, to), xOf(l, s.from) + 3)];
    const bar = barOf(d, l, s);
    const colour = c.tones[s.tone];
    // Tones differ by shape too: no answer is dashed, a refusal an outline, a stale answer has a second one.
    const open = s.tone === "info" || s.tone === "pending";
    const hollow = open || s.tone === "fail";
    const strong = d.markedStays.has(s.id) || d.chosen.stay === s.id;
    if (x2 - x1 < NARROW && !strong && s.tone !== "gone") {
      const list = narrow.get(s.tone) ?? [];
      narrow.set(s.tone, list);
      list.push(x1, bar.y, x2 - x1, bar.height);
      continue;
    }
    pen.box(x1, bar.y, x2 - x1, bar.height, Math.min(4, bar.height / 2), { fill: hollow ? c.ground : colour, stroke: strong ? c.ink : colour, width: strong ? 2.6 : s.tone === "fail" ? 1.8 : 1.2, dash: open ? [3, 2] : [] });
    if (s.tone === "stale") pen.box(x1 - 3, bar.y - 3, x2 - x1 + 6, bar.height + 6, 6, { stroke: colour, width: 1.2 });
    if (s.tone === "gone") pen.line(x1 - 4, bar.y + bar.height + 3, x2 + 4, bar.y - 3, { stroke: c.ink, width: 1.6 });
    const inside = Math.max(x1, GUTTER + 4);
    if (bar.height < 13) continue;
    const room = Math.min(x2, l.width) - inside;
    if (room > s.text.length * LABEL_ROOM + 8) pen.text(inside + 5, bar.y + bar.height / 2 + 0.5, s.text, { fill: hollow ? c.ink : c.ground, size: TEXT_SIZE, weight: 600 });
    else if (strong) pen.text(inside, bar.y - 9, s.text, { fill: c.ink, size: TEXT_SIZE, weight: 600 });
  }
  for (const [tone, list] of narrow) pen.bars(list, { fill: c.tones[tone] });
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
    if (x < GUTTER || x > l.width - 20) continue;
    pen.line(x, AXIS - 5, x, AXIS, { stroke: c.quiet, width: 1 });
    pen.text(x, AXIS / 2 - 2, tick(at, step), { fill: c.quiet, size: TEXT_SIZE, anchor: "middle" });
  }
  pen.line(GUTTER, AXIS, l.width, AXIS, { stroke: c.line, width: 1 });
}

// found returns what a pointer is on: an operation, or else the nearest message within reach.
export function found(d: Diagram, l: Lens, x: number, y: number, reach = 6): { stay?: Stay; arrow?: Arrow } {
  if (x < GUTTER || y < AXIS) return {};
  const on = (s: Stay) => {
    const bar = barOf(d, l, s);
    const [x1, x2] = [xOf(l, s.from), xOf(l, s.to < 0 ? d.edge : s.to)];
    return y >= bar.y - 1 && y <= bar.y + bar.height + 1 && x >= x1 - 1 && x <= Math.max(x2, x1 + 3) + 1;
  };
  const stay = staysSeen(d, l).findLast(on);
  if (stay) return { stay };
  let best: Arrow | undefined;
  let least = reach;
  for (const a of seen(d, l)) {
    const off = distanceTo(d, l, a, x, y);
    if (off < least) [best, least] = [a, off];
  }
  return best ? { arrow: best } : {};
}

// distanceTo is how far a point is from an arrow as it is drawn.
function distanceTo(d: Diagram, l: Lens, a: Arrow, x: number, y: number): number {
  const way = shareOf(a);
  const [x1, y1] = [xOf(l, a.sent), yOf(d, l, a.from)];
  const [dx, dy] = [(xOf(l, a.due) - x1) * way, (yOf(d, l, a.to) - y1) * way];
  const along = clamp(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1), 0, 1);
  return Math.hypot(x1 + dx * along - x, y1 + dy * along - y);
}

// timeUnder is the instant under a pointer, if it is on the diagram.
export function timeUnder(l: Lens, x: number): number {
  return Math.max(timeOf(l, Math.max(x, GUTTER)), 0);
}
