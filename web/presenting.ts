// The presenter's part: the page tells what it looks at when that changes, and goes on presenting in a branch.
import { effect } from "@preact/signals";
import * as actions from "./actions";
import { glanceNow } from "./glances";
import * as store from "./store";

const EVERY = 250; // milliseconds between two glances

let last = ""; // that was told
let due: ReturnType<typeof setTimeout> | undefined;
let room = ""; // where the page presents

export const present = (on: boolean): void => void actions.send({ type: "present", on });

function tell(): void {
  if (!store.presenting.peek() || store.connection.peek().state !== "open") return;
  const glance = glanceNow();
  const text = JSON.stringify(glance);
  if (text === last) return;
  if (actions.send({ type: "glance", glance }) > 0) last = text;
}

// listenToMe begins to tell.
export function listenToMe(): void {
  effect(() => {
    const here = store.world.value?.room ?? "";
    const [on, open] = [store.presenting.value, store.connection.value.state === "open"];
    if (on) room = here;
    else if (room === here && store.audience.value) room = "";
    if (!open || !on) last = "";
    if (!on && room && here !== room && open && !store.watching.value) {
      room = "";
      present(true);
    }
  });
  effect(() => {
    if (!store.presenting.value) return;
    glanceNow();
    void store.connection.value;
    // What is told is what there is then: the latest.
    due ??= setTimeout(() => ((due = undefined), tell()), EVERY);
  });
}
