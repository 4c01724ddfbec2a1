// A violation as a picture of time: a row for each client and replica that it involves, operations as bars, messages as
// arrows, states as dots, the fault as a mark. Pure: data in, positions out, in pixels.
import { clamp } from "./curve";
import { exact, holds, lostMark, opLabel } from "./causes_words";
import type { CauseView, OpView, StepView } from "./wire";

// Cast is who there is in a lane.
export interface Cast {
  nodes: readonly { name: string; region: number }[]; // names for people
  clients: readonly { name: string; region: number }[];
}

export interface Row {
  addr: number; // of a node, or of a client after the nodes
  client: boolean;
  label: string;
  size: number; // of the label
  y: number; // its line
}

export interface Bar {
  step: number; // -1 where the chain does not name it
  op: number;
  x: number;
  y: number; // its middle
  w: number;
  outcome: OpView["outcome"];
  part: "odd" | "missed" | ""; // what cannot be placed, and what it should have met
  label: string;
  at: { x: number; y: number; anchor: "start" | "middle" | "end" };
}

export interface Arrow {
  step: number;
  x1: number;
  y1: number;
  x2: number; // where it ends: short of its row if it was lost
  y2: number;
  fate: string;
}

export interface Dot {
  step: number;
  x: number;
  y: number;
  hollow: boolean; // answered without it, or gave it up
  label: string;
  mid: number; // of the label
}

// Mark is an instant that concerns all rows: the fault, or when a write was lost for good.
export interface Mark {
  step: number;
  x: number;
  to: number; // where the fault is undone; x where that is not known
  label: string;
  fault: boolean;
  anchor: "start" | "middle" | "end";
}

export interface Picture {
  width: number;
  height: number;
  left: number; // where time begins
  top: number; // of the marks' lines
  bottom: number;
  rows: Row[];
  bars: Bar[];
  arrows: Arrow[];
  dots: Dot[];
  marks: Mark[];
  ticks: { x: number; text: string }[];
  breaks: number[]; // where a quiet stretch is shortened
}

export const FONT = 14;
const BAR = 12; // height
const LEAST_BAR = 8; // width
const CLIENT_ROW = 46;
const NODE_ROW = 38;
const MARKS = 22; // room for their labels
const AXIS = 26; // room for the ticks
const SIDE = 12;
const ICON = 18; // before a row's label
const MOST_LABEL = 0.34; // of the width
const LEAST_LABEL = 11; // font size
const QUIET = 500_000; // microseconds; a longer stretch is marked as shortened
const UNIT = 10_000; // microseconds; the stretch that is drawn neither longer nor shorter
const LOST = [0.6, 0.45, 0.75, 0.3]; // of the way that a lost message is drawn: the first at which no label hides its end
const SLANT = 30; // pixels that a lost message flies on at least

// picture lays a violation out. undone is when its fault was, Infinity if it is in force still, or null where nothing undoes it.
export function picture(c: CauseView, cast: Cast, undone: number | null, width: number, widthOf: (text: string, size: number) => number): Picture {
  const rows = rowsOf(c, cast);
  const marks = instants(c);
  const room = width * MOST_LABEL;
  const longest = Math.max(0, ...rows.map((r) => widthOf(r.label, FONT)));
  const size = clamp((FONT * (room - ICON)) / Math.max(longest, 1), LEAST_LABEL, FONT);
  const left = Math.round(Math.min(ICON + (longest * size) / FONT, room) + SIDE);
  const time = scale(momentsOf(c), left + 4, width - SIDE);
  const top = marks.length > 0 ? MARKS : 4;
  let y = top;
  for (const r of rows) {
    y += r.client ? CLIENT_ROW : NODE_ROW;
    Object.assign(r, { y: y - (r.client ? 12 : 11), size });
  }
  const p: Picture = { width, height: y + 8 + AXIS, left, top, bottom: y + 8, rows, bars: [], arrows: [], dots: [], marks: [], ticks: [], breaks: time.breaks };
  const lineOf = (addr: number) => rows.find((r) => r.addr === addr)?.y ?? p.bottom;
  p.bars = barsOf(c, cast.nodes.length, p, time.x, lineOf, widthOf);
  p.arrows = arrowsOf(c, time.x, lineOf, width - SIDE, under(p.bars, widthOf));
  p.dots = dotsOf(c, time.x, lineOf, widthOf, width);
  p.marks = placed(marks, undone, time.x, p, widthOf);
  p.ticks = ticksOf(c, marks, time.x, p, widthOf);
  return p;
}

