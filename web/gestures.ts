// Pointer and keyboard on a region: dragged past a threshold it tears its cables, dropped at home they heal; dropped
// beside another one that is away it joins that one's side. A click opens the menu of its node.
import { part } from "./actions";
import { may } from "./rights";
import { distance, type Point } from "./curve";
import { clearOf, halo, offsetOf, pull, within, type Frame } from "./layout";
import { neighbour } from "./partition";
import * as store from "./store";

const NUDGE = 28; // pixels that an arrow key moves a region that is away

const CLICK = 4; // pixels that a pointer may move in a click

const arrows: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

// listen makes a lane's upper layer answer to hands. layout is asked at each gesture.
export function listen(above: SVGSVGElement, lane: number, layout: () => Frame | null): void {
  let pointer = -1;
  let offset: Point = { x: 0, y: 0 }; // from the pointer to the region's centre
  let start: Point = { x: 0, y: 0 }; // where the pointer went down

  above.addEventListener("pointerdown", (e) => {
    const f = layout();
    const region = regionOf(e.target);
    const i = indexOf(region);
    if (!f || i < 0 || e.button !== 0 || store.grip) return;
    const at = restOf(f, i);
    const p = onStage(above, e);
    start = p;
    offset = { x: at.x - p.x, y: at.y - p.y };
    pointer = e.pointerId;
    above.setPointerCapture(pointer);
    store.setGrip({ region: i, join: -1, far: pull(f, i, at).far, place: { x: at.x / f.width, y: at.y / f.height }, torn: false });
  });
  above.addEventListener("pointermove", (e) => {
    const f = layout();
    if (!f || e.pointerId !== pointer) return;
    const p = onStage(above, e);
    if (store.watching.peek() && (distance(start, p) < CLICK || !may())) return distance(start, p) < CLICK ? undefined : stop();
    drag(f, add(p, offset));
  });
  above.addEventListener("pointerup", (e) => {
    const f = layout();
    if (f && e.pointerId === pointer) {
      const clicked = distance(start, onStage(above, e)) < CLICK && !store.grip?.torn ? (store.grip?.region ?? -1) : -1;
      if (clicked >= 0) store.setGrip(null);
      else release(f);
      if (clicked >= 0) choose(lane, clicked, f, { x: -offset.x, y: -offset.y }, { x: e.clientX, y: e.clientY });
    }
    pointer = -1;
  });
  const stop = () => {
    if (pointer < 0) return;
    pointer = -1;
    cancel();
  };
  above.addEventListener("pointercancel", (e) => e.pointerId === pointer && stop());
  // The key may go anywhere: what a pointer holds need not have the focus.
  addEventListener("keydown", (e) => e.key === "Escape" && stop());
  above.addEventListener("keydown", (e) => {
    const f = layout();
    const region = regionOf(e.target);
    // A key held down is one press: or the region would go to and fro.
    if (f && region && ((e.repeat && isPress(e.key)) || press(f, region, e.key))) e.preventDefault();
  });
  // Assistive technology clicks without a pointer.
  above.addEventListener("click", (e) => {
    const region = e.detail === 0 ? regionOf(e.target) : "";
    if (region) part(region, !isAway(region));
  });
  // A finger on a region drags it; elsewhere it scrolls the page.
  const hold = (e: TouchEvent) => {
    if (regionOf(e.target)) e.preventDefault();
  };
  above.addEventListener("touchstart", hold, { passive: false });
}

function regionOf(target: EventTarget | null): string {
  return (target as Element | null)?.closest?.(".region")?.getAttribute("data-region") ?? "";
}

function indexOf(region: string): number {
  return store.world.peek()?.names.indexOf(region) ?? -1;
}

function isAway(region: string): boolean {
  return store.wished.get(region) ?? store.away.peek()[indexOf(region)] ?? false;
}

function onStage(above: SVGSVGElement, e: PointerEvent): Point {
  const box = above.getBoundingClientRect();
  return { x: e.clientX - box.left, y: e.clientY - box.top };
}

function add(a: Point, b: Point): Point {
  return { x: a.x + b.x, y: a.y + b.y };
}

