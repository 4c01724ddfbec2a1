// German: branches: undo, redo, the tree, and two runs side by side.
import type * as en from "../fork_words";
import { faultName } from "./drawer_words";
import type { Like } from "./like";
import { seconds } from "./words";

export const forks: Like<typeof en.forks> = {
  label: "Rückgängig, wiederholen und Zweige",
  undo: "Rückgängig: ein Zweig ohne das zuletzt Getane",
  nothing: "Bis hierher wurde nichts getan",
  redo: "Wiederholen: zurück dorthin, wo es getan wurde",
  nothingUndone: "Auf dem Weg hierher wurde nichts rückgängig gemacht, oder seither wurde anderes getan",
  branches: "Zweige",
  here: (at) => `Hier abzweigen, bei ${seconds(at)}`,
  forkAnd: "Hier abzweigen und es tun",
  why: "Ein Zweig ist ein eigener Lauf. Bis hierher ist er gleich; was danach kam, bleibt, wo es war.",
  parent: "Woher dieser Lauf kommt",
  current: "Dieser Lauf",
  branch: (at) => `Zweig bei ${seconds(at)}`,
  onlyHere: (what) => `nur hier: ${what}`,
  onlyThere: (what) => `nur dort: ${what}`,
  untouched: "dort wurde noch nichts anderes getan",
  same: (at) => `gleich bis ${seconds(at)}`,
  compare: "Vergleichen",
  compareWith: (what) => `Nebeneinander vergleichen: ${what}`,
  rebuilt: "Der Raum war beendet. Dieser ist derselbe, bis dahin, wo er verlassen wurde.",
};

export const doing: typeof en.doing = (c, names) => {
  if (!c.region) return faultName(c, names);
  return [c.lane, `${c.region}: ${c.verb}`, c.value].filter((part) => part !== undefined && part !== "").join(" ");
};