// rowsOf lists who is involved, by region: clients above replicas.
function rowsOf(c: CauseView, cast: Cast): Row[] {
  const n = cast.nodes.length;
  const addrs = new Set((c.ops ?? []).map((o) => n + o.client));
  for (const s of c.steps ?? []) if (s.kind === "state" || s.kind === "message") [s.node, s.peer].forEach((a) => a >= 0 && addrs.add(a));
  const who = (a: number) => (a < n ? cast.nodes[a] : cast.clients[a - n]);
  const order = (a: number) => (who(a)?.region ?? 0) * 1000 + (a < n ? 500 + a : a - n);
  return [...addrs].sort((a, b) => order(a) - order(b)).map((addr) => ({ addr, client: addr >= n, label: who(addr)?.name ?? "", size: FONT, y: 0 }));
}

interface Instant {
  at: number;
  step: number;
  label: string;
  fault: boolean;
}

// instants are what all rows share: the fault, and when a write was known to be lost.
function instants(c: CauseView): Instant[] {
  const list: Instant[] = [];
  (c.steps ?? []).forEach((s, step) => s.kind === "fault" && list.push({ at: s.at, step, label: c.fault?.verb ?? "fault", fault: true }));
  if (c.kind === "lost-write") list.push({ at: c.at, step: -1, label: lostMark, fault: false });
  return list.sort((a, b) => a.at - b.at);
}

function momentsOf(c: CauseView): number[] {
  const ops = (c.ops ?? []).flatMap((o) => [o.start, o.end]);
  const steps = (c.steps ?? []).flatMap((s) => (s.kind === "operation" ? [] : [s.at, s.until]));
  const all = [...ops, ...steps, ...(c.kind === "lost-write" ? [c.at] : [])].filter((t) => t >= 0);
  return [...new Set(all)].sort((a, b) => a - b);
}

interface Scale {
  x(at: number): number;
  breaks: number[];
}

// scale lays instants from left to right in their order; long stretches between two of them are drawn shorter.
export function scale(moments: readonly number[], from: number, to: number): Scale {
  const ends: number[] = [0];
  for (let i = 1; i < moments.length; i++) ends.push(ends[i - 1]! + 0.25 + Math.log(1 + (moments[i]! - moments[i - 1]!) / UNIT));
  const total = ends[ends.length - 1] || 1;
  const places = ends.map((e) => from + ((to - from) * e) / total);
  const breaks = places.flatMap((x, i) => (i > 0 && moments[i]! - moments[i - 1]! > QUIET ? [(places[i - 1]! + x) / 2] : []));
  return {
    breaks,
    x(at) {
      const i = moments.findIndex((m) => m >= at);
      if (i < 0) return to;
      if (i === 0 || moments[i] === at) return places[i] ?? from;
      const share = (at - moments[i - 1]!) / (moments[i]! - moments[i - 1]!);
      return places[i - 1]! + share * (places[i]! - places[i - 1]!);
    },
  };
}

function barsOf(c: CauseView, nodes: number, p: Picture, x: Scale["x"], lineOf: (addr: number) => number, widthOf: (text: string, size: number) => number): Bar[] {
  const taken = new Map<number, number>(); // of each row: where its last label ends
  return (c.ops ?? []).map((o) => {
    const row = nodes + o.client;
    const open = o.end < 0;
    const x1 = x(o.start);
    const w = Math.max((open ? p.width - SIDE : x(o.end)) - x1, LEAST_BAR);
    const y = lineOf(row);
    const label = opLabel(o);
    const half = widthOf(label, FONT) / 2;
    const free = taken.get(row) ?? p.left - 8;
    // Labels of one row must not run into each other: the next one gives way to the right as far as there is room.
    const mid = clamp(Math.max(x1 + w / 2, free + half + 8), p.left + half - 8, Math.max(p.width - half, p.left));
    taken.set(row, mid + half);
    const part = o.id === c.op ? "odd" : o.id === c.missed ? "missed" : "";
    const step = (c.steps ?? []).findIndex((s) => s.kind === "operation" && s.op === o.id);
    return { step, op: o.id, x: Math.min(x1, p.width - SIDE - w + 4), y, w, outcome: o.outcome, part, label, at: { x: mid, y: y - BAR / 2 - (part === "odd" ? 8 : 6), anchor: "middle" as const } };
  });
}

