// The part of the store that is about who else is in the room: what the visitor may do there, who presents, and whether
// the visitor follows. Others come by it through store.ts.
import { batch, computed, signal } from "@preact/signals";
import type { Address, Audience, Presented, Right, State } from "./wire";

export const right = signal<Right>("control"); // that the visitor has in the room
export const controlKey = signal(""); // of the room; "" where the visitor has not come by it
export const viewKey = signal("");
export const audience = signal<Audience | null>(null); // once the server has told
export const presented = signal<Presented | null>(null); // what the presenter looks at, as last told
export const withheld = signal(0); // how often a watching visitor has tried to act, since that was last dismissed
export const asking = signal(false); // the visitor asks for control
export const strayed = signal(false); // from who presents: the visitor looks around by itself
const met = signal(false); // there was somebody else in this room
export const left = signal<Address | null>(null); // the room where the presenter was when the visitor left it by itself
export const parted = signal(false); // the presenter has left, or stopped, and the visitor has done nothing since

export const watching = computed(() => right.value === "view");
export const presenting = computed(() => Boolean(audience.value?.presenter) && audience.value!.presenter === audience.value!.guest);
export const led = computed(() => Boolean(audience.value?.presenter) && !presenting.value); // somebody else presents
export const following = computed(() => led.value && !strayed.value);
// lined tells that a line under the header says how the visitor is here.
export const lined = computed(() => watching.value || led.value || left.value !== null || parted.value);
// accompanied tells that somebody else is here, or was: what shows it stays.
export const accompanied = computed(() => lined.value || met.value || presenting.value);

let room = "";
let guided = false; // what happens is the presenter's doing, not the visitor's
let leading: string | null = null; // the room that the presenter leads to

// enterRoom takes in what a full state says of rights. before is where the visitor comes from.
export function enterRoom(s: State, before: Address | null): void {
  batch(() => {
    right.value = s.right;
    controlKey.value = s.key;
    viewKey.value = s.view_key;
    if (s.room === room) return;
    if (left.peek()?.room === s.room) left.value = null;
    else if (leading === s.room) left.value = null;
    else if (led.peek() && before?.room === room) [left.value, strayed.value] = [before, true];
    audience.value = presented.value = null;
    asking.value = met.value = parted.value = false;
    withheld.value = 0;
    room = s.room;
    leading = null;
  });
}

export function hear(a: Audience): void {
  batch(() => {
    if (a.presenter && a.presenter !== audience.peek()?.presenter && audience.peek() !== null) strayed.value = false;
    if (a.right === "control" || a.right !== right.peek()) [asking.value, withheld.value] = [false, 0];
    right.value = a.right;
    parted.value = !a.presenter && (led.peek() || parted.peek());
    audience.value = a;
    if (a.viewers > 1) met.value = true;
    if (!a.presenter) presented.value = null;
  });
}

// present takes in what the presenter looks at, and where the presenter has gone on.
export function present(p: Presented): void {
  batch(() => {
    presented.value = p;
    if (p.room && p.room.room !== room) left.value = p.room;
  });
}

// withhold notes that a watching visitor has tried to act; null that it knows.
export function withhold(on = true): void {
  withheld.value = on ? withheld.peek() + 1 : 0;
}

export function askFor(on: boolean): void {
  asking.value = on;
}

// guide does what the presenter has done.
export function guide(act: () => void): void {
  guided = true;
  try {
    batch(act);
  } finally {
    guided = false;
  }
}

// stray notes that the visitor looks around, unless it is guided.
export function stray(): void {
  if (led.peek() && !guided) strayed.value = true;
  part();
}

export const isGuided = (): boolean => guided;

// followAgain has the visitor see what the presenter sees.
export function followAgain(): void {
  strayed.value = false;
}

// part notes that the visitor knows that the presenter has left.
export function part(): void {
  parted.value = false;
}

// leadTo says which room the presenter leads to: the visitor still follows there.
export function leadTo(to: string): void {
  leading = to;
}
