// What many runs under other lucks say about this one: which promises a run has broken, the text of a run under another
// luck, and how frequencies are drawn. Pure.
import type { BrokenView, LaneLuckView, LaneState, MomentView, ShareView } from "./wire";

// promises are all that a run may break, the gravest first.
export const promises = [
  "lost-write",
  "lost-update",
  "damage",
  "linearizable",
  "sequential",
  "causal",
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
  "stale-read",
  "converged",
  "gilbert-lynch",
] as const;

export type Promised = (typeof promises)[number];

type Seen = Pick<LaneState, "scores"> & { models: readonly { model: string; answer: string }[]; causes: readonly { kind: string }[] };

// brokenIn tells whether a lane has broken a promise, as far as the page knows; null where it cannot know.
export function brokenIn(lane: Seen, p: Promised): boolean | null {
  if (p === "converged" || p === "gilbert-lynch") return null;
  if (p === "damage") return lane.scores.books.damage !== 0;
  if (lane.causes.some((c) => c.kind === p)) return true;
  if (p === "lost-write") return lane.scores.lost_writes > 0;
  if (p === "stale-read") return lane.scores.stale_reads > 0;
  return lane.models.some((m) => m.model === p && m.answer === "no");
}

export const shareOf = (lane: LaneLuckView, p: Promised): BrokenView | undefined => (lane.broken ?? []).find((b) => b.promise === p);

// everBroken are the promises that some run broke in some lane, or of which it is not known; the others were always kept.
export function everBroken(lanes: readonly LaneLuckView[]): [broken: Promised[], kept: Promised[]] {
  const is = (p: Promised) => lanes.some((l) => (shareOf(l, p)?.count ?? 0) + (shareOf(l, p)?.unknown ?? 0) > 0);
  return [promises.filter(is), promises.filter((p) => !is(p))];
}

// gravest is what says most about a lane: the gravest promise that some run broke.
export const gravest = (lane: LaneLuckView): Promised | null => promises.find((p) => (shareOf(lane, p)?.count ?? 0) > 0) ?? null;

// A Sense is what a frequency says about this run.
export type Sense = "expected" | "no bad luck" | "some luck" | "bad luck" | "good luck" | "not here" | "usual" | "unsure" | "unknown";

// senseOf weighs a frequency against what happened here. Where the interval is too wide to tell, it says so.
export function senseOf(s: ShareView, here: boolean | null): Sense {
  if (here === null) return "unknown";
  if (s.high - s.low > 45) return "unsure";
  if (here) return s.low >= 50 ? "expected" : s.percent >= 20 ? "no bad luck" : s.high < 10 ? "bad luck" : "some luck";
  return s.low >= 50 ? "good luck" : s.high < 10 ? "usual" : "not here";
}

// seedOf is the seed of a canonical text, "0" where it says none.
export const seedOf = (text: string): string => /^seed (\d+)$/m.exec(text)?.[1] ?? "0";

const SEEDS = 2n ** 53n; // after sim.MaxSeed comes 0

// otherLuck is a canonical text under another seed, as the server plays it: its reseeds move by as much, and what was
// decided about single messages is left out, since under another luck their numbers mean others.
export function otherLuck(text: string, seed: number): string {
  const by = BigInt(seed) - BigInt(seedOf(text)) + SEEDS;
  const moved = (n: string) => String((BigInt(n) + by) % SEEDS);
  if (by === SEEDS) return text;
  return text
    .replace(/^at \S+ (lane \S+ )?(deliver|lose|postpone) .*\n/gm, "")
    .replace(/^seed (\d+)$/m, (_, n: string) => `seed ${moved(n)}`)
    .replace(/^(at \S+ reseed )(\d+)$/gm, (_, lead: string, n: string) => lead + moved(n));
}

// barOf places a frequency and its interval in a bar of a width.
export function barOf(s: ShareView, width: number): { to: number; low: number; high: number } {
  const x = (percent: number) => Math.round(Math.min(Math.max(percent, 0), 100) * width) / 100;
  return { to: x(s.percent), low: x(s.low), high: x(s.high) };
}

// A Plane is where a curve is drawn, in pixels: moments from 0 to end, percents from below.
export interface Plane {
  left: number;
  top: number;
  width: number;
  height: number;
  end: number;
}

export const xOf = (p: Plane, at: number): number => Math.round((p.left + (p.width * Math.min(Math.max(at, 0), p.end)) / Math.max(p.end, 1)) * 10) / 10;
export const yOf = (p: Plane, percent: number): number => Math.round((p.top + p.height * (1 - percent / 100)) * 10) / 10;

// curveOf draws a probability by moment, and its interval around it.
export function curveOf(p: Plane, curve: readonly MomentView[]): { line: string; band: string } {
  const points = (of: (m: MomentView) => number, list = curve) => list.map((m) => `${xOf(p, m.at)} ${yOf(p, of(m))}`);
  if (curve.length === 0) return { line: "", band: "" };
  const back = [...curve].reverse();
  return { line: `M${points((m) => m.percent).join("L")}`, band: `M${[...points((m) => m.high), ...points((m) => m.low, back)].join("L")}Z` };
}

// nearest is the index of the moment of a curve that is nearest to a place.
export function nearest(p: Plane, curve: readonly MomentView[], x: number): number {
  const far = (m: MomentView) => Math.abs(xOf(p, m.at) - x);
  return curve.reduce((best, m, i) => (far(m) < far(curve[best]!) ? i : best), 0);
}
