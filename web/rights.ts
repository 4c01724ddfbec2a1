// What a visitor who only watches cannot do, in one place: which messages act, and which controls send them. Such controls
// stay where they are and say that they are out of reach; to use one has the page say why, and nothing else.
import { options, type VNode } from "preact";
import type { Outgoing } from "./socket";
import * as store from "./store";

// LOOKS are the messages that change nothing for others.
const LOOKS: ReadonlySet<Outgoing["type"]> = new Set(["hello", "seek", "live", "inspect", "series", "timeline", "text", "share", "ask", "follow"]);

// ACTS names the controls that act, by data-action.
const ACTS = new RegExp(
  `^(${[
    "play|step|step-back|speed|until-.*|undo-run|redo-run|fork|fork-and|undo|export-video",
    "partition|heal|read|write|cut|hold|mend|delay|loss|twice|flap",
    "crash|restart|pause|resume|wipe|isolate|part|slow|skew|transfer|promote|rejoin|cancel",
    "deposit|withdraw|buy|like|put|post|swap|increment|add|remove|delete",
    "deliver|postpone|postpone-by|lose|run-script|go-on|set-lane|move-left|move-right|remove-lane|add-lane|apply-setup|begin-.*",
  ].join("|")})$`,
);

// may reports whether the visitor may act; if not, the page says why.
export function may(): boolean {
  if (!store.watching.peek()) return true;
  store.withhold();
  return false;
}

const MOVES: ReadonlySet<Outgoing["type"]> = new Set(["play", "pause", "step", "until"]); // one's own playhead, before the live edge

// mayDo reports whether a message may go out. To go to another moment is to look around.
export function mayDo(m: Outgoing): boolean {
  if (!LOOKS.has(m.type)) {
    if (!may()) return false;
    store.part();
  }
  if (m.type === "seek" || m.type === "live" || (MOVES.has(m.type) && !store.clock.peek().live)) store.stray();
  return true;
}

// mark has every control that acts say that it is out of reach, and be drawn anew when that changes.
function mark(v: VNode): void {
  const props = v.props as Record<string, unknown>;
  if (typeof v.type !== "string" || !ACTS.test(String(props["data-action"] ?? "")) || !store.watching.value) return;
  props["aria-disabled"] = true;
  props["data-off"] = "";
}

const before = options.vnode;
options.vnode = (v) => {
  mark(v);
  before?.(v);
};

const FIELDS = "select, input";
const PASSING = ["Tab", "Escape", "Shift", "Control", "Alt", "Meta"];

// guard keeps presses from what is out of reach.
export function guard(): void {
  const values = new WeakMap<Element, string>();
  const stop = (e: Event, say = true) => {
    e.preventDefault();
    e.stopImmediatePropagation();
    if (say) may();
  };
  const listen = (type: string, act: (e: Event, at: HTMLInputElement) => void) =>
    addEventListener(
      type,
      (e) => {
        const at = e.target instanceof Element ? e.target.closest<HTMLInputElement>("[data-off]") : null;
        if (at) act(e, at);
      },
      { capture: true, passive: false },
    );
  listen("click", (e, at) => stop(e, !at.matches(FIELDS)));
  for (const press of ["mousedown", "touchstart"]) listen(press, (e, at) => at.matches(FIELDS) && (stop(e), at.focus()));
  listen("keydown", (e, at) => at.matches(FIELDS) && !PASSING.includes((e as KeyboardEvent).key) && stop(e));
  // Where a field has changed all the same, as by a telephone's own list, it is set back.
  listen("focusin", (_, at) => values.set(at, at.value));
  for (const change of ["input", "change"]) listen(change, (e, at) => (stop(e), (at.value = values.get(at) ?? at.value)));
}
