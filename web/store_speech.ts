// The part of the store that is about what visitors ask as clients, so that they can be told the answers. Others come by it
// through store.ts.
import { signal } from "@preact/signals";
import { kindOf, latestOf, type Asked } from "./speech";
import type { Verb } from "./wire";
import type { Lane, World } from "./world";

const MOST = 8; // operations whose answers are waited for

export const awaited = signal<Asked[]>([]);

// expect notes that a visitor asks something as a client, in every lane or in one.
export function expect(world: World | null, lanes: readonly Lane[], verb: Verb, who: string, amount: number, only: string): void {
  if (!world) return;
  const client = world.clients.findIndex((c) => c.name === who || world.names[c.region] === who);
  const after = world.lanes.map((l, i) => (only === "" || only === l.name ? latestOf(lanes[i]) : -1));
  const open = awaited.peek().filter((a) => a.after.some((n) => n >= 0));
  awaited.value = [...open, { who, client, kind: kindOf(verb), amount, after }].slice(-MOST);
}
