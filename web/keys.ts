// Keys that work anywhere on the page.
import { toneOf } from "./panel_words";
import * as store from "./store";

// listenToKeys makes v open, and close, why the verdict is what it is: of the lane that has the focus, or the one shown.
// l does the same with the legend. Escape closes both, unless it first lets go of a region or closes a dialog.
export function listenToKeys(): void {
  addEventListener("keydown", (e) => {
    if (e.key === "Escape" && store.why.peek() && !store.grip && !document.querySelector("dialog[open]")) return store.closeWhy();
    if (e.key === "Escape" && store.legendOpen.peek() && !store.grip && !document.querySelector("dialog[open]")) return store.openLegend(false);
    if ((e.key !== "v" && e.key !== "l") || e.ctrlKey || e.metaKey || e.altKey || e.repeat || !store.world.peek()) return;
    const at = e.target instanceof Element ? e.target : null;
    if (at?.closest("input, select, textarea, dialog[open]")) return;
    if (e.key === "l") store.openLegend(!store.legendOpen.peek());
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
