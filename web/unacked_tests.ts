// Tests of what is sent again after the connection broke.
import type { Outgoing } from "./socket";
import { same } from "./testing";
import { unacked } from "./unacked";

// resending: what was not acknowledged goes out again under its name, in order, in the room that it was for.
export function resending(): void {
  let n = 0;
  const u = unacked(() => `n${++n}`);
  const heal = (): Outgoing => u.named({ type: "command", command: { at: 0, verb: "heal" } });
  const ids = (list: Outgoing[]) => list.map((m) => m.id);
  same("a seek has no name", u.named({ type: "seek", at: 1 }), { type: "seek", at: 1 });
  same("what has a name keeps it", u.named({ type: "command", id: "mine" }).id, "mine");
  same("nothing at first", u.entered("a"), []);
  [1, 2, 3, 4].forEach((seq) => u.sent(heal(), seq));
  u.sent({ type: "pause" }, 5);
  u.done("n2");
  u.refused(3);
  u.refused(5);
  const again = u.entered("a");
  same("what was not acknowledged", ids(again), ["n1", "n4"]);
  same("it is sent again by its name", ids(again.map(u.named)), ["n1", "n4"]);
  same("once", u.entered("a"), []);
  again.forEach((m, i) => u.sent(m, 6 + i));
  same("again, if that is not acknowledged either", ids(u.entered("a")), ["n1", "n4"]);
  u.sent(heal(), 9);
  same("not in another room", u.entered("b"), []);
  for (let i = 0; i < 100; i++) u.sent(heal(), 10 + i);
  same("no more than the server takes", u.entered("b").length, 20);
}
