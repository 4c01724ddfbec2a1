// The part of the store that is about where the run has come from and what has branched off from it. Others come by it
// through store.ts.
import { batch, computed, signal } from "@preact/signals";
import type { Branch, Delta, Parent, State } from "./wire";

export const parent = signal<Parent | null>(null);
export const branches = signal<Branch[]>([]);
const undone = signal(false); // an undo has led here, and nothing has been done since
export const redoable = computed(() => undone.value);

// setForks takes in what a full state says of a room's kin.
export function setForks(s: State): void {
  batch(() => {
    parent.value = s.parent ?? null;
    branches.value = s.branches ?? [];
    undone.value = Boolean(s.parent?.undone) && !s.parent?.first && s.run === 1;
  });
}

// amendForks takes in what has changed. What has been done here cannot be undone by a redo.
export function amendForks(d: Delta): void {
  if (d.branches) branches.value = d.branches;
  if (d.log?.added?.length) undone.value = false;
}
