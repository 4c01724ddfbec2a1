// The points of no return of the run that is shown, once they have been counted: the timeline's rows keep them in sight.
import { computed } from "@preact/signals";
import * as store from "./store";
import type { TurningView } from "./wire";

// A Return is a moment from which on breaking a promise was as likely as not, or all but certain.
export interface Return {
  lane: string;
  at: number; // microseconds
  sure: boolean;
}

export const returns = computed<Return[]>(() => {
  const [w, o] = [store.world.value, store.outcomes.value.turning];
  if (!w || !o?.result?.turning || o.room !== w.room || o.result.run !== w.run) return [];
  return returnsOf(o.result.turning);
});

// returnsOf are the marks of a count; where both moments are one, the graver alone.
export function returnsOf(t: TurningView): Return[] {
  const list: Return[] = [];
  if (t.likely && t.likely.at !== t.sure?.at) list.push({ lane: t.lane, at: t.likely.at, sure: false });
  if (t.sure) list.push({ lane: t.lane, at: t.sure.at, sure: true });
  return list;
}
