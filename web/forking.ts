// How a visitor gets from one branch to another: by undo and redo, and by forking at the moment shown.
import { effect } from "@preact/signals";
import * as actions from "./actions";
import { forks } from "./fork_words";
import { notices } from "./panel_words";
import type { Outgoing } from "./socket";
import * as store from "./store";

let asking = false; // the server's answer is under way: what is pressed twice is asked for once

// undo leads to a branch without what was done last.
export const undo = (): void => void (undoable() && lead({ type: "undo" }));

// redo leads back.
export const redo = (): void => void (store.redoable.peek() && lead({ type: "redo" }));

// undoable reports whether anything has been done by the moment shown.
export const undoable = (): boolean => store.commands.value.some((c) => c.at <= store.now.value);

// fork leads to a branch that begins at the moment shown.
export const fork = (): void => void lead({ type: "fork", at: moment() });

const moment = (): number => Math.max(0, Math.min(Math.round(store.playback.now), store.clock.peek().edge));

// forkAnd leads there too, and does once it stands there what was refused here.
export async function forkAnd(list: readonly Outgoing[]): Promise<void> {
  const { coming, at } = store.clock.peek();
  const room = await lead({ type: "fork", at: coming ?? at });
  if (!room) return;
  const stop = effect(() => {
    const { coming, live } = store.clock.value;
    if (store.world.value?.room !== room || coming || !live) return;
    queueMicrotask(() => {
      stop();
      for (const m of list) actions.say(m);
    });
  });
}

// lead asks for another room and enters it. It returns that, or "" where there is none.
async function lead(m: Outgoing): Promise<string> {
  if (asking) return "";
  asking = true;
  const a = await actions.ask(m);
  asking = false;
  if (a?.type === "reject") store.toast(notices.rejected(a.reason));
  if (a?.type !== "forked") return "";
  if (a.rebuilt) store.toast(forks.rebuilt);
  actions.enter(a.room, a.key);
  return a.room;
}
