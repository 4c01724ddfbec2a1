// Where the map, the regions and their away spots lie on a stage of a given size. Pure; the same for every lane.
import { at, cableCurve, clamp, contains, distance, overlap, type Box, type Point } from "./curve";
import { groupOf, type Group } from "./group";
import { stripHeight } from "./ledger";

// A Frame is the part of the layout that depends on the stage's size alone.
export interface Frame {
  width: number;
  height: number;
  radius: number; // of a node that is alone in its region
  groups: Group[]; // of each region: how its nodes stand
  font: number; // of a bubble's first line
  bubble: { w: number; h: number }; // the room of a client's bubble
  strip: number; // height of the logs under the names; 0 where there are none, or no room
  compact: boolean; // bubbles of one line, for many regions on little room
  map: { sx: number; sy: number; tx: number; ty: number }; // from the map's units to pixels
  home: Point[];
  bounds: Box; // where a region's centre may be
  reach: Box; // where it may rest while it is away: its halo is on the stage
  tear: number; // how far a region goes before its cables tear
}

export const NAME_HEIGHT = 18; // a region's name under its node
export const AWAY_HEIGHT = 15; // the line below it while the region is away
export const CROWN_HEIGHT = 22; // crown and term above a node
const CROWN_HALF = 13; // of a crown without a term
export const BUBBLE_PAD = 36; // room beside the text of a bubble: its mark and margins
const FOOT = 30; // room for a bubble of one line under the lowest region, where there are many
const STRIP_STAGE = { one: 240, several: 400 }; // height from which a stage has room for the logs of a region's replicas
const STRIP_REGIONS = 4; // the most of which
const NARROW = 380; // pixels of a stage's width
export const RIM = 3; // of the stage, that halos keep off
const HALO_HALF = 50; // half the width of the halo of a region that is away
const NAME_HALF = 44; // half the room of a name
// How much the map may be stretched north-south: where the stage is narrow, what matters is room for the bubbles.
const STRETCH = { wide: 2.2, narrow: 2.8 };

const CROWD = 4; // replicas in one region from which narrow stages have no room for whole sayings

// isCompact takes the number of replicas of each region.
export function isCompact(replicas: readonly number[], width: number): boolean {
  const regions = replicas.length;
  return regions > 5 || (regions > 3 && width < 420) || (width < NARROW && replicas.some((n) => n >= CROWD));
}

export const fontOf = (width: number) => (width < NARROW ? 12 : 13);

// frame fits the regions, in the map's units, to a stage. text is the width of the longest thing that a client is
// usually told, replicas the number of nodes in each region.
export function frame(regions: readonly Point[], width: number, height: number, text: number, replicas: readonly number[] = regions.map(() => 1), logs = false): Frame {
  const compact = isCompact(replicas, width);
  const radius = Math.round(clamp(width * 0.062, 18, 27) * (compact ? 0.85 : 1));
  const groups = regions.map((_, i) => groupOf(replicas[i] ?? 1, radius, compact));
  const w = Math.max(...groups.map((g) => g.w));
  const h = Math.max(...groups.map((g) => g.h));
  const rows = Math.max(...replicas);
  const roomy = !compact && regions.length <= STRIP_REGIONS && height >= (rows > 1 ? STRIP_STAGE.several : STRIP_STAGE.one);
  const strip = logs && roomy ? stripHeight(rows) : 0;
  const half = Math.max(compact ? NAME_HALF : HALO_HALF, w);
  const top = h + CROWN_HEIGHT - 2;
  const bottom = h + NAME_HEIGHT + strip + (compact ? FOOT : AWAY_HEIGHT + 6);
  const side = half + 2;
  const f: Frame = {
    width,
    height,
    radius,
    groups,
    font: fontOf(width),
    bubble: { w: Math.ceil(Math.min(text + BUBBLE_PAD, width * 0.7)), h: compact ? 24 : 42 },
    strip,
    compact,
    map: { sx: 1, sy: 1, tx: 0, ty: 0 },
    home: [],
    bounds: { x: side, y: top, w: Math.max(width - 2 * side, 1), h: Math.max(height - top - bottom, 1) },
    reach: { x: 0, y: 0, w: 0, h: 0 },
    tear: Math.round(clamp(Math.min(width, height) * 0.13, 32, 54) * (compact ? 0.8 : 1)),
  };
  f.reach = lowered(f.bounds, h + overHalo(compact) + RIM - top);
  fit(f, regions, compact ? 20 : Math.max(44 - 1.5 * (h - radius), 16));
  const places = regions.map((p) => ({ x: p.x * f.map.sx + f.map.tx, y: p.y * f.map.sy + f.map.ty }));
  f.home = separate(places, { w: 2 * Math.max(NAME_HALF, w), h: 2 * h + NAME_HEIGHT + strip + 14 }, f.bounds);
  if (!compact && (strip > 0 || groups.some((g) => g.pad > 0))) f.home = clear(f);
  return f;
}

// lowered is a box whose upper edge lies lower, as far as there is room.
function lowered(b: Box, by: number): Box {
  const less = clamp(by, 0, b.h - 1);
  return { ...b, y: b.y + less, h: b.h - less };
}

