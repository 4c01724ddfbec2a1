// Tests of the layout: that discs and names of many regions stand clear of each other on stages of several sizes.
import { overlap, type Box } from "./curve";
import { CROWN_HEIGHT, awaySpots, frame, halo, NAME_HEIGHT, offsetOf, pull, type Frame } from "./layout";
import { holds, same } from "./testing";

const stages = [
  [446, 425], // one of three lanes at 1440 by 900
  [446, 290],
  [442, 340], // with the drawer open
  [315, 368], // and at 1024 by 768
  [315, 290],
  [362, 388], // a telephone
] as const;
const SLACK = 6; // square pixels of a touch that nobody sees

// crowdedLayouts lays random sets of regions, with a generator of its own, so that a failure comes again.
export function crowdedLayouts(): void {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 60; round++) {
    const count = 2 + Math.floor(random() * 8);
    const regions = Array.from({ length: count }, () => ({ x: 60 + random() * 880, y: 60 + random() * 330 }));
    const replicas = regions.map(() => 1 + Math.floor(random() * 3));
    for (const [w, h] of stages) {
      for (const all of [replicas, regions.map(() => 3)]) {
        const f = frame(regions, w, h, 152, all, round % 2 === 0);
        const worst = worstOf(f);
        holds(`${count} regions of ${all.join(" ")} on ${w} by ${h}, round ${round}: ${Math.round(worst)} square pixels overlap`, worst < SLACK);
      }
    }
  }
}

function worstOf(f: Frame): number {
  const rooms = f.home.map((p, i) => roomsOf(f, i, p.x, p.y));
  let worst = 0;
  rooms.forEach((a, i) => rooms.slice(i + 1).forEach((b) => a.forEach((x) => b.forEach((y) => (worst = Math.max(worst, overlap(x, y)))))));
  return worst;
}

// roomsOf is what must be seen of a region: its discs and its name.
function roomsOf(f: Frame, i: number, x: number, y: number): Box[] {
  const g = f.groups[i]!;
  const discs = g.seats.map((s) => ({ x: x + s.x - g.r, y: y + s.y - g.r, w: 2 * g.r, h: 2 * g.r }));
  return [...discs, { x: x - 36, y: y + g.h + 3, w: 72, h: NAME_HEIGHT - 5 }];
}

// pulling drags the northernmost of three regions beyond the upper edge of a small stage: the picture stays, it tears.
export function pulling(): void {
  const f = frame([{ x: 250, y: 160 }, { x: 450, y: 100 }, { x: 650, y: 240 }], 315, 290, 152, [1, 1, 1]);
  const home = f.home[1]!;
  same("the edge is nearer than the tear", home.y - f.bounds.y < f.tear, true);
  const [near, far] = [pull(f, 1, { x: home.x, y: home.y - f.tear }), pull(f, 1, { x: home.x, y: home.y - f.tear - 1 })];
  same("by the hand's way", [near.far, far.far], [false, true]);
  same("the picture stays on the stage", far.at.y >= f.groups[1]!.h + CROWN_HEIGHT - 4, true);
  same("and rests where regions go that nobody has put anywhere", offsetOf(f, 1, far.at), null);
  same("else where it was put", offsetOf(f, 1, { x: home.x + 63, y: home.y })?.x, 0.2);
}

// crowning sends every region away by itself and by hand, as far up as it goes: halo, crown and term stay on the stage.
export function crowning(): void {
  for (const [w, h] of stages) {
    for (const n of [1, 3]) {
      const f = frame([{ x: 250, y: 160 }, { x: 450, y: 100 }, { x: 650, y: 240 }], w, h, 152, [n, n, n], true);
      const spots = awaySpots(f);
      const tops = spots.flatMap((p, i) => [p, { x: p.x, y: f.reach.y }].map((at) => halo(f, i, at).y));
      holds(`the halos of ${n} on ${w} by ${h} begin at ${Math.min(...tops)}`, Math.min(...tops) >= 0);
    }
  }
}
