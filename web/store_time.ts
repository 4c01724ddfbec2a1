// The part of the store that is about the transport: what steps go to, and where. Others come by it through store.ts.
import { signal } from "@preact/signals";
import { keep, kept } from "./keeping";
import { goals, type Goal } from "./time_words";

const KEY = "netsplit-step";

export const goal = signal<Goal>(goals.find((g) => g === kept(KEY)) ?? "event"); // what a step goes to
export const goalLane = signal(""); // in which lane; "" for any

export function stepBy(to: Goal): void {
  goal.value = to;
  keep(KEY, to);
}

export function stepIn(lane: string): void {
  goalLane.value = lane;
}
