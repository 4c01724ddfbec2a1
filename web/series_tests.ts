// Tests of what the drawer's tabs draw and show.
import { faultName, figure, reasonAt } from "./drawer_words";
import { faultsOf, grown, inForce, lastOf, lineOf, since, timesOf } from "./series";
import { caretAt, linesOf } from "./script_text";
import { same } from "./testing";
import type { Command, LaneSeries, Series } from "./wire";

const lane = (ok: number[], p50: number[] = ok.map(() => -1)): LaneSeries => ({ ok, fail: ok, info: ok, p50, p99: p50, stale: ok, age: ok, distinct: ok, messages: ok });
const answer = (from: number, every: number, ...lanes: LaneSeries[]): Series => ({ type: "series", of: 1, run: 1, every, from, lanes });

// series runs the tests.
export function series(): void {
  const first = grown(null, answer(0, 250_000, lane([1, 2, 3], [5000, -1, 7000])))!;
  same("all points", [first.count, since(first), first.lanes[0]?.ok], [3, 250_000, [1, 2, 3]]);
  const more = grown(first, answer(1, 250_000, lane([2, 4, 5], [-1, 9000, -1])))!;
  same("the last ones grow", [more.count, more.lanes[0]?.ok, lineOf(more, 0, "p50")], [4, [1, 2, 4, 5], [5, null, 9, null]]);
  same("coarser ones", grown(first, answer(1, 500_000, lane([2]))), null);
  same("those of another run", grown(first, { ...answer(2, 250_000, lane([2])), run: 2 }), null);
  same("all of another run", grown(first, { ...answer(0, 250_000, lane([2])), run: 2 })?.count, 1);
  same("a rate counts a second", lineOf(grown(null, answer(0, 250_000, lane([1, 1, 1, 1, 0, 0])))!, 0, "ok"), [4, 4, 4, 4, 3, 2]);
  same("of coarse points one", lineOf(grown(null, answer(0, 2_000_000, lane([4, 0])))!, 0, "ok"), [2, 0]);
  same("the most values in a second", lineOf(grown(null, answer(0, 500_000, lane([1, 3, 1, 1])))!, 0, "distinct"), [1, 3, 3, 1]);
  same("the times of points", timesOf(more, 900_000), [0.25, 0.5, 0.75, 0.9]);
  same("the latest value", [lastOf([1, null, 3, null], 1), lastOf([null], 0), lastOf([1, null, 3, null], 9)], [1, null, 3]);

  const commands: Command[] = [
    { at: 2e6, verb: "partition", groups: [["eu"]] },
    { at: 3e6, verb: "crash", node: "us/1" },
    { at: 4e6, verb: "partition", groups: [["ap"]] },
    { at: 5e6, verb: "write", region: "eu", value: 1 },
    { at: 6e6, verb: "heal" },
  ];
  const faults = faultsOf(commands);
  same("faults", faults.map((f) => [f.from, f.to === Infinity ? "on" : f.to]), [[2, 4], [3, "on"], [4, 6]]);
  same("those at a moment", inForce(faults, 3.5).map((f) => faultName(f.command, ["us", "eu", "ap"])), ["eu away", "crash us/1"]);
  const slow: Command = { at: 1e6, verb: "slow", node: "us/1", by: 5000 };
  const delay: Command = { at: 2e6, verb: "delay", from: "us", to: "eu", by: 5000 };
  same("what is set lasts until it is set again", faultsOf([slow, delay, { ...slow, at: 3e6, by: 0 }]).map((f) => [f.from, f.to === Infinity ? "on" : f.to]), [[1, 3], [2, "on"]]);
  same("a cut", faultName({ at: 0, verb: "cut", from: "eu", to: "ap", one_way: true, lane: "strong" }, []), "strong cut eu → ap");
  same("figures", [figure("p99", 2000), figure("p50", 4.25), figure("ok", 3), figure("distinct", 2), figure("age", null)], ["2.00 s", "4.3 ms", "3.0", "2", "–"]);

  same("the caret", [caretAt("ab\ncd\nef", 2, 2), caretAt("ab\né€x", 2, 6), caretAt("ab", 9, 99)], [4, 5, 2]);
  same("lines", [linesOf(""), linesOf("a\nb\n")], [1, 3]);
  same("a reason", [reasonAt("script: 7:13: expected a protocol"), reasonAt("script: line 2 is odd"), reasonAt("edit: no")], ["expected a protocol", "line 2 is odd", "edit: no"]);
}
