// Choosing on a stage what to look into: a message, by clicking it.
import { distance, type Point } from "./curve";
import type { Frame } from "./layout";
import * as store from "./store";
import type { World } from "./world";

// Found is what lies under a pointer.
export interface Found {
  node: number; // -1 for none
  message: number; // 0 for none
}

const REACH = 6; // pixels that a pointer may have moved in a click

// pickOn makes a lane's upper layer answer to clicks; found says what lies at a point of the stage.
export function pickOn(above: SVGSVGElement, lane: number, found: (p: Point) => Found): void {
  let down: Point = { x: 0, y: 0 };
  above.addEventListener("pointerdown", (e) => (down = { x: e.clientX, y: e.clientY }));
  above.addEventListener("click", (e) => {
    if (e.detail === 0 || Math.hypot(e.clientX - down.x, e.clientY - down.y) > REACH) return;
    const box = above.getBoundingClientRect();
    const { node, message } = found({ x: e.clientX - box.left, y: e.clientY - box.top });
    if (node < 0 && message > 0 && !(e.target as Element).closest(".region, .client, .menu")) store.inspect({ lane, message });
  });
}

// nodeAt is the node whose disc lies at a point, where the regions stand as they do; -1 for none.
export function nodeAt(world: World, f: Frame, at: readonly Point[], p: Point): number {
  return world.nodes.findIndex((n, i) => {
    const [group, place] = [f.groups[n.region]!, at[n.region]!];
    const seat = group.seats[world.nodesOf[n.region]!.indexOf(i)]!;
    return distance(p, { x: place.x + seat.x, y: place.y + seat.y }) <= group.r;
  });
}
