// The presenter's part: the page tells what it looks at when that changes, and goes on presenting in a branch.
import { effect, untracked } from "@preact/signals";
import * as actions from "./actions";
import { glanceNow } from "./glances";
import * as store from "./store";

const EVERY = 250; // milliseconds between two glances

let last = ""; // that was told
let due: ReturnType<typeof setTimeout> | undefined;
let room = ""; // where the page presents, as far as it is up to the visitor
let stopped = false; // by the visitor, which the server has not told yet

export function present(on: boolean): void {
  if (actions.send({ type: "present", on }) > 0) stopped = !on;
}

// goOn has the page present where it has come to: in another room; or in the same one again, of which the server has forgotten it.
function goOn(): void {
  const a = store.audience.peek();
  const again = store.world.peek()?.room === room;
  if (stopped || store.watching.peek() || (again && a?.presenter)) room = "";
  if (!room || (again && !a)) return;
  room = "";
  present(true);
}

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
    void [store.audience.value, store.watching.value];
    if (on && !stopped) room = here;
    if (!open || !on) last = "";
    if (!on && room && open) untracked(goOn);
    if (!on) stopped = false;
  });
  effect(() => {
    if (!store.presenting.value) return;
    glanceNow();
    void store.connection.value;
    // What is told is what there is then: the latest.
    due ??= setTimeout(() => ((due = undefined), tell()), EVERY);
  });
}
