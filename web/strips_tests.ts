// Tests of what stands by the nodes: how changes apply, and how rings, logs and faults of cables are drawn.
import { groupOf } from "./group";
import { faultOf } from "./faults";
import { cellsOf, lastOf } from "./ledger";
import { leftOf, ringsOf, STEPS, tallyOf } from "./rings";
import { besideOf, moved } from "./strips";
import { same } from "./testing";
import type { LogStrip, LogView } from "./wire";

const entry = (index: number, value = index * 10): LogStrip => [index, 1, index, value, 0];

export function strips(): void {
  const before = besideOf({ timers: [null, [{ name: "election", from: 0, until: 10 }]], logs: [{ durable: 2, commit: 1, entries: [1, 2, 3].map((i) => entry(i)) }], tallies: [null, null] });
  same("nothing changes", moved(before, {}) === before, true);
  const after = moved(before, { timers: { 1: null }, logs: { 0: { durable: 4, commit: 2, dropped: 1, kept: 1, entries: [entry(3, 99)] } } });
  same("timers go", after.timers, [[], []]);
  same("a log is patched", [after.logs[0]!.commit, after.logs[0]!.entries!.map((e) => e[3])], [2, [20, 99]]);
  rings();
  logs();
  cables();
}

function rings(): void {
  const g = groupOf(1, 27, false);
  const [first, second] = ringsOf([{ name: "round", from: 0, until: 50 }, { name: "election", from: 0, until: 100 }], g);
  same("two rings", [first!.look, second!.look], ["election", "round"]);
  same("runs down", [leftOf(first!, 0), leftOf(first!, 50), leftOf(first!, 200)], [STEPS, STEPS / 2, 0]);
  const suspicion = ringsOf([{ name: "suspicion", peer: 1, from: 0, until: 100 }, { name: "suspicion", peer: 2, from: 0, until: 80 }], g)[0]!;
  same("the nearest suspicion, once it is near", [suspicion.until, leftOf(suspicion, 10), leftOf(suspicion, 40)], [80, 0, STEPS / 2]);
  const tally = tallyOf([{ op: 4, what: "read", have: 1, need: 3 }, { op: 2, what: "write", have: 3, need: 3 }], g)!;
  same("the latest tally", [tally.what, tally.on.split("M").length - 1, tally.off.split("M").length - 1], ["read", 1, 2]);
}

function logs(): void {
  const log = (commit: number, ...list: number[]): LogView => ({ durable: 0, commit, entries: list.map((i) => entry(i)) });
  const [a, b] = [log(3, 2, 3, 4), log(2, 1, 2)];
  same("the last of all", lastOf([a, b]), 4);
  const cells = cellsOf([a, b], 4, 0, (value) => value / 10);
  const row = (n: number) => cells.slice(8 * n + 4, 8 * n + 8).map((c) => `${c.look} ${c.ink}`);
  same("one log", row(0), ["old -1", "committed 2", "committed 3", "open 4"]);
  same("one that lags", row(1), ["committed 1", "committed 2", "missing -1", "missing -1"]);
}

function cables(): void {
  same("one way", [faultOf({ there: { cut: true }, back: {} }, true).torn, faultOf({ there: { cut: true }, back: {} }, true).stops], [false, { there: "cut", back: "" }]);
  same("both ways", faultOf({ there: { cut: true }, back: { parted: true } }, true).torn, true);
  same("for some", faultOf({ there: { cut: true, some: true }, back: {} }, true).look, "partly");
  same("worst first", faultOf({ there: { more: 5, drop: 10 }, back: { held: true } }, false).look, "held");
}
