// Tests of what the timeline's rows show, and of what is done once a frame.
import { perFrame } from "./frames";
import { around, barsOf, covered, merged, momentsOf, rowOf, snapped } from "./rows";
import { same } from "./testing";
import { breach, trouble } from "./time_words";
import type { LaneTimeline, Timeline } from "./wire";

const answer = (run: number, edge: number, lane: LaneTimeline): Timeline => ({ type: "timeline", of: 1, run, edge, lanes: [lane] });

const first: LaneTimeline = {
  reigns: [{ from: 1e6, until: -1, node: 0, term: 1 }],
  bands: [{ what: "parted", from: 2e6, until: -1, node: -1 }],
  pins: [],
};
const later: LaneTimeline = {
  reigns: [{ from: 1e6, until: 3e6, node: 0, term: 1 }, { from: 4e6, until: -1, node: 2, term: 2 }],
  bands: [{ what: "parted", from: 2e6, until: 5e6, node: -1 }, { what: "down", from: 4e6, until: -1, node: 1 }],
  pins: [{ at: 6e6, kind: "linearizable", op: 7 }, { at: 6.01e6, kind: "lost-write", op: 8 }],
};

// timelineRows runs the tests.
export function timelineRows(): void {
  const had = merged(null, answer(1, 2.5e6, first));
  const all = merged(had, answer(1, 8e6, later));
  const lane = all.lanes[0]!;
  same("what goes on ends", [lane.reigns?.map((r) => r.until), lane.bands?.map((b) => b.until), lane.pins?.length], [[3e6, -1], [5e6, -1], 2]);
  same("what is told again counts once", merged(all, answer(1, 8e6, later)), all);
  same("another run begins anew", merged(all, answer(2, 1e6, first)), { run: 2, edge: 1e6, lanes: [first] });

  const row = rowOf(lane, 10e6, 8e6);
  same("leaders", row.reigns, [{ left: 0.1, width: 0.2, open: false }, { left: 0.4, width: 0.4, open: true }]);
  same("faults", [row.links, row.machines], [[{ left: 0.2, width: 0.3, open: false }], [{ left: 0.4, width: 0.4, open: true }]]);
  same("pins", row.pins.map((p) => [p.left.toFixed(2), p.lost]), [["0.60", false], ["0.60", true]]);
  const many = { ...lane, pins: Array.from({ length: 900 }, (_, i) => ({ at: i * 1e4, kind: "lost-write", op: i })) };
  same("pins too close are one", rowOf(many, 10e6, 9e6).pins.length <= 151, true);
  const part = (left: number, width: number) => ({ left, width, open: false });
  same("what overlaps is one", covered([part(0.5, 0.1), part(0, 0.2), part(0.1, 0.3)]), [part(0, 0.4), part(0.5, 0.1)]);

  const counts = { p50: [], p99: [], stale: [], age: [], distinct: [], messages: [] };
  const bars = barsOf({ run: 1, every: 1e6, count: 2, lanes: [{ ...counts, ok: [4, 0], fail: [0, 1], info: [0, 0] }] }, 10e6);
  same("answered stand, refused hang", bars, [{ ok: "M0.0 9.0v-6.0h80.0v6.0z", fail: "M100.0 9.0v4.3h80.0v-4.3z", info: "" }]);
  const fine = barsOf({ run: 1, every: 1e4, count: 1000, lanes: [{ ...counts, ok: Array<number>(1000).fill(1), fail: [], info: [] }] }, 10e6);
  same("many points are a few bars", fine[0]?.ok.match(/M/g)?.length, 200);

  const at = around(lane, 4.5e6, 0);
  same("a moment", [at.reign?.node, at.bands.map((b) => trouble(b.what, b.node < 0 ? "" : "eu")), at.pins], [2, ["regions are apart", "eu is down"], []]);
  same("a pin nearby", around(lane, 6.005e6, 6000).pins.map((p) => breach(p.kind)), ["no longer linearizable", "a write was lost"]);
  same("nobody", around(lane, 3.5e6, 0).reign, null);
  same("moments", momentsOf(lane), [1e6, 2e6, 4e6, 5e6, 6e6, 6.01e6]);
  same("a hand means what is near", [snapped(lane, 4.9e6, 2e5), snapped(lane, 3e6, 2e5)], [5e6, 3e6]);

  const done: number[] = [];
  const paced = perFrame((v) => done.push(v));
  paced.push(1);
  paced.push(2);
  same("not before the frame", done, []);
  paced.now(3);
  same("the newest at once", done, [3]);
}
