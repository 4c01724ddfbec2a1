// What is wrong with a machine, as marks by its disc: a shape and a few words each, never colour alone. Pure.
import type { NodeView } from "./wire";
import { ailments } from "./words";

export type Ill = "down" | "paused" | "slow" | "fast" | "late" | "disk";

export interface Mark {
  ill: Ill;
  text: string;
}

// ills are drawn by lines around a middle point, in a box of 12 by 12.
export const ills: Record<Ill, string> = {
  down: "M-3.5-3.5 3.5 3.5M3.5-3.5-3.5 3.5",
  paused: "M-2.2-4V4M2.2-4V4",
  slow: "M-4-5H4M-4 5H4M-3-5C-3-1 3 1 3 5M3-5C3-1-3 1-3 5",
  fast: "M-1.5-2.7a3.6 3.6 0 1 0 0 7.2a3.6 3.6 0 1 0 0-7.2M-1.5-1V1H0M4-6.2V-1.8M1.8-4H6.2",
  late: "M-1.5-2.7a3.6 3.6 0 1 0 0 7.2a3.6 3.6 0 1 0 0-7.2M-1.5-1V1H0M1.8-4H6.2",
  disk: "M-4-3C-4-5.4 4-5.4 4-3V3C4 5.4-4 5.4-4 3ZM-4-3C-4-.8 4-.8 4-3",
};

// marksOf lists what is wrong with a machine, the worst first.
export function marksOf(n: NodeView): Mark[] {
  if (n.down) return [{ ill: "down", text: ailments.down }];
  const list: Mark[] = [];
  if (n.paused) list.push({ ill: "paused", text: ailments.paused });
  if (n.service) list.push({ ill: "slow", text: ailments.slow(n.service) });
  if (n.skew) list.push({ ill: n.skew > 0 ? "fast" : "late", text: ailments.skew(n.skew) });
  else if (n.drift) list.push({ ill: n.drift > 0 ? "fast" : "late", text: ailments.drift(n.drift) });
  if (n.stuck) list.push({ ill: "disk", text: ailments.stuck });
  else if (n.fsync) list.push({ ill: "disk", text: ailments.disk(n.fsync) });
  return list;
}
