// What a visitor reads about branches: undo, redo, the tree, and two runs side by side.
import { faultName } from "./drawer_words";
import type { Command } from "./wire";
import { seconds } from "./words";

export const forks = {
  label: "Undo, redo and branches",
  undo: "Undo: a branch without what was done last",
  nothing: "Nothing has been done by this moment",
  redo: "Redo: back to where it was done",
  nothingUndone: "Nothing was undone on the way here, or something else has been done since",
  branches: "Branches",
  here: (at: number) => `Fork here, at ${seconds(at)}`,
  forkAnd: "Fork here and do it",
  why: "A branch is a run of its own. It is the same up to here; what came after stays where it was.",
  parent: "Where this run has come from",
  current: "This run",
  branch: (at: number) => `Branch at ${seconds(at)}`,
  onlyHere: (what: string) => `only here: ${what}`,
  onlyThere: (what: string) => `only there: ${what}`,
  untouched: "nothing else has been done there yet",
  same: (at: number) => `the same up to ${seconds(at)}`,
  compare: "Compare",
  compareWith: (what: string) => `Compare side by side: ${what}`,
  rebuilt: "The room had ended. This one is the same, up to where it was left.",
} as const;

// doing says what a command did, shortly. names are those of the regions.
export function doing(c: Command, names: readonly string[]): string {
  if (!c.region) return faultName(c, names);
  return [c.lane, `${c.region}: ${c.verb}`, c.value].filter((part) => part !== undefined && part !== "").join(" ");
}
