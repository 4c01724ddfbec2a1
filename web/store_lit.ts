// The part of the store that is about another run, with which this one is compared. Others come by it through store.ts.
import { signal } from "@preact/signals";
import { touch } from "./store_paint";

// A Contrast is in what the lane shown differs from the same lane of the other run.
export interface Contrast {
  nodes: ReadonlySet<string>;
  scores: ReadonlySet<string>; // by the names that people see
  messages: ReadonlySet<number>;
}

export const contrast = signal<Contrast | null>(null); // null where the run is shown for itself

export function setContrast(c: Contrast): void {
  contrast.value = c;
  touch();
}

// since is from when on all messages are known.
export const since = signal(0);

export function knowSince(at: number): void {
  since.value = at;
}
