// What a page looks at, as a link tells it: taken when a link is made, and shown again when one is opened.
import { nameOf } from "./causes";
import { nowhere, print, type Scene } from "./fragment";
import * as store from "./store";

const single = matchMedia("(max-width: 760px)"); // there is room for one lane, as app.css has it

// sceneNow is what the visitor looks at now.
export function sceneNow(): Scene {
  const lanes = store.world.peek()?.lanes ?? [];
  const why = store.why.peek();
  const alone = store.filled.peek() || (single.matches ? (lanes[store.shownLane.peek()]?.name ?? "") : "");
  return {
    at: momentNow(),
    lane: why ? (lanes[why.lane]?.name ?? "") : alone,
    tab: store.drawerOpen.peek() ? store.drawerTab.peek() : "",
    why: why ? why.name : null,
  };
}

// momentNow is exact where the picture stands still: the next event may be a microsecond away.
function momentNow(): number {
  const clock = store.clock.peek();
  return store.playing.peek() ? Math.round(store.now.peek() / 1000) * 1000 : clock.at;
}

// standing tells that the visitor looks at a moment, rather than at a run that goes on.
export const standing = (): boolean => !store.playing.peek() || !store.clock.peek().live;

// opened tells that something is open beside the lanes, or another lane than the first is shown.
export const opened = ({ tab, why }: Scene): boolean => tab !== "" || why !== null || store.filled.peek() !== "" || store.shownLane.peek() > 0;

// address is a link to a run, at a moment and with a view where that is asked for.
export function address(run: string, scene: Scene, moment: boolean, view: boolean): string {
  const seen = view ? scene : nowhere;
  return `${location.origin}/#${print({ ...nowhere, run, at: moment ? scene.at : null, lane: seen.lane, tab: seen.tab, why: seen.why })}`;
}

// show shows what a link says, once its moment is there. It returns the parts for which there is nothing in this run.
export function show({ lane, tab, why }: Scene): string[] {
  const i = store.world.peek()?.lanes.findIndex((l) => l.name === lane) ?? -1;
  if (i >= 0) store.showLane(i);
  if (i >= 0 && why !== null) store.explain(i, why);
  else if (i >= 0 && !single.matches && (store.world.peek()?.lanes.length ?? 0) > 1) store.fill(lane);
  if (tab) store.showTab(tab, true);
  const lost = why && !store.lanes.peek()[i]?.causes.some((c) => nameOf(c) === why);
  return [lane && i < 0 ? `lane=${lane}` : "", lost ? `why:${why.replace(" ", ".")}` : ""].filter(Boolean);
}
