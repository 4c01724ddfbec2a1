// Hands on a stage besides its regions: a stroke cuts cables; a click, a tap or a long press opens a menu. A finger
// first scrolls the page: it draws after it has rested.
import * as actions from "./actions";
import { distance, type Point } from "./curve";
import { may } from "./rights";
import * as store from "./store";
import { slashes } from "./strokes";
import type { Wire } from "./wires";

const SLACK = 6; // pixels that a hand may move in a click
const REST = 420; // milliseconds that a finger rests before it draws, or opens a menu

interface Hand {
  id: number;
  start: Point;
  screen: Point;
  target: Element | null;
  touch: boolean;
  drawing: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

// listenToStrokes makes a lane's upper layer answer. wires is asked at each stroke.
export function listenToStrokes(above: SVGSVGElement, lane: number, wires: () => Wire[]): void {
  let hand: Hand | null = null;
  const stop = () => {
    clearTimeout(hand?.timer);
    if (hand?.drawing) store.draw(null);
    hand = null;
  };
  const begin = (h: Hand, leaning: boolean) => {
    if (!may()) return stop();
    h.drawing = true;
    above.setPointerCapture(h.id);
    store.draw({ lane, points: [h.start], leaning });
  };
  above.addEventListener("pointerdown", (e) => {
    const target = e.target as Element;
    if (hand || e.button !== 0 || !e.isPrimary || target.closest(".region") || store.grip) return;
    const touch = e.pointerType === "touch";
    hand = { id: e.pointerId, start: onStage(above, e), screen: { x: e.clientX, y: e.clientY }, target, touch, drawing: false, timer: undefined };
    const held = hand;
    if (touch) hand.timer = setTimeout(() => rested(held), REST);
  });
  const rested = (h: Hand) => {
    if (hand !== h) return;
    if (!openAt(h.target, lane, h.screen)) return begin(h, false);
    hand = null;
  };
  above.addEventListener("pointermove", (e) => {
    if (!hand || e.pointerId !== hand.id) return;
    const p = onStage(above, e);
    if (!hand.drawing && distance(p, hand.start) > SLACK) {
      if (hand.touch) return stop(); // it scrolls
      begin(hand, e.shiftKey);
    }
    if (hand?.drawing) store.draw({ lane, points: [...(store.stroke?.points ?? []), p], leaning: e.shiftKey });
  });
  above.addEventListener("pointerup", (e) => {
    if (!hand || e.pointerId !== hand.id) return;
    const { drawing, target, screen } = hand;
    const s = store.stroke;
    stop();
    if (drawing && s) actions.cut(slashes(s.points, wires(), s.leaning));
    else openAt(target, lane, screen);
  });
  above.addEventListener("pointercancel", (e) => hand && e.pointerId === hand.id && stop());
  addEventListener("keydown", (e) => e.key === "Escape" && stop());
  above.addEventListener("touchmove", (e) => hand?.drawing && e.preventDefault(), { passive: false });
  above.addEventListener("contextmenu", (e) => (e as PointerEvent).pointerType === "touch" && e.preventDefault());
  listenToPresses(above, lane);
}

// listenToPresses opens menus by keys, and for assistive technology, which clicks without a pointer.
function listenToPresses(above: SVGSVGElement, lane: number): void {
  const press = (e: Event) => {
    if (openAt(e.target as Element, lane, null)) e.preventDefault();
  };
  above.addEventListener("keydown", (e) => {
    if (!e.repeat && (e.key === "Enter" || e.key === " ")) press(e);
  });
  above.addEventListener("click", (e) => e.detail === 0 && press(e));
}

// openAt opens the menu of what an element stands for, and reports whether it stands for anything.
function openAt(target: Element | null, lane: number, screen: Point | null): boolean {
  const el = target?.closest("[data-cable-target], [data-node-target], [data-client]");
  if (!el) return false;
  const box = el.getBoundingClientRect();
  const at = screen ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const [cable, node, who] = ["data-cable-target", "data-node-target", "data-who"].map((name) => el.getAttribute(name));
  const client = store.world.peek()?.clients.findIndex((c) => c.name === who) ?? -1;
  if (cable) store.openMenu({ kind: "cable", lane, index: Number(cable), ...at });
  else if (node) store.openMenu({ kind: "node", lane, index: Number(node), ...at });
  else if (client >= 0) store.openMenu({ kind: "client", lane, index: client, ...at });
  return true;
}

function onStage(above: SVGSVGElement, e: PointerEvent): Point {
  const box = above.getBoundingClientRect();
  return { x: e.clientX - box.left, y: e.clientY - box.top };
}