function arrowsOf(c: CauseView, x: Scale["x"], lineOf: (addr: number) => number, to: number, hidden: (x: number, y: number) => boolean): Arrow[] {
  return (c.steps ?? []).flatMap((s, step) => {
    if (s.kind !== "message" || s.peer < 0) return [];
    const [x1, y1, y2] = [x(s.at), lineOf(s.node), lineOf(s.peer)];
    // What was lost at once is drawn slanting, as if it had flown on: upright it would pass for an instant.
    const x2 = s.fate === "lost" ? Math.min(Math.max(x(s.until), x1 + SLANT), Math.max(to, x(s.until))) : x(s.until);
    const share = s.fate !== "lost" ? 1 : (LOST.find((f) => !hidden(x2, y1 + (y2 - y1) * f)) ?? LOST[0]!);
    return [{ step, x1, y1, x2, y2: y1 + (y2 - y1) * share, fate: s.fate ?? "" }];
  });
}

// under returns whether a point lies under the label of a bar, or on the bar.
function under(bars: readonly Bar[], widthOf: (text: string, size: number) => number): (x: number, y: number) => boolean {
  return (x, y) => bars.some((b) => y < b.y + BAR && y > b.at.y - FONT - 4 && (Math.abs(x - b.at.x) < widthOf(b.label, FONT) / 2 + 6 || (x > b.x - 8 && x < b.x + b.w + 8)));
}

function dotsOf(c: CauseView, x: Scale["x"], lineOf: (addr: number) => number, widthOf: (text: string, size: number) => number, width: number): Dot[] {
  const taken = new Map<number, number>();
  return (c.steps ?? []).flatMap((s, step) => {
    if (s.kind !== "state") return [];
    const [px, y] = [x(s.at), lineOf(s.node)];
    const text = holds((c.ops ?? []).find((o) => o.id === s.write), s.fate ?? "");
    const w = widthOf(text, FONT);
    const mid = clamp(px, w / 2, width - w / 2);
    // A label that would run into another is left to the list.
    const fits = text !== "" && mid - w / 2 > (taken.get(s.node) ?? 0) + 6;
    if (fits) taken.set(s.node, mid + w / 2);
    return [{ step, x: px, y, hollow: s.fate === "without" || s.fate === "wiped" || s.fate === "replaced", label: fits ? text : "", mid }];
  });
}

function placed(marks: Instant[], undone: number | null, x: Scale["x"], p: Picture, widthOf: (text: string, size: number) => number): Mark[] {
  let free = -Infinity;
  return marks.map((m) => {
    const w = widthOf(m.label, FONT);
    const px = x(m.at);
    const anchor = px + w / 2 > p.width ? "end" : px - w / 2 < 0 ? "start" : "middle";
    const from = anchor === "end" ? px - w : anchor === "start" ? px : px - w / 2;
    const label = from > free + 6 ? m.label : "";
    if (label) free = from + w;
    const to = m.fault && undone !== null ? Math.max(x(undone), px) : px;
    return { step: m.step, x: px, to, label, fault: m.fault, anchor };
  });
}

// ticksOf writes as many times as there is room for: of the marks first, then of the ends of operations.
function ticksOf(c: CauseView, marks: readonly Instant[], x: Scale["x"], p: Picture, widthOf: (text: string, size: number) => number): Picture["ticks"] {
  const odd = (c.ops ?? []).find((o) => o.id === c.op);
  const missed = (c.ops ?? []).find((o) => o.id === c.missed);
  const wanted = [...marks.map((m) => m.at), odd?.end ?? -1, missed?.end ?? -1, odd?.start ?? -1, ...momentsOf(c)].filter((t) => t >= 0);
  const ticks: { x: number; text: string; from: number; to: number }[] = [];
  for (const t of wanted) {
    const text = exact(t);
    const half = widthOf(text, FONT) / 2;
    const px = clamp(x(t), half, p.width - half);
    if (Math.abs(px - x(t)) > half || ticks.some((o) => px - half < o.to + 10 && px + half > o.from - 10)) continue;
    ticks.push({ x: px, text, from: px - half, to: px + half });
  }
  return ticks.sort((a, b) => a.x - b.x).map(({ x: at, text }) => ({ x: at, text }));
}

// undrawn says which steps of a chain a picture has nothing of, for tests.
export function undrawn(c: CauseView, p: Picture): StepView[] {
  const drawn = new Set([...p.bars, ...p.arrows, ...p.dots, ...p.marks].map((s) => s.step));
  return (c.steps ?? []).filter((_, i) => !drawn.has(i));
}
