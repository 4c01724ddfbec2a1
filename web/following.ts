// The followers' part: what the presenter looks at is shown here, until the visitor looks around.
import { effect, untracked } from "@preact/signals";
import * as actions from "./actions";
import { differs, look, viewNow, type View } from "./glances";
import * as store from "./store";
import type { Presented } from "./wire";

const TYPING = "input:not([type=range], [type=checkbox], [type=radio], [readonly]), textarea, select, [contenteditable]";

let shown: View | null = null; // as the page was left when it followed last; null while there is nothing to compare with
let at = -1; // the moment that was gone to; -1 for live, or for none
let run = ""; // of which room
let heading = ""; // the room that is being entered

const typing = (): boolean => document.activeElement?.matches(TYPING) ?? false;

const following = (): boolean => store.led.value && !store.strayed.value;

// back shows what the presenter sees, from now on, wherever that is.
export function back(): void {
  const to = store.left.peek();
  at = -1;
  store.followAgain();
  if (to) enter(to.room, to.key);
}

function enter(room: string, key: string): void {
  if (heading === room) return;
  heading = room;
  store.leadTo(room);
  actions.enter(room, key);
}

// follow goes where the presenter is. Who types in a field is not disturbed: only the moment follows, until the field is left.
function follow(p: Presented): void {
  const w = store.world.peek();
  if (!w) return;
  if (p.room && p.room.room !== w.room && !typing()) return enter(p.room.room, p.room.key);
  store.guide(() => {
    moment(p);
    if (!typing()) look(p);
  });
  shown = viewNow();
}

function moment({ live, at: to }: Presented): void {
  const clock = store.clock.peek();
  if (live && !clock.live) actions.live();
  if (!live && to !== at && !(to === clock.at && !clock.live && !clock.coming)) actions.seek(to);
  at = live ? -1 : to;
}

// listenToPresenter begins to follow.
export function listenToPresenter(): void {
  effect(() => {
    const p = store.presented.value;
    const w = store.world.value;
    const here = `${w?.room} ${w?.run}`;
    if (here !== run) [run, at, shown, heading] = [here, -1, null, ""];
    if (p?.why && !store.why.peek()) void store.lanes.value; // it may not be known here yet
    if (!following()) shown = null;
    else if (p) untracked(() => follow(p));
  });
  addEventListener("focusout", () => queueMicrotask(() => following() && store.presented.peek() && follow(store.presented.peek()!)));
  effect(() => {
    const now = viewNow();
    const w = store.world.value;
    if (store.isGuided() || `${w?.room} ${w?.run}` !== run || !shown || !differs(now, shown)) return;
    untracked(store.stray);
  });
}
