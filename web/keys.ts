// Keys that work anywhere on the page.
import { toneOf } from "./panel_words";
import * as store from "./store";

// listenToKeys makes v open, and close, why the verdict is what it is: of the lane that has the focus, or the one shown.
// d opens and closes the drawer, l the legend. Escape closes why and the legend too, unless it first lets go of a region
// or closes a dialog.
export function listenToKeys(): void {
  addEventListener("keydown", (e) => {
    if (e.key === "Escape" && !store.grip && !document.querySelector("dialog[open]")) {
      if (store.why.peek()) return store.closeWhy();
      if (store.legendOpen.peek()) return store.openLegend(false);
    }
    if (!["v", "d", "l"].includes(e.key) || e.ctrlKey || e.metaKey || e.altKey || e.repeat || !store.world.peek()) return;
    const at = e.target instanceof Element ? e.target : null;
    if (at?.closest("input, select, textarea, dialog[open]")) return;
    if (e.key === "d") store.openDrawer(!store.drawerOpen.peek());
    else if (e.key === "l") store.openLegend(!store.legendOpen.peek());
    else if (store.why.peek()) store.closeWhy();
    else store.explain(laneOf(at));
  });
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
