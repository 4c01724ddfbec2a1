// The part of the store that is about the transport: what steps go to, and where. Others come by it through store.ts.
import { signal } from "@preact/signals";
import type { Goal } from "./time_words";

export const goal = signal<Goal>("event"); // what a step goes to
export const goalLane = signal(""); // in which lane; "" for any

export function stepBy(to: Goal): void {
  goal.value = to;
}

export function stepIn(lane: string): void {
  goalLane.value = lane;
}
