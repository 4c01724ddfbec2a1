// The followers' part: what the presenter looks at is shown here, until the visitor looks around.
import { effect, untracked } from "@preact/signals";
import * as actions from "./actions";
import { differs, look, viewNow, type View } from "./glances";
import * as store from "./store";
import type { Presented } from "./wire";

const TYPING = "input:not([type=range], [type=checkbox], [type=radio], [readonly]), textarea, select, [contenteditable]";

let shown: View | null = null; // as the page was left when it followed last; null while there is nothing to compare with
let told = ""; // whom the server knows that is followed, and in which room
let run = ""; // of which room
let heading = ""; // the room that is being entered

const typing = (): boolean => document.activeElement?.matches(TYPING) ?? false;

// back shows what the presenter sees, from now on, wherever that is.
export function back(): void {
  const to = store.left.peek();
  store.followAgain();
  if (to) enter(to.room, to.key);
}

function enter(room: string, key: string): void {
  if (heading === room) return;
  heading = room;
  store.leadTo(room);
  actions.enter(room, key);
}

// follow goes where the presenter is, but for the moment: to that the server leads all who follow. Who types in a field is not disturbed: only the moment follows, until the field is left.
function follow(p: Presented): void {
  const w = store.world.peek();
  if (!w) return;
  if (p.room && p.room.room !== w.room && !typing()) return enter(p.room.room, p.room.key);
  if (!typing()) store.guide(() => look(p));
  shown = viewNow();
}

// tellServer has the server show the presenter's moment here, once for each room, presenter and connection.
function tellServer(whom: string): void {
  if (whom && whom !== told) actions.send({ type: "follow", on: true });
  told = whom;
}

// listenToPresenter begins to follow.
export function listenToPresenter(): void {
  effect(() => {
    const p = store.presented.value;
    const w = store.world.value;
    const here = `${w?.room} ${w?.run}`;
    if (here !== run) [run, shown, heading] = [here, null, ""];
    if (p?.why && !store.why.peek()) void store.lanes.value; // it may not be known here yet
    if (!store.following.value) shown = null;
    else if (p) untracked(() => follow(p));
  });
  addEventListener("focusout", () => queueMicrotask(() => store.following.peek() && store.presented.peek() && follow(store.presented.peek()!)));
  effect(() => {
    const open = store.connection.value.state === "open";
    const whom = open && store.following.value ? `${store.world.value?.room} ${store.audience.value?.presenter}` : "";
    untracked(() => tellServer(whom));
  });
  let stood: View | null = null; // as the presenter has left the page
  effect(() => {
    const now = viewNow();
    if (!store.parted.value) stood = null;
    else if (differs(now, (stood ??= now))) untracked(store.part);
  });
  effect(() => {
    const now = viewNow();
    const w = store.world.value;
    if (store.isGuided() || `${w?.room} ${w?.run}` !== run || !shown || !differs(now, shown)) return;
    untracked(() => (store.stray(), actions.send({ type: "follow", on: false })));
  });
}
