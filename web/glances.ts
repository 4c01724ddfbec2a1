// What a page looks at, as a presenter tells it to those who follow, and shown as the presenter has it. Nothing here sends.
import { nameOf } from "./causes";
import type { Tab } from "./drawer_words";
import { tabs } from "./drawer_words";
import { sceneNow } from "./sharing";
import * as store from "./store";
import type { Glance, Why } from "./wire";

const single = matchMedia("(max-width: 760px)"); // there is room for one lane, as app.css has it

// A View is the part of a glance that is about panels.
export type View = Pick<Glance, "lane" | "tab" | "why">;

// viewNow is what is open and shown; who reads it follows the signals.
export function viewNow(): View {
  void [store.world.value, store.filled.value, store.shownLane.value, store.why.value, store.drawerOpen.value, store.drawerTab.value];
  const { lane, tab, why } = sceneNow();
  const [kind = "", op = ""] = why?.split(" ") ?? [];
  return { lane, tab, why: why && kind && op ? { lane, kind, op: Number(op) } : null };
}

// glanceNow is what the page looks at.
export function glanceNow(): Glance {
  const { live, at, coming, playing, until } = store.clock.value;
  return { live, at: live ? 0 : coming || at, ...(!live && (playing || until) ? { playing: true } : {}), ...viewNow() };
}

// differs tells that a visitor has gone elsewhere than where a view was. On a telephone, one lane of all must be shown.
export function differs(a: View, b: View): boolean {
  const lane = (v: View) => (single.matches && (a.lane === "" || b.lane === "") ? "" : v.lane);
  return JSON.stringify([lane(a), a.tab, a.why]) !== JSON.stringify([lane(b), b.tab, b.why]);
}

// look opens and shows what somebody else does. The focus stays where it is.
export function look(v: View): void {
  const lanes = store.world.peek()?.lanes ?? [];
  const i = lanes.findIndex((l) => l.name === v.lane);
  if (i >= 0 && store.shownLane.peek() !== i) store.showLane(i);
  lookInto(v.why);
  if (!v.why && !single.matches) {
    const filled = i >= 0 && lanes.length > 1 ? v.lane : "";
    if (store.filled.peek() !== filled) store.fill(filled);
  }
  const tab = tabs.find((t): t is Tab => t === v.tab);
  if (tab && !(store.drawerOpen.peek() && store.drawerTab.peek() === tab)) store.showTab(tab, true);
  else if (!tab && store.drawerOpen.peek()) store.openDrawer(false);
}

function lookInto(why: Why | null): void {
  const i = why ? (store.world.peek()?.lanes.findIndex((l) => l.name === why.lane) ?? -1) : -1;
  const name = why ? `${why.kind} ${why.op}` : "";
  const open = store.why.peek();
  if (i < 0) {
    if (open) store.closeWhy();
    return;
  }
  const known = store.lanes.peek()[i]?.causes.some((c) => nameOf(c) === name);
  if (known && (open?.lane !== i || open.name !== name)) store.explain(i, name, true);
}
