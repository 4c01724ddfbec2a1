// Where the clients' bubbles and the cables' labels go, so that no text covers another. Pure.
import { at, cableCurve, clamp, contains, distance, overlap, type Box, type Curve, type Point } from "./curve";
import { seen, wireOf, type Pair } from "./wires";
import { footprints, halo, AWAY_HEIGHT, CROWN_HEIGHT, NAME_HEIGHT, type Frame } from "./layout";

// A Slot is the room of one client, relative to its region: the box of person and bubble.
export interface Slot {
  dx: number; // from the region to the box's upper left corner
  dy: number;
  w: number;
  h: number;
  side: "left" | "right"; // where the person stands
}

// A Tag says where on its cable a label stands; null where there is no room.
export interface Tag {
  f: number; // share of the way
  side: number; // 1 or -1
  wide: boolean; // there is room for more than the round trip
}

export interface Placing {
  slots: Slot[];
  tags: (Tag | null)[];
}

export const LOW = 24; // height of a bubble that has one line, where two find no room
const LOW_COST = 70; // of such a bubble, beside what overlaps cost
const NARROWED = 0.85; // of the widest saying's room: such bubbles have smaller letters for it
const STAY = { cost: 0.4, most: 40 }; // of moving a bubble away from where it was
export const PERSON = 24; // width of the person beside the bubble
const GAP = 6; // between two bubbles
const MARGIN = 4; // of the stage
const TAG_BOX = { w: 52, h: 16 };
const WIDE_BOX = { w: 112, h: 16 };
const ROOMY = 400; // height of a stage on which all bubbles have two lines
const STARTS = 2; // for each client
const ROUNDS = 3;
export const MANY_CABLES = 10; // with more, labels would only clutter

// Ground is what there is to place things on: where the regions rest, and which cables hold.
export interface Ground {
  rest: readonly Point[];
  away: readonly boolean[];
  cables: readonly Pair[];
  cut: readonly boolean[];
  stub: number; // share of a torn cable that is left at each end
  foot: number; // pixels to keep free at the lower edge
}

// place finds room for every client and label. Bubbles keep off the cables that hold, labels off everything. What had a
// place before keeps it, if that is nearly as good: nothing is to jump because something else is moved.
export function place(f: Frame, g: Ground, before?: Placing): Placing {
  const { rest, cables } = g;
  const prints = rest.flatMap((p, i) => footprints(f, i, p, g.away[i] ?? false));
  // Where several nodes stand around the ends of cables, the marks of torn ones lie where bubbles do.
  if (cables.length <= MANY_CABLES && f.groups.some((group) => group.pad > 0)) prints.push(...torn(f, g));
  const wires = cables.filter((_, i) => !g.cut[i]).map((c) => samples(rest[c.from]!, rest[c.to]!));
  const candidates = rest.map((p, i) => around(f, i, p, g.away[i] ?? false, g.foot));
  const seats = candidates.map((list, i) => list.map((slot) => seatOf(f, slot, i, rest, prints, wires, leaving(slot, before?.slots[i]))));
  const chosen = settle(seats).map((s) => s.slot);
  const taken = [...prints, ...chosen.map((s, i) => boxOf(s, rest[i]!)), ...torn(f, g)];
  const many = cables.length > MANY_CABLES;
  const tags = cables.map((c, i) => {
    const others = cables.flatMap((o, j) => (j === i || g.cut[j] ? [] : samples(rest[o.from]!, rest[o.to]!, 40)));
    const find = (wide: boolean) => tagFor(f, cableCurve(rest[c.from]!, rest[c.to]!, 0), taken, wide, others, before?.tags[i]);
    return many ? null : (find(true) ?? find(false));
  });
  return { slots: chosen, tags };
}

// leaving is the cost of standing elsewhere than before.
function leaving(s: Slot, before: Slot | undefined): number {
  return before ? Math.min(Math.hypot(s.dx - before.dx, s.dy - before.dy) * STAY.cost, STAY.most) : 0;
}

// torn returns the rooms of the marks at the ends of torn cables.
function torn(f: Frame, g: Ground): Box[] {
  return g.cables.flatMap((c, i) => {
    if (!g.cut[i]) return [];
    const wire = wireOf(f, c, g.rest, 0);
    return [seen(wire, g.stub), seen(wire, 1 - g.stub)].map((share) => at(wire.curve, share)).map((p) => ({ x: p.x - 7, y: p.y - 7, w: 14, h: 14 }));
  });
}

// A Seat is a candidate, with what it costs wherever the others are.
interface Seat {
  slot: Slot;
  box: Box;
  wide: Box; // with the gap around it
  alone: number;
}

// settle chooses one candidate each so that the sum of costs is small: each in turn takes its best, again and again,
// from several starts.
function settle(candidates: Seat[][]): Seat[] {
  let best: Seat[] = [];
  let least = Infinity;
  for (let start = 0; start < STARTS * candidates.length; start++) {
    const chosen = candidates.map((list, i) => list[(start * 37 + i * 11) % list.length]!);
    for (let round = 0; round < ROUNDS; round++) {
      let changed = false;
      for (let k = 0; k < chosen.length; k++) {
        const i = (start + k) % chosen.length;
        const found = cheapest(candidates[i]!, i, chosen);
        changed ||= found !== chosen[i];
        chosen[i] = found;
      }
      if (!changed) break;
    }
    const sum = chosen.reduce((s, seat, i) => s + costOf(seat, i, chosen), 0);
    if (sum < least) [least, best] = [sum, chosen];
  }
  return best;
}

