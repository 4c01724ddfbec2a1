// Keys that work anywhere on the page.
import { toneOf } from "./panel_words";
import * as store from "./store";

// listenToKeys makes v open, and close, why the verdict is what it is: of the lane that has the focus, or the one shown.
// f has that lane fill the stage, or shows all again. d opens and closes the drawer.
// Escape closes it too, unless it first lets go of a region or closes a dialog.
export function listenToKeys(): void {
  addEventListener("keydown", (e) => {
    if (e.key === "Escape" && store.why.peek() && !store.grip && !document.querySelector("dialog[open]")) return store.closeWhy();
    if (e.key === "Escape" && store.filled.peek() && !store.grip && !document.querySelector("dialog[open]")) return store.fill("");
    if (!["v", "f", "d"].includes(e.key) || e.ctrlKey || e.metaKey || e.altKey || e.repeat || !store.world.peek()) return;
    const at = e.target instanceof Element ? e.target : null;
    if (at?.closest("input, select, textarea, dialog[open]")) return;
    if (e.key === "f") return fill(at);
    if (e.key === "d") return store.openDrawer(!store.drawerOpen.peek());
    if (store.why.peek()) store.closeWhy();
    else store.explain(laneOf(at));
  });
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
