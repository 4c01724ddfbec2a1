// Points and curves of the stage, in CSS pixels. A cable is a quadratic Bézier curve.

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Curve {
  from: Point;
  bend: Point; // the control point
  to: Point;
}

// BOW is how far a slack cable bulges, as a share of its length.
const BOW = 0.13;

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function clamp(n: number, low: number, high: number): number {
  return Math.min(Math.max(n, low), Math.max(low, high));
}

function between(a: Point, b: Point, f: number): Point {
  return { x: a.x + (b.x - a.x) * f, y: a.y + (b.y - a.y) * f };
}

// cableCurve lays a cable between two points: bulging northward while slack, straight under full strain.
export function cableCurve(from: Point, to: Point, strain: number): Curve {
  const length = distance(from, to) || 1;
  const bow = BOW * length * (1 - clamp(strain, 0, 1));
  let nx = (to.y - from.y) / length;
  let ny = -(to.x - from.x) / length;
  if (ny > 0) [nx, ny] = [-nx, -ny];
  const mid = between(from, to, 0.5);
  return { from, bend: { x: mid.x + nx * bow * 2, y: mid.y + ny * bow * 2 }, to };
}

// at returns the point at a share f of the way.
export function at(c: Curve, f: number): Point {
  const g = 1 - f;
  return {
    x: g * g * c.from.x + 2 * g * f * c.bend.x + f * f * c.to.x,
    y: g * g * c.from.y + 2 * g * f * c.bend.y + f * f * c.to.y,
  };
}

// cutAt returns the first part of a curve, up to a share f of the way.
export function cutAt(c: Curve, f: number): Curve {
  return { from: c.from, bend: between(c.from, c.bend, f), to: at(c, f) };
}

export function reversed(c: Curve): Curve {
  return { from: c.to, bend: c.bend, to: c.from };
}

// pathOf writes a curve as the d of an SVG path.
export function pathOf(c: Curve): string {
  return `M${n1(c.from.x)} ${n1(c.from.y)}Q${n1(c.bend.x)} ${n1(c.bend.y)} ${n1(c.to.x)} ${n1(c.to.y)}`;
}

// n1 writes a number with one decimal: finer is not seen, and would be painted anew.
export function n1(n: number): string {
  return String(Math.round(n * 10) / 10);
}

export function overlap(a: Box, b: Box): number {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return w > 0 && h > 0 ? w * h : 0;
}

export function contains(b: Box, p: Point): boolean {
  return p.x >= b.x && p.x <= b.x + b.w && p.y >= b.y && p.y <= b.y + b.h;
}
