// Swiping over a lane's head or figures shows the lane beside it, on screens that have room for one.
import * as store from "./store";

const FAR = 48; // pixels that a finger goes sideways
let from: { id: number; x: number; y: number } | null = null;

export const swiping = {
  "data-swipe": "1",
  onPointerDown(e: PointerEvent): void {
    from = e.pointerType === "mouse" ? null : { id: e.pointerId, x: e.clientX, y: e.clientY };
  },
  onPointerUp(e: PointerEvent): void {
    const start = from;
    from = null;
    if (!start || e.pointerId !== start.id) return;
    const [dx, dy] = [e.clientX - start.x, e.clientY - start.y];
    if (Math.abs(dx) < FAR || Math.abs(dx) < 2 * Math.abs(dy)) return;
    const to = store.shownLane.peek() - Math.sign(dx);
    if (to >= 0 && to < (store.world.peek()?.lanes.length ?? 0)) store.showLane(to);
  },
  onPointerCancel(): void {
    from = null;
  },
};
