// What goes around a node's disc: timers that run down, answers that an operation has and needs, hints kept for peers. Pure.
import { n1, type Point } from "./curve";
import type { Group } from "./group";
import type { TallyView, TimerView } from "./wire";

// A RingLook is how a timer's ring is drawn: by the place and the dash of its line as well as by its colour.
export type RingLook = "election" | "lease" | "suspicion" | "round";

// looks of the timers that have a ring, by name; what matters most comes first. Others are drawn as rounds.
const looks: [string, RingLook][] = [
  ["lease", "lease"],
  ["steps down", "lease"],
  ["lease kept", "lease"],
  ["election", "election"],
  ["promotion", "election"],
  ["suspicion", "suspicion"],
];

export interface RingShape {
  look: RingLook;
  r: number;
  from: number;
  until: number;
}

export interface TallyShape {
  what: string;
  on: string; // path of the answers that are there
  off: string; // and of those that are missing
}

export const STEPS = 60; // in which a ring runs down: finer is not seen, and would be painted anew
const NEAR = 0.6; // share of its span at which a suspicion is shown: every heartbeat sets it anew
const MOST_BEADS = 9;
const GAP = 0.16; // radians between two segments
const lone = { inner: 4.6, outer: 8.2 }; // distance from the disc
const small = { inner: 3.3, outer: 3.3 };

const radii = (g: Group) => (g.pad === 0 ? lone : small);

// ringsOf chooses the timers to draw: the one that matters most close to the disc, a round outside it where there is room.
export function ringsOf(timers: readonly TimerView[], g: Group): RingShape[] {
  const shapes: RingShape[] = [];
  const shape = (t: TimerView, look: RingLook, r: number) => shapes.push({ look, r: g.r + r, from: t.from, until: t.until });
  const first = looks.find(([name]) => timers.some((t) => t.name === name));
  if (first) shape(soonest(timers.filter((t) => t.name === first[0])), first[1], radii(g).inner);
  const rounds = timers.filter((t) => !looks.some(([name]) => name === t.name));
  if (rounds.length > 0 && !(first && g.pad > 0)) shape(soonest(rounds), "round", first ? radii(g).outer : radii(g).inner);
  return shapes;
}

function soonest(list: readonly TimerView[]): TimerView {
  return list.reduce((a, b) => (b.until < a.until ? b : a));
}

// leftOf is what is left of a ring, in whole steps; 0 for nothing to be seen.
export function leftOf(ring: RingShape, now: number): number {
  const share = (ring.until - now) / Math.max(ring.until - ring.from, 1);
  if (ring.look === "suspicion" && share > NEAR) return 0;
  return Math.round(Math.min(Math.max(share, 0), 1) * STEPS);
}

const drawn = new Map<number, string>(); // paths by radius and steps: the same few again and again

// arcOf is the path of a ring of which so many steps are left: it runs down clockwise, towards its end at the top.
export function arcOf(r: number, left: number): string {
  const key = Math.round(r * 10) * 100 + left;
  let d = drawn.get(key);
  if (d === undefined) drawn.set(key, (d = left <= 0 ? "" : part(r, (1 - left / STEPS) * 2 * Math.PI, 2 * Math.PI)));
  return d;
}

const on = (r: number, angle: number): Point => ({ x: r * Math.sin(angle), y: -r * Math.cos(angle) });

// part is an arc between two angles, clockwise from the top, as two, since a whole turn cannot be one.
function part(r: number, from: number, to: number): string {
  const [a, m, b] = [from, (from + to) / 2, to].map((angle) => on(r, angle)) as [Point, Point, Point];
  const radius = `${n1(r)} ${n1(r)} 0 0 1`;
  return `M${n1(a.x)} ${n1(a.y)}A${radius} ${n1(m.x)} ${n1(m.y)}A${radius} ${n1(b.x)} ${n1(b.y)}`;
}

// tallyOf draws the latest operation that a node coordinates: as many segments as answers are needed.
export function tallyOf(list: readonly TallyView[], g: Group): TallyShape | null {
  const t = list.reduce<TallyView | null>((a, b) => (a && a.op > b.op ? a : b), null);
  if (!t || t.need <= 0) return null;
  const r = g.r + radii(g).outer;
  const turn = (2 * Math.PI) / t.need;
  const gap = t.need === 1 ? 0 : GAP;
  const segments = Array.from({ length: t.need }, (_, i) => part(r, i * turn + gap / 2, (i + 1) * turn - gap / 2));
  const have = Math.min(t.have, t.need);
  return { what: t.what, on: segments.slice(0, have).join(""), off: segments.slice(have).join("") };
}

// beadsOf draws kept hints as a row of beads on the disc's right; many are no more than nine.
export function beadsOf(count: number, g: Group): string {
  const r = g.r + radii(g).outer;
  const step = 5.2 / r;
  const n = Math.min(count, MOST_BEADS);
  return Array.from({ length: n }, (_, i) => on(r, Math.PI / 2 + (i - (n - 1) / 2) * step))
    .map((p) => `M${n1(p.x)} ${n1(p.y)}h.1`)
    .join("");
}