// overHalo is how far a halo reaches above the discs.
const overHalo = (compact: boolean) => (compact ? 12 : CROWN_HEIGHT + 6);

// clear moves regions of several nodes, which are tall, off the cables between others.
function clear(f: Frame): Point[] {
  const home = f.home.map((p) => ({ ...p }));
  for (let round = 0; round < 24; round++) {
    home.forEach((p, i) => {
      const { w, h } = f.groups[i]!;
      const half = Math.max(w, NAME_HALF);
      const box = { x: p.x - half, y: p.y - h - 2, w: 2 * half, h: 2 * h + NAME_HEIGHT + f.strip + 6 };
      for (const way of crossing(home, i)) {
        const hit = way.find((q) => contains(box, q));
        if (hit) p.y += hit.y > p.y ? -3 : 3;
      }
      Object.assign(p, within(f.bounds, p));
    });
  }
  return home;
}

// crossing returns points on the cables between the other regions.
function crossing(home: readonly Point[], region: number): Point[][] {
  const others = home.filter((_, i) => i !== region);
  return others.flatMap((a, i) => others.slice(i + 1).map((b) => Array.from({ length: 25 }, (_, k) => at(cableCurve(a, b, 0), k / 24))));
}

// fit chooses the map's scale and place: the regions fill the middle, with room left for bubbles and for going away.
function fit(f: Frame, regions: readonly Point[], room: number): void {
  const xs = regions.map((p) => p.x);
  const ys = regions.map((p) => p.y);
  const [west, east] = [Math.min(...xs), Math.max(...xs)];
  const [north, south] = [Math.min(...ys), Math.max(...ys)];
  const inset = clamp(f.width * 0.05, 8, 40);
  const w = Math.max(f.bounds.w - 2 * inset, 1);
  const h = Math.max(f.bounds.h - 1.6 * room, 1);
  const least = Math.max(f.width, 1) / 1000; // the whole world, at most
  const sx = clamp(w / Math.max(east - west, 1), least, least * 6);
  const sy = clamp(h / Math.max(south - north, 1), sx * 0.9, sx * (f.width < NARROW ? STRETCH.narrow : STRETCH.wide));
  const tx = f.bounds.x + f.bounds.w / 2 - (sx * (west + east)) / 2;
  const ty = f.bounds.y + f.bounds.h / 2 - (sy * (north + south)) / 2 + room * 0.1;
  f.map = { sx, sy, tx, ty };
}

// separate pushes points apart until the boxes around them do not overlap, or for a while.
function separate(points: Point[], size: { w: number; h: number }, bounds: Box): Point[] {
  const list = points.map((p) => ({ ...p }));
  for (let round = 0; round < 200; round++) {
    let moved = false;
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) moved = push(list[i]!, list[j]!, size, round > STUCK) || moved;
    }
    for (const p of list) Object.assign(p, within(bounds, p));
    if (!moved) return list;
  }
  return list.some((a, i) => list.some((b, j) => j < i && touch(a, b, size))) ? inRows(points, size, bounds) : list;
}

const TOUCH = 5; // pixels by which the rooms of two regions may overlap: they are a little larger than what is drawn

function touch(a: Point, b: Point, size: { w: number; h: number }): boolean {
  return size.w - Math.abs(b.x - a.x) > TOUCH && size.h - Math.abs(b.y - a.y) > TOUCH;
}

// inRows is for stages too small for the map: regions stand in even rows, from north to south and from west to east, in as
// many of them as leave each region most room both ways.
function inRows(points: readonly Point[], size: { w: number; h: number }, bounds: Box): Point[] {
  const ways = points.map((_, i) => ({ rows: i + 1, columns: Math.ceil(points.length / (i + 1)) }));
  const airOf = (w: (typeof ways)[number]) => Math.min(bounds.w / Math.max(w.columns - 1, 0.1) / size.w, bounds.h / Math.max(w.rows - 1, 0.1) / size.h);
  const { rows, columns } = ways.reduce((best, w) => (airOf(w) > airOf(best) ? w : best));
  const list = points.map((p) => ({ ...p }));
  const byNorth = [...list].sort((a, b) => a.y - b.y);
  for (let row = 0; row < rows; row++) {
    const some = byNorth.slice(row * columns, (row + 1) * columns).sort((a, b) => a.x - b.x);
    some.forEach((p, i) => {
      p.x = bounds.x + (bounds.w * (i + 0.5 * (some.length === 1 ? 1 : 0))) / Math.max(some.length - 1, 1);
      p.y = bounds.y + (bounds.h * (row + (rows === 1 ? 0.5 : 0))) / Math.max(rows - 1, 1);
    });
  }
  return list;
}

const STUCK = 60; // rounds after which points are pushed both ways

