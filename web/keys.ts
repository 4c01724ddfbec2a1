// Keys that work anywhere on the page.
import * as actions from "./actions";
import { toneOf } from "./panel_words";
import { fork, redo, undo } from "./forking";
import * as store from "./store";

const FIELDS = "input:not([type=range], [type=checkbox]), select, textarea, dialog[open]";

// acts has what each key does; at is the element that has the focus.
const acts: Record<string, (at: Element | null) => void> = {
  "?": () => store.openKeys(true),
  ".": () => actions.step(false),
  ",": () => actions.step(true),
  ">": () => actions.step(false, "violation"),
  ":": () => actions.step(false, "violation"),
  "<": () => actions.step(true, "violation"),
  ";": () => actions.step(true, "violation"),
  e: actions.live,
  d: () => store.openDrawer(!store.drawerOpen.peek()),
  l: () => store.openLegend(!store.legendOpen.peek()),
  h: actions.heal,
  s: () => store.share(true),
  v: (at) => (store.why.peek() ? store.closeWhy() : store.explain(laneOf(at))),
  f: fill,
  y: fork,
  p: () => document.querySelector<HTMLElement>('[data-action="return"]')?.click(),
  n: (at) => reach(at, "[data-node-target]"),
  c: (at) => reach(at, ".client-target"),
  k: (at) => reach(at, "[data-cable-target]"),
  m: menuOf,
  i: lookInto,
  b: () => document.querySelector<HTMLElement>('.visitor [data-action="region"]')?.focus(),
  r: () => press("read"),
  w: () => press("write"),
};

// listenToKeys makes them do what the list of keys says. Escape closes what is open, unless it first lets go of a region
// or closes a dialog.
export function listenToKeys(): void {
  addEventListener("keydown", (e) => {
    const at = e.target instanceof Element ? e.target : null;
    if (e.key === "Escape" && !store.grip && !store.stroke && !document.querySelector("dialog[open]")) return escape();
    if ((e.ctrlKey || e.metaKey) && !e.altKey && store.world.peek() && !at?.closest(FIELDS)) takeBack(e);
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || !store.world.peek() || at?.closest(FIELDS)) return;
    if (e.key === " " && !at?.closest("button, a, input, summary, [role=button], [role=tab]")) {
      e.preventDefault();
      return actions.run(!store.going.peek());
    }
    if (/^[1-9]$/.test(e.key)) return go(Number(e.key) - 1);
    acts[e.key]?.(at);
    if (acts[e.key]) e.preventDefault();
  });
}

// takeBack does what Control and Z, or Y, do everywhere.
function takeBack(e: KeyboardEvent): void {
  const key = e.key.toLowerCase();
  if (key !== "z" && (key !== "y" || e.shiftKey)) return;
  e.preventDefault();
  if (e.repeat) return;
  if (key === "y" || e.shiftKey) redo();
  else undo();
}

function escape(): void {
  if (store.menu.peek()) store.openMenu(null);
  else if (store.why.peek()) store.closeWhy();
  else if (store.legendOpen.peek()) store.openLegend(false);
  else if (store.filled.peek()) store.fill("");
}

// go shows a lane, and puts the focus onto its first region.
function go(lane: number): void {
  const w = store.world.peek();
  if (!w?.lanes[lane]) return;
  if (store.filled.peek()) store.fill(w.lanes[lane]!.name);
  store.showLane(lane);
  requestAnimationFrame(() => section(lane)?.querySelector<SVGElement>(".region")?.focus());
}

const section = (lane: number): Element | undefined => document.querySelectorAll("section.lane")[lane];

// reach puts the focus onto the one of a group of targets that has its turn.
function reach(at: Element | null, targets: string): void {
  section(laneOf(at))?.querySelector<SVGElement>(`:is(${targets})[tabindex="0"]`)?.focus();
}

// nodeOf is the node that has the focus, by its index, or the first of the region that has it.
function nodeOf(at: Element | null): number | undefined {
  const node = at?.closest("[data-node-target]")?.getAttribute("data-node-target");
  if (node) return Number(node);
  const w = store.world.peek();
  return w?.nodesOf[w.names.indexOf(at?.closest(".region")?.getAttribute("data-region") ?? "")]?.[0];
}

// lookInto opens the drawer at that node, or at the one whose menu is open.
function lookInto(at: Element | null): void {
  const open = store.menu.peek();
  const node = open?.kind === "node" ? open.index : nodeOf(at);
  if (node === undefined) return;
  const lane = open?.lane ?? laneOf(at);
  store.openMenu(null);
  store.inspect({ lane, node });
}

// menuOf opens the menu of the first node of the region that has the focus.
function menuOf(at: Element | null): void {
  const region = at?.closest(".region");
  const index = nodeOf(at);
  if (!region || index === undefined) return;
  const box = region.getBoundingClientRect();
  store.openMenu({ kind: "node", lane: laneOf(at), index, x: box.x + box.width / 2, y: box.y + box.height / 2 });
}

function press(action: string): void {
  document.querySelector<HTMLButtonElement>(`.visitor [data-action="${action}"]`)?.click();
}

// fill has the lane that has the focus, or the one shown, fill the stage, or shows all again.
function fill(at: Element | null): void {
  if (store.why.peek()) store.closeWhy();
  store.fill(store.filled.peek() ? "" : (store.world.peek()?.lanes[laneOf(at)]?.name ?? ""));
}

// laneOf is the lane around an element; else the one shown where there is room for one, or the first that went wrong.
function laneOf(at: Element | null): number {
  const sections = [...document.querySelectorAll("section.lane")];
  const around = sections.findIndex((s) => s.contains(at));
  if (around >= 0) return around;
  const seen = sections.filter((s) => s.clientWidth > 0);
  if (seen.length === 1) return sections.indexOf(seen[0]!);
  const bad = store.lanes.peek().findIndex((l) => toneOf(l.verdict, l.scores) === "bad");
  return Math.max(bad, 0);
}
