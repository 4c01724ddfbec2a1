// How the replicas of one region stand together: one alone in its place, several in a row or a ring. Pure.
import { at, distance, type Curve, type Point } from "./curve";

// A Group is the room of a region's replicas around its centre.
export interface Group {
  r: number; // of each replica's disc
  seats: Point[]; // where they stand, from the region's centre
  w: number; // half of what they take, with the ground around several
  h: number;
  pad: number; // of that ground around the discs; 0 for one replica, which needs none
}

const SHARES = [1, 1, 0.74, 0.68, 0.62, 0.58]; // of a lone replica's radius, by number of replicas
const RIM = 7; // room of the rings around a lone replica
const LEAST = 13; // the smallest radius

// groupOf seats so many replicas, where one alone would have a radius.
export function groupOf(count: number, radius: number, compact: boolean): Group {
  if (count <= 1) return { r: radius, seats: [{ x: 0, y: 0 }], w: radius + (compact ? 0 : RIM), h: radius + (compact ? 3 : RIM), pad: 0 };
  const r = Math.max(Math.round(radius * (SHARES[count] ?? 0.5)), LEAST);
  const ring = seatsOf(count, 2 * r + (compact ? 5 : 6));
  const [north, south] = [Math.min(...ring.map((p) => p.y)), Math.max(...ring.map((p) => p.y))];
  const seats = ring.map((p) => ({ x: p.x, y: p.y - (north + south) / 2 }));
  const pad = compact ? 4 : 6;
  return { r, seats, w: Math.max(...seats.map((p) => p.x)) + r + pad, h: (south - north) / 2 + r + pad, pad };
}

// seatsOf returns the corners of a regular polygon with sides of a length: the first on top, or two beside each other.
function seatsOf(count: number, side: number): Point[] {
  const reach = side / (2 * Math.sin(Math.PI / count));
  const first = count % 2 === 1 ? -Math.PI / 2 : count === 2 ? Math.PI : -Math.PI / 2 - Math.PI / count;
  return Array.from({ length: count }, (_, i) => {
    const angle = first + (2 * Math.PI * i) / count;
    return { x: reach * Math.cos(angle), y: reach * Math.sin(angle) };
  });
}

// edge is the share of a way, which begins at the group's centre, at which it comes out of the group; 0 for one
// replica, whose disc hides the end.
export function edge(g: Group, way: Curve): number {
  if (g.pad === 0) return 0;
  const reach = Math.hypot(g.w, g.h);
  let share = 0;
  for (let f = 0; f <= 0.4; f += 0.01) {
    const p = at(way, f);
    const off = { x: p.x - way.from.x, y: p.y - way.from.y };
    if (Math.abs(off.x) + Math.abs(off.y) > 1.5 * reach) break;
    if (g.seats.some((s) => distance(s, off) < g.r + g.pad)) share = f;
  }
  return share;
}

// A Perch is where a replica's crown sits: on its top, or as far to the outside as the others leave room.
export interface Perch {
  x: number; // from the replica's centre
  y: number;
  turn: number; // in degrees
}

const CROWN_ROOM = 7; // half of a small crown

export function perch(g: Group, i: number): Perch {
  const seat = g.seats[i]!;
  const out = seat.x < -1 ? -1 : 1;
  const reach = g.r + 6;
  for (let angle = 0; angle < 120; angle += 15) {
    const a = (angle * Math.PI) / 180;
    const p = { x: out * reach * Math.sin(a), y: -reach * Math.cos(a) };
    const free = g.seats.every((s, j) => j === i || distance(s, { x: seat.x + p.x, y: seat.y + p.y }) > g.r + CROWN_ROOM);
    if (free) return { ...p, turn: out * Math.min(angle, 60) };
  }
  return { x: 0, y: -reach, turn: 0 };
}
