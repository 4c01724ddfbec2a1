// The ways of a violation's messages over the stage of its lane: where each ran, which way, and where it was lost. Pure.
import type { LitWay } from "./causes";
import { clamp, distance, n1, type Point } from "./curve";
import { along, seen, type Way } from "./wires";

export interface Trace {
  d: string;
  tip: { x: number; y: number; turn: number } | null; // of an arrow; null where it was lost
  cross: Point | null; // where it was lost
  late: boolean;
  hot: boolean;
}

export interface Ground {
  way(from: number, to: number): Way | null; // between two nodes
  radius(node: number): number; // of its disc
  halfTrip(from: number, to: number): number; // how long a message takes between them, about
  stub: number; // share of a torn cable that is left at each end
}

const STEPS = 32; // of the line that shows a way
const ASIDE = 4; // pixels that the two directions of a cable lie apart, each on its right
const MOST_LOST = 0.85; // of a way that a lost message is drawn

export function tracesOf(ways: readonly LitWay[], ground: Ground): Trace[] {
  return ways.flatMap((w) => trace(w, ground) ?? []);
}

function trace(w: LitWay, ground: Ground): Trace | null {
  const way = ground.way(w.from, w.to);
  if (!way) return null;
  const short = seen(way.wire, ground.stub);
  const end = w.lost ? clamp(w.took / ground.halfTrip(w.from, w.to), short, MOST_LOST) : 1;
  const points = aside(Array.from({ length: STEPS + 1 }, (_, i) => along(way, (end * i) / STEPS)));
  const last = points[points.length - 1]!;
  const out = w.lost ? points : points.filter((p) => distance(p, last) > ground.radius(w.to) + 6);
  const d = `M${out.map((p) => `${n1(p.x)} ${n1(p.y)}`).join("L")}`;
  const [a, b] = [out[out.length - 2], out[out.length - 1]];
  if (!a || !b) return null;
  const tip = w.lost ? null : { ...b, turn: (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI };
  return { d, tip, cross: w.lost ? last : null, late: w.late, hot: w.hot };
}

// aside moves a line to its right, so that a message and its answer do not lie on each other.
function aside(points: readonly Point[]): Point[] {
  return points.map((p, i) => {
    const [a, b] = [points[Math.max(i - 1, 0)]!, points[Math.min(i + 1, points.length - 1)]!];
    const length = distance(a, b) || 1;
    return { x: p.x - ((b.y - a.y) / length) * ASIDE, y: p.y + ((b.x - a.x) / length) * ASIDE };
  });
}
