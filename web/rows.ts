// What the timeline's rows show, one for each lane: who led when, faults, operations by outcome, broken promises. Pure.
import type { History } from "./series";
import type { Band, LaneTimeline, Pin, Reign, Timeline } from "./wire";

// Painted is all of a run's timeline that the page has.
export interface Painted {
  run: number;
  edge: number;
  lanes: LaneTimeline[];
}

// A Stretch is a part of a row, in shares of it; open says that it has not ended.
export interface Stretch {
  left: number;
  width: number;
  open: boolean;
}

export interface Row {
  reigns: Stretch[];
  links: Stretch[]; // where something is wrong with links
  machines: Stretch[]; // or with machines
  pins: { left: number; lost: boolean }[]; // lost: what was acknowledged is gone
}

const FINE = 500; // parts of a row that can be told apart
const BINS = 200; // bars of operations in a row, at most

// merged adds what the server has told of the time since the question before; another run begins anew.
export function merged(have: Painted | null, t: Timeline): Painted {
  const same = have?.run === t.run ? have : null;
  const lanes = (t.lanes ?? []).map((l, i) => {
    const old = same?.lanes[i];
    return { reigns: joined(old?.reigns, l.reigns, reignKey), bands: joined(old?.bands, l.bands, bandKey), pins: joined(old?.pins, l.pins, pinKey) };
  });
  return { run: t.run, edge: t.edge, lanes };
}

const reignKey = (r: Reign): string => `${r.node} ${r.from}`;
const bandKey = (b: Band): string => `${b.what} ${b.node} ${b.from}`;
const pinKey = (p: Pin): string => `${p.kind} ${p.op} ${p.at}`;

function joined<T>(old: readonly T[] | null | undefined, more: readonly T[] | null, key: (t: T) => string): T[] {
  const all = new Map((old ?? []).map((t) => [key(t), t]));
  for (const t of more ?? []) all.set(key(t), t);
  return [...all.values()];
}

// rowOf lays a lane's row out over a span that begins at zero. What touches within a hair is drawn as one.
export function rowOf(lane: LaneTimeline, span: number, edge: number): Row {
  const bands = lane.bands ?? [];
  const seen = new Set<string>();
  const pins = (lane.pins ?? []).map((p) => ({ left: p.at / span, lost: p.kind.startsWith("lost") })).filter((p) => fresh(seen, `${p.lost} ${Math.round(p.left * 150)}`));
  return {
    reigns: (lane.reigns ?? []).map((r) => stretch(r, span, edge)).filter((s) => fresh(seen, `${Math.round(s.left * FINE)} ${Math.round(s.width * FINE)}`)),
    links: covered(bands.filter((b) => b.node < 0).map((b) => stretch(b, span, edge))),
    machines: covered(bands.filter((b) => b.node >= 0).map((b) => stretch(b, span, edge))),
    pins,
  };
}

function fresh(seen: Set<string>, key: string): boolean {
  return !seen.has(key) && Boolean(seen.add(key));
}

function stretch({ from, until }: { from: number; until: number }, span: number, edge: number): Stretch {
  const to = until < 0 ? Math.max(edge, from) : until;
  return { left: from / span, width: (to - from) / span, open: until < 0 };
}

// covered joins what overlaps or nearly touches.
export function covered(list: readonly Stretch[]): Stretch[] {
  const out: Stretch[] = [];
  for (const s of [...list].sort((a, b) => a.left - b.left)) {
    const last = out[out.length - 1];
    if (!last || s.left > last.left + last.width + 1 / FINE) {
      out.push({ ...s });
      continue;
    }
    last.width = Math.max(last.width, s.left + s.width - last.left);
    last.open ||= s.open;
  }
  return out;
}

// Bars are the operations of a row as paths in a box of 1000 by 14: answered ones stand on the line at 9, the others
// hang from it, those without an answer thinner.
export interface Bars {
  ok: string;
  fail: string;
  info: string;
}

const LINE = 9;
const ABOVE = 6;
const BELOW = 5;

// barsOf draws all lanes' operations to one scale.
export function barsOf(h: History, span: number): Bars[] {
  const per = Math.max(1, Math.ceil(span / BINS / h.every));
  const sums = h.lanes.map((l) => ({ ok: summed(l.ok, per), fail: summed(l.fail, per), info: summed(l.info, per) }));
  const most = Math.max(1, ...sums.flatMap((s) => s.ok));
  const bad = Math.max(1, most / 3, ...sums.flatMap((s) => s.fail.map((n, i) => n + (s.info[i] ?? 0))));
  const wide = (1000 * per * h.every) / span;
  return sums.map((s) => ({
    ok: s.ok.map((n, i) => bar(i * wide, LINE, wide, -height(n, most, ABOVE))).join(""),
    fail: s.fail.map((n, i) => bar(i * wide, LINE, wide, height(n, bad, BELOW))).join(""),
    info: s.info.map((n, i) => bar((i + 0.3) * wide, LINE + height(s.fail[i] ?? 0, bad, BELOW), wide * 0.4, height(n, bad, BELOW))).join(""),
  }));
}

// height of a bar: a few can be seen beside many.
const height = (n: number, most: number, room: number): number => (n <= 0 ? 0 : room * Math.max(0.25, Math.sqrt(n / most)));

const bar = (x: number, y: number, w: number, h: number): string => (h === 0 ? "" : `M${x.toFixed(1)} ${y.toFixed(1)}v${h.toFixed(1)}h${(w * 0.8).toFixed(1)}v${(-h).toFixed(1)}z`);

function summed(points: readonly number[] | null, per: number): number[] {
  const out: number[] = [];
  (points ?? []).forEach((n, i) => (out[Math.floor(i / per)] = (out[Math.floor(i / per)] ?? 0) + n));
  return out;
}

// Around is what a row has at a moment; pins and beginnings as near as reach count.
export interface Around {
  reign: Reign | null;
  bands: Band[];
  pins: Pin[];
}

export function around(lane: LaneTimeline, at: number, reach: number): Around {
  const holds = (s: { from: number; until: number }) => s.from <= at + reach && (s.until < 0 || at <= s.until);
  return {
    reign: (lane.reigns ?? []).filter((r) => r.from <= at + reach && (r.until < 0 || at < r.until)).pop() ?? null,
    bands: (lane.bands ?? []).filter(holds),
    pins: (lane.pins ?? []).filter((p) => Math.abs(p.at - at) <= reach),
  };
}

// momentsOf are the moments of a row that something begins, ends or breaks at, in order.
export function momentsOf(lane: LaneTimeline): number[] {
  const ends = (lane.bands ?? []).flatMap((b) => (b.until < 0 ? [b.from] : [b.from, b.until]));
  const all = [...(lane.reigns ?? []).map((r) => r.from), ...ends, ...(lane.pins ?? []).map((p) => p.at)];
  return [...new Set(all)].sort((a, b) => a - b);
}

// snapped is the pin or the beginning that a hand means, if one is near, and otherwise where it is.
export function snapped(lane: LaneTimeline, at: number, reach: number): number {
  const near = momentsOf(lane).filter((m) => Math.abs(m - at) <= reach);
  return near.sort((a, b) => Math.abs(a - at) - Math.abs(b - at))[0] ?? at;
}