// restOf is where a region stands when nobody holds it.
export function restOf(f: Frame, i: number): Point {
  const name = store.world.peek()?.names[i] ?? "";
  const home = f.home[i]!;
  if (!isAway(name)) return home;
  const put = store.dropped.get(name);
  return put ? within(f.reach, { x: home.x + put.x * f.width, y: home.y + put.y * f.height }) : (store.spots[i] ?? home);
}

// drag moves the held region, and parts it from the others once its cables are stretched too far.
function drag(f: Frame, p: Point): void {
  const g = store.grip;
  const name = store.world.peek()?.names[g?.region ?? -1];
  if (!g || !name) return;
  const { at, far } = pull(f, g.region, p);
  const tearing = far && !g.torn && !isAway(name);
  const torn = g.torn || (tearing && part(name, true));
  store.setGrip({ ...g, far, join: far ? beside(f, g.region, at) : -1, place: { x: at.x / f.width, y: at.y / f.height }, torn });
  if (tearing) store.hint(false);
}

// beside is the region that is away next to which another one is held; -1 for none.
function beside(f: Frame, region: number, p: Point): number {
  const names = store.world.peek()?.names ?? [];
  return neighbour(names.map((_, i) => restOf(f, i)), names.map(isAway), region, p, halo(f, region, p).w);
}

// cancel undoes the drag: the region goes back to where it was, and if this drag tore its cables they heal.
function cancel(): void {
  const g = store.grip;
  const name = store.world.peek()?.names[g?.region ?? -1];
  store.setGrip(null);
  if (g?.torn && name) part(name, false);
}

// choose opens the menu of the region's node that is closest to a point, from its centre.
function choose(lane: number, region: number, f: Frame, p: Point, screen: Point): void {
  const seats = f.groups[region]!.seats;
  const nearest = seats.reduce((best, s, i) => (distance(s, p) < distance(seats[best]!, p) ? i : best), 0);
  const index = store.world.peek()?.nodesOf[region]?.[nearest];
  if (index !== undefined) store.openMenu({ kind: "node", lane, index, ...screen });
}

const isPress = (key: string) => key === "Enter" || key === " ";

// release lets go: near home the region heals, further off it stays.
function release(f: Frame): void {
  const g = store.grip;
  const name = store.world.peek()?.names[g?.region ?? -1];
  if (!g || !name) return;
  store.drop(name, g.far ? put(f, g.region, { x: g.place.x * f.width, y: g.place.y * f.height }) : null);
  if (!g.far && isAway(name)) part(name, false);
  if (g.far) settle(name, g.region, g.join);
  store.setGrip(null);
}

// put says where a region stays that was let go somewhere: there, or beside whom it would cover.
function put(f: Frame, region: number, at: Point): Point | null {
  const clear = clearOf(f, region, at, f.home.map((_, i) => restOf(f, i)));
  return clear && offsetOf(f, region, clear);
}

// settle puts a region that stays away onto the side beside which it was put, or onto one of its own.
function settle(name: string, region: number, join: number): void {
  const groups = store.groups.peek();
  // What has been sent, this drag or just before, puts it onto a side of its own.
  const alone = store.wished.has(name) || groups.filter((g) => g === groups[region]).length === 1;
  const other = store.world.peek()?.names[join] ?? "";
  if (other ? groups[join] !== groups[region] : isAway(name) && !alone) part(name, true, other);
}

// press does for the keyboard what dragging does for the pointer; it reports whether it knew the key.
function press(f: Frame, region: string, key: string): boolean {
  const away = isAway(region);
  const i = indexOf(region);
  const way = arrows[key];
  if ((way || isPress(key)) && !may()) return true;
  if (isPress(key)) {
    if (!part(region, !away)) return true;
    store.drop(region, null);
    if (!away) store.hint(false);
    return true;
  }
  if (!way) return false;
  const from = restOf(f, i);
  const reach = away ? NUDGE : f.tear * 1.5;
  const { far, at } = pull(f, i, { x: from.x + way.x * reach, y: from.y + way.y * reach });
  store.drop(region, far ? offsetOf(f, i, at) : null);
  if (away !== far) part(region, !away);
  else if (away) settle(region, i, beside(f, i, at));
  if (!away && far) store.hint(false);
  return true;
}