// push moves two points apart, a part of the way at a time, along the axis on which less is missing, or along both.
function push(a: Point, b: Point, size: { w: number; h: number }, both: boolean): boolean {
  const dx = size.w - Math.abs(b.x - a.x);
  const dy = size.h - Math.abs(b.y - a.y);
  if (dx <= 0.5 || dy <= 0.5) return false;
  const least = dx / size.w < dy / size.h ? "x" : "y";
  for (const axis of ["x", "y"] as const) {
    if (axis !== least && !both) continue;
    const gap = (axis === "x" ? dx : dy) * (axis === least ? 0.3 : 0.1);
    const sign = b[axis] >= a[axis] ? 1 : -1;
    a[axis] -= sign * gap;
    b[axis] += sign * gap;
  }
  return true;
}

// within moves a point to the nearest one inside a box.
export function within(b: Box, p: Point): Point {
  return { x: clamp(p.x, b.x, b.x + b.w), y: clamp(p.y, b.y, b.y + b.h) };
}

// A Pull is what a hand does to a region: where it stands under that hand, and whether it is torn from the others.
export interface Pull {
  at: Point; // at the hand, as far as the stage reaches
  far: boolean; // the hand is further from home than the cables reach: it counts, for the stage may end before that
}

export function pull(f: Pick<Frame, "bounds" | "home" | "tear">, region: number, hand: Point): Pull {
  return { at: within(f.bounds, hand), far: distance(hand, f.home[region]!) > f.tear };
}

// offsetOf says where a region that was let go stays, from home in shares of the stage; null where that would be too
// near to be seen as away.
export function offsetOf(f: Pick<Frame, "width" | "height" | "home" | "tear" | "reach">, region: number, at: Point): Point | null {
  const home = f.home[region]!;
  if (distance(within(f.reach, at), home) <= f.tear) return null;
  return { x: (at.x - home.x) / f.width, y: (at.y - home.y) / f.height };
}

// halo is the ground of a region that is away: the room of all that belongs to its nodes.
export function halo(f: Pick<Frame, "groups" | "compact" | "strip">, region: number, p: Point): Box {
  const { w, h } = f.groups[region]!;
  const half = f.compact ? w + 12 : Math.max(HALO_HALF, w + 12);
  const top = h + overHalo(f.compact);
  const below = h + NAME_HEIGHT + f.strip + (f.compact ? 4 : AWAY_HEIGHT + 6);
  return { x: p.x - half, y: p.y - top, w: 2 * half, h: top + below };
}

// footprints are the rooms that a region takes at a point: its discs, its name, its crown with the term.
export function footprints(f: Frame, region: number, p: Point, away: boolean): Box[] {
  if (away) return [halo(f, region, p)];
  const { w, h } = f.groups[region]!;
  return [
    { x: p.x - w - 3, y: p.y - h - 3, w: 2 * w + 6, h: 2 * h + 6 },
    { x: p.x - NAME_HALF, y: p.y + h, w: 2 * NAME_HALF, h: NAME_HEIGHT + f.strip },
    f.compact ? { x: p.x - CROWN_HALF, y: p.y - h - CROWN_HALF, w: 2 * CROWN_HALF, h: CROWN_HALF } : { x: p.x - NAME_HALF, y: p.y - h - CROWN_HEIGHT, w: 2 * NAME_HALF, h: CROWN_HEIGHT },
  ];
}

const REACHES = [1.5, 2.1, 2.8, 3.6, 4.5]; // how far regions go, in ways to the tear: as near as there is room

// awaySpots chooses where each region stands while it is away and nobody has dragged it anywhere: outward, clear of
// the others, away or not, and within the stage.
export function awaySpots(f: Frame): Point[] {
  const spots: Point[] = [];
  f.home.forEach((_, i) => spots.push(awaySpot(f, i, spots)));
  return spots;
}

function awaySpot(f: Frame, region: number, spots: readonly Point[]): Point {
  const home = f.home[region]!;
  const others = f.home.filter((_, i) => i !== region);
  const prints = f.home.flatMap((p, i) => (i === region ? [] : f.compact ? footprints(f, i, p, false) : [halo(f, i, p)]));
  const rooms = spots.map((p, i) => halo(f, i, p));
  const centre = {
    x: others.reduce((s, p) => s + p.x, 0) / Math.max(others.length, 1),
    y: others.reduce((s, p) => s + p.y, 0) / Math.max(others.length, 1),
  };
  const out = Math.atan2(home.y - centre.y, home.x - centre.x);
  const unit = f.radius * f.radius * 6;
  const [weight, reaches] = f.compact ? [3, REACHES] : [1, REACHES.slice(0, 1)];
  let best = home;
  let least = Infinity;
  for (let k = 0; k < 32 * reaches.length; k++) {
    const reach = f.tear * reaches[k >> 5]!;
    const angle = (k * Math.PI) / 16;
    const p = within(f.reach, { x: home.x + Math.cos(angle) * reach, y: home.y + Math.sin(angle) * reach });
    const short = Math.max(1 - distance(home, p) / (f.tear * REACHES[0]!), 0);
    const room = halo(f, region, p);
    const crowd = (weight * prints.reduce((s, o) => s + overlap(room, o), 0) + rooms.reduce((s, o) => s + overlap(room, o), 0)) / unit;
    const cost = 1 - Math.cos(angle - out) + 4 * short + 3 * crowd + 0.6 * (k >> 5);
    if (cost < least - 1e-9) [least, best] = [cost, p];
  }
  return best;
}
