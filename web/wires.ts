// The cables between regions as curves from centre to centre, and the ways that messages take along them. Pure.
import { at, cableCurve, cutAt, reversed, type Curve, type Point } from "./curve";
import { edge } from "./group";
import type { Frame } from "./layout";

// A Pair is two regions, by index.
export interface Pair {
  from: number;
  to: number;
}

// A Wire is a cable that is laid. Its first and last parts are hidden where several nodes stand around its ends.
export interface Wire {
  curve: Curve;
  head: number; // share of the curve hidden at its start
  foot: number; // and at its end
}

export function wireOf(f: Frame, c: Pair, places: readonly Point[], strain: number): Wire {
  const curve = cableCurve(places[c.from]!, places[c.to]!, strain);
  return { curve, head: edge(f.groups[c.from]!, curve), foot: edge(f.groups[c.to]!, reversed(curve)) };
}

// seen returns the share of the whole curve at a share of the part that is seen.
export function seen(w: Wire, share: number): number {
  return w.head + (1 - w.head - w.foot) * share;
}

export function turned(w: Wire): Wire {
  return { curve: reversed(w.curve), head: w.foot, foot: w.head };
}

// stretch returns the part of a wire between two shares of what is seen of it.
export function stretch(w: Wire, from: number, to: number): Curve {
  const [a, b] = [seen(w, from), seen(w, to)];
  const first = b === 1 ? w.curve : cutAt(w.curve, b);
  return a === 0 ? first : reversed(cutAt(reversed(first), 1 - a / b));
}

// straight is the wire of a region with itself, on which direct ways lie.
export function straight(p: Point): Wire {
  return { curve: { from: p, bend: p, to: p }, head: 0, foot: 0 };
}

// A Way is what a message runs along from node to node: out of its group, along the wire, into the other group; or
// directly, within a region.
export interface Way {
  direct: boolean;
  wire: Wire;
  lead: Point; // the sender, from the wire's start
  tail: Point; // the receiver, from its end
}

const MERGE = 1.7; // of the hidden part of a wire: where messages of all nodes run together

// along returns the point at a share of a way.
export function along(w: Way, share: number): Point {
  const p = at(w.wire.curve, share);
  const lead = w.direct ? 1 - share : aside(share, w.wire.head);
  const tail = w.direct ? share : aside(1 - share, w.wire.foot);
  return { x: p.x + lead * w.lead.x + tail * w.tail.x, y: p.y + lead * w.lead.y + tail * w.tail.y };
}

function aside(share: number, hidden: number): number {
  const left = 1 - share / Math.max(Math.min(hidden * MERGE, 0.5), 1e-6);
  return left > 0 ? left * left : 0;
}