function cheapest(list: readonly Seat[], i: number, chosen: readonly Seat[]): Seat {
  let best = list[0]!;
  let least = Infinity;
  for (const seat of list) {
    if (seat.alone >= least) continue;
    const c = costOf(seat, i, chosen);
    if (c < least) [least, best] = [c, seat];
  }
  return best;
}

export function boxOf(s: Slot, p: Point): Box {
  return { x: p.x + s.dx, y: p.y + s.dy, w: s.w, h: s.h };
}

function samples(from: Point, to: Point, count = 15): Point[] {
  const curve = cableCurve(from, to, 0);
  return Array.from({ length: count }, (_, k) => at(curve, (k + 0.5) / count));
}

// around lists the places where a client of a region may stand, within the stage: the person close to the node, the
// bubble to one side.
function around(f: Frame, region: number, p: Point, away: boolean, foot: number): Slot[] {
  const whole = slots(f, region, p, away, foot, f.bubble.h);
  return f.bubble.h > LOW && f.height < ROOMY ? [...whole, ...slots(f, region, p, away, foot, LOW)] : whole;
}

function slots(f: Frame, region: number, p: Point, away: boolean, foot: number, h: number): Slot[] {
  const group = f.groups[region]!;
  const w = Math.ceil(f.bubble.w * (h < f.bubble.h ? NARROWED : 1)) + PERSON;
  const list: Slot[] = [];
  const add = (x: number, y: number, side: Slot["side"]) => {
    const left = clamp(x, MARGIN, f.width - w - MARGIN);
    const top = clamp(y, MARGIN, f.height - h - Math.max(foot, MARGIN));
    list.push({ dx: left - p.x, dy: top - p.y, w, h, side });
  };
  const far = away ? 8 : 0; // clear of the halo
  const below = p.y + group.h + NAME_HEIGHT + f.strip + (away ? AWAY_HEIGHT : 0) + 5 + far;
  const above = p.y - group.h - CROWN_HEIGHT - h - 2 - far;
  const beside = (away ? halo(f, region, p).w / 2 : group.w) + 6;
  for (const lift of [0, 14, 30, 52]) {
    for (const shift of [-60, -40, -20, 0, 20, 40, 60]) {
      for (const y of [below + lift, above - lift]) {
        add(p.x - PERSON / 2 + shift, y, "left");
        add(p.x + PERSON / 2 - w + shift, y, "right");
      }
    }
    for (const y of [-60, -42, -28, -14, 0, 14, 28, 42]) {
      add(p.x + beside + lift, p.y - h / 2 + y, "left");
      add(p.x - beside - lift - w, p.y - h / 2 + y, "right");
    }
  }
  return list;
}

// costOf is what a candidate costs beside those that the others have chosen.
function costOf(s: Seat, i: number, chosen: readonly Seat[]): number {
  let cost = s.alone;
  for (let j = 0; j < chosen.length; j++) if (j !== i) cost += overlap(s.wide, chosen[j]!.box) * 1.2;
  return cost;
}

function seatOf(f: Frame, slot: Slot, i: number, rest: readonly Point[], prints: readonly Box[], wires: Point[][], more: number): Seat {
  const box = boxOf(slot, rest[i]!);
  const person = { x: slot.side === "left" ? box.x + PERSON / 2 : box.x + box.w - PERSON / 2, y: box.y + box.h / 2 };
  const near = distance(person, rest[i]!);
  let cost = more + near * 0.8 + (slot.h < f.bubble.h ? LOW_COST : 0);
  for (const print of prints) cost += overlap(box, print) * 1.2;
  rest.forEach((p, j) => {
    // Beside another region a client would seem to be that one's.
    if (j !== i) cost += Math.max(0, near + 20 - distance(person, p)) * 2;
  });
  for (const wire of wires) for (const p of wire) if (contains(box, p)) cost += 25;
  return { slot, box, wide: { x: box.x - GAP, y: box.y - GAP, w: box.w + 2 * GAP, h: box.h + 2 * GAP }, alone: cost };
}

// tagFor finds room for a cable's label: where it was, else as near to the middle as may be; off other cables if possible.
function tagFor(f: Frame, curve: Curve, taken: Box[], wide: boolean, others: readonly Point[], before?: Tag | null): Tag | null {
  const room = wide ? WIDE_BOX : TAG_BOX;
  const places = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73].flatMap((share) => [1, -1].map((side): Tag => ({ f: share, side, wide })));
  if (before?.wide === wide) places.unshift(before);
  const free = places
    .map((tag) => {
      const p = beside(curve, tag.f, tag.side, wide);
      return { tag, box: { x: p.x - room.w / 2, y: p.y - room.h / 2, ...room } };
    })
    .filter(({ box }) => box.x > 2 && box.y > 2 && box.x + box.w < f.width - 2 && box.y + box.h < f.height - 2 && taken.every((b) => overlap(b, box) === 0));
  const best = free.find(({ box }) => !others.some((p) => contains(box, p))) ?? free[0];
  if (best) taken.push(best.box);
  return best?.tag ?? null;
}

// beside is the middle of a label that stands next to a cable without touching it.
export function beside(curve: Curve, share: number, side: number, wide = false): Point {
  const p = at(curve, share);
  const ahead = at(curve, share + 0.02);
  const length = distance(p, ahead) || 1;
  const nx = (ahead.y - p.y) / length;
  const ny = -(ahead.x - p.x) / length;
  const room = wide ? WIDE_BOX : TAG_BOX;
  const off = (Math.abs(nx) * room.w) / 2 + (Math.abs(ny) * room.h) / 2 + 2;
  return { x: p.x + nx * off * side, y: p.y + ny * off * side };
}
