// The part of the store that is about the lanes themselves: which one fills the stage, and what changes them. Others come
// by it through store.ts.
import { signal } from "@preact/signals";
import type { Catalog, Restart } from "./wire";

// A SetupOpen is a form that sets a lane, or adds one.
export interface SetupOpen {
  lane: string; // "" for one more
  sent: number; // the message that is under way; 0 for none
  refusal: string; // why the last one was refused
}

export const restarted = signal<Restart | null>(null); // why the run has just begun anew, until that is dismissed
export const filled = signal(""); // the lane that fills the stage; "" for none
export const setup = signal<SetupOpen | null>(null); // the form that is open
export const catalog = signal<Catalog | null>(null); // once it was needed

// fill has one lane fill the stage; "" shows them all.
export function fill(lane: string): void {
  filled.value = lane;
}

// set opens the form that sets a lane, or with "" adds one; null closes it.
export function set(lane: string | null): void {
  setup.value = lane === null ? null : { lane, sent: 0, refusal: "" };
}

// asked notes that what the form says is under way, or was refused.
export function asked(sent: number, refusal = ""): void {
  const open = setup.peek();
  if (open) setup.value = { ...open, sent, refusal };
}

export function learn(c: Catalog): void {
  catalog.value = c;
}

export function dismissRestart(): void {
  restarted.value = null;
}
