// Tests of the pure parts of the client, to be bundled and run anywhere:
//
//	go run -modfile=tools.mod web/build.go web/tests.ts OUT && node OUT
//
// In a browser the result is in the title: "ok", or the number of failures; the console has the failures.
import { overlap, type Box, type Point } from "./curve";
import { awaySpots, footprints, frame } from "./layout";
import { spotOf, type Sky } from "./packets";
import { amendLog, awayFlags, awaySince, bands, move } from "./partition";
import { boxOf, place } from "./placing";
import { createPlayback, MAX_QUEUE } from "./playback";
import { describe, sceneOf, type View } from "./scene";
import { gather, headlineAt, latestFirst, type Known } from "./stories";
import { createPalette, INKS } from "./values";
import { badgeOf, protocolOf, saying, tell, toneOf } from "./words";
import type { ClientState, Clock, Delta, Errand, Scores, Story } from "./wire";

const failures: string[] = [];

function same(what: string, got: unknown, want: unknown): void {
  const [g, w] = [JSON.stringify(got), JSON.stringify(want)];
  if (g !== w) failures.push(`${what}: got ${g}, want ${w}`);
}

const names = ["us-east-1", "eu-west-1", "ap-south-1"];
const places: Point[] = [
  { x: 284.8, y: 124.9 },
  { x: 482.6, y: 85.1 },
  { x: 702.4, y: 180.3 },
];

function partitions(): void {
  same("one away", awayFlags([0, 1, 0]), [false, true, false]);
  same("written as two groups", awayFlags([2, 1, 2]), [false, true, false]);
  same("each alone", awayFlags([1, 0, 2]), [true, false, true]);
  same("send away", move([0, 0, 0], names, "eu-west-1", true).groups, [["eu-west-1"]]);
  same("send another away", move([0, 1, 0], names, "ap-south-1", true).groups, [["eu-west-1"], ["ap-south-1"]]);
  same("bring one home", move([0, 1, 2], names, "eu-west-1", false).groups, [["ap-south-1"]]);
  same("bring the last home", move([0, 1, 0], names, "eu-west-1", false).verb, "heal");
  const log = [
    { at: 2e6, verb: "partition", groups: [["eu-west-1"]] },
    { at: 3e6, verb: "partition", groups: [["eu-west-1"], ["ap-south-1"]] },
    { at: 5e6, verb: "heal" },
  ] as const;
  const commands = log.map((c) => ({ ...c, groups: "groups" in c ? c.groups.map((g) => [...g]) : undefined }));
  const amended = amendLog(commands, { from: 1, dropped: 2, added: [{ at: 4e6, verb: "heal" }] });
  same("a change of the log", amended.map((c) => c.at), [2e6, 4e6]);
  same("an addition to the log", amendLog(amended, { from: 2, dropped: 0, added: commands }).length, 5);
  same("a log that only loses", amendLog(commands, { from: 0, dropped: 3, added: null }), []);
  same("since", awaySince(commands, names, 4e6), [null, 2e6, 3e6]);
  same("since, after the heal", awaySince(commands, names, 6e6), [null, null, null]);
  same("bands", bands(commands, names).map((b) => [b.from, b.to, b.regions.length]), [[2e6, 3e6, 1], [3e6, 5e6, 2]]);
}

function clocks(): void {
  const clock = (at: number): Clock => ({ at, edge: at, live: true, playing: true, speed: 0.2, ended: false });
  const delta = (at: number): Delta => ({ type: "delta", seq: 0, clock: clock(at), lanes: [] });
  const p = createPlayback();
  p.reset(clock(0));
  let applied = 0;
  let before = 0;
  let largest = 0;
  for (let frame = 0; frame < 600; frame++) {
    if (frame % 4 === 0) p.push(delta(((frame / 4 + 1) * 1e6 * 0.2) / 15));
    applied += p.advance(1000 / 60).length;
    if (frame > 60) largest = Math.max(largest, p.now - before);
    if (p.now < before) failures.push("the picture's clock went back");
    before = p.now;
  }
  const perFrame = (1e6 * 0.2) / 60;
  if (largest > perFrame * 1.3) failures.push(`the picture's clock jumped ${largest} µs in a frame of ${perFrame}`);
  if (applied < 140) failures.push(`${applied} of 150 deltas were applied`);
  for (let i = 0; i < MAX_QUEUE + 5; i++) applied += p.push(delta(3e6 + i)).length;
  if (p.advance(0).length > MAX_QUEUE) failures.push("the queue has no end");
}

function colours(): void {
  const p = createPalette();
  p.show([500, 500, 300]);
  const first = p.inkOf(500);
  same("two values, two colours", first !== p.inkOf(300), true);
  p.show([300]);
  p.show([300, 500]);
  same("a value that comes back", p.inkOf(500), first);
  p.show(Array.from({ length: INKS }, (_, i) => i));
  same("as many colours as there are", new Set(Array.from({ length: INKS }, (_, i) => p.inkOf(i))).size, INKS);
}

// placings checks, for every stage size and set of regions away, that no bubble covers a node or another bubble.
function placings(): void {
  for (const [w, h] of [[450, 430], [315, 370], [362, 388], [560, 520]] as const) {
    const f = frame(places, w, h, w < 380 ? 140 : 152);
    const spots = awaySpots(f);
    for (let set = 0; set < 7; set++) {
      const away = places.map((_, i) => (set & (1 << i)) !== 0);
      const rest = places.map((_, i) => (away[i] ? spots[i]! : f.home[i]!));
      const cables = [{ from: 0, to: 1 }, { from: 0, to: 2 }, { from: 1, to: 2 }];
      const cut = cables.map((c) => Boolean(away[c.from] || away[c.to]));
      const { slots } = place(f, { rest, away, cables, cut, stub: 0.24, foot: 0 });
      const boxes = slots.map((s, i) => boxOf(s, rest[i]!));
      const prints = rest.flatMap((p, i) => footprints(f, p, away[i]!));
      const what = `${w}x${h}, away ${away}`;
      boxes.forEach((b, i) => fits(`${what}, bubble of ${names[i]}`, b, w, h, [...prints, ...boxes.slice(i + 1)]));
    }
  }
}

function fits(what: string, b: Box, w: number, h: number, others: Box[]): void {
  if (b.x < 0 || b.y < 0 || b.x + b.w > w || b.y + b.h > h) failures.push(`${what} leaves the stage`);
  const covered = others.reduce((s, o) => s + overlap(b, o), 0);
  if (covered > 60) failures.push(`${what} covers ${Math.round(covered)} square pixels of others`);
}

const errand = (part: Partial<Errand>): Errand => ({
  id: 1, client: 4, kind: "withdraw", key: "balance", amount: 50, start: 0, end: 1, outcome: "ok", balance: 300, ...part,
});
const told = (part: Partial<Errand>, rest: Partial<ClientState> = {}): string | undefined =>
  saying({ asking: null, told: errand(part), stale: null, ...rest })?.main;

function words(): void {
  same("ok", told({}), "took $50, $300 left");
  same("funds", told({ reason: "funds", balance: 20 }), "not enough money: $20");
  same("refused", told({ outcome: "fail", reason: "too-few", have: 1, need: 2 }), "refused: 1 of 2 replicas");
  same("no leader", told({ outcome: "fail", reason: "no-leader" }), "refused: no leader");
  same("no answer", told({ outcome: "info", kind: "look" }), "no answer: balance");
  same("stale", told({ kind: "look", balance: 500 }, { stale: { age: 4_100_000, behind: 2 } }), "stale: $500, 4.1 s old");
  const loss: Story = {
    at: 6e6, kind: "lost", node: -1, peer: -1, n: 3,
    loss: { op: 3, client: 1, kind: "deposit", amount: 120, value: 420, acked: 4.2e6, over: 5, over_by: 0, over_value: 300, unseen: true },
  };
  const telling = { regions: names, away: [], were: [], commands: [], protocol: "gossip" };
  const sentence = "The deposit of $120 that eu-west-1 was told “ok” for at 4.20 s is gone: last writer wins, and $300, written in us-east-1 later without having seen it (the regions were parted), took its place.";
  same("a loss", tell(loss, telling), sentence);
  same("a loss without a rule", tell(loss, { ...telling, protocol: "raft" }), sentence.replace("last writer wins, and ", ""));
  const violated: Story = { at: 6e6, kind: "violated", node: -1, peer: -1, n: 9 };
  same("a violation", /after operation 9,/.test(tell(violated, telling)), true);
  const find = { client: 1, value: 380, at: 2.84e6, by: 2, newer: 360, known: 2.2e6, shown: false };
  same("a violation and why", tell({ ...violated, find }, telling),
    "Not linearizable: eu-west-1 was told $380 at 2.84 s, although ap-south-1's write of $360 had already been acknowledged at 2.20 s.");
  same("Raft", protocolOf({ name: "strong", protocol: "raft", knobs: [{ name: "leader", value: "eu-west-1" }] }), "Raft");
  same("gossip", protocolOf({ name: "eventual", protocol: "gossip", knobs: [] }), "gossip, last writer wins");
  same("quorum", protocolOf({ name: "quorum", protocol: "quorum", knobs: [{ name: "n", value: "3" }, { name: "r", value: "2" }] }), "n 3 · r 2, last writer wins");
  const silent = { operations: 0, lost_writes: 0 } as Scores;
  const fine = { linearizable: "yes", violation_at: 0, covers: 0 } as const;
  same("nothing good to say yet", toneOf(fine, silent), "open");
  same("good", toneOf(fine, { ...silent, operations: 1 }), "good");
  same("a badge", badgeOf({ ...fine, linearizable: "no" }, { ...silent, lost_writes: 1 }), "1 write lost, not linearizable");
  same("no badge", badgeOf(fine, silent), "");
  const part: Story = { at: 2e6, kind: "partition", node: -1, peer: -1, n: 2 };
  const known = knownOf(["eu-west-1"]);
  const once = gather([[part], [{ ...part, n: 3 }, loss]], known, [], (at) => at / 1000);
  same("one fault, one story", once.map((t) => [t.lane, t.lost]), [["", 5], ["eventual", 3]]);
}

// knownOf has a partition a second, from 2 s on; an empty one is a heal.
function knownOf(...log: string[][]): Known {
  const lanes = [{ name: "strong", protocol: "raft" }, { name: "eventual", protocol: "gossip" }];
  const commands = log.map((away, i) =>
    away.length === 0 ? { at: (i + 2) * 1e6, verb: "heal" as const } : { at: (i + 2) * 1e6, verb: "partition" as const, groups: away.map((r) => [r]) });
  return { names, lanes, commands };
}

// partings checks that a partition's story tells what has changed, not who is away.
function partings(): void {
  const told = (n: number, ...log: string[][]) =>
    gather([[{ at: log.length * 1e6 + 1e6, kind: "partition", node: -1, peer: -1, n }]], knownOf(...log), [], () => 0)[0]?.text;
  const [us, eu, ap] = names as [string, string, string];
  same("one goes", told(2, [eu]), "eu-west-1 drifts away: 2 messages are lost on the cables.");
  same("two go", told(0, [eu, us]), "us-east-1 and eu-west-1 drift away.");
  same("another goes", told(1, [eu], [eu, us]), "us-east-1 drifts away too: 1 message is lost on the cables.");
  same("the other comes home", told(0, [eu], [eu, us], [eu]), "us-east-1 comes home; eu-west-1 is still away.");
  same("one comes, one goes", told(0, [eu], [ap]), "eu-west-1 comes home; ap-south-1 drifts away.");
  same("one goes after a heal", told(0, [eu], [], [us]), "us-east-1 drifts away.");
  same("nobody goes", told(0, [eu], [eu]), "The regions are parted anew.");
}

function headlines(): void {
  const story = (kind: Story["kind"], at: number): Story => ({ at: at * 1e6, kind, node: 0, peer: 1, n: 1 });
  const list = gather([[story("suspect", 1), story("lost", 2), story("lost", 2), story("heal", 5), story("elected", 6)]], knownOf(), [], (at) => at / 1000);
  const at = (s: number, n = list.length) => headlineAt(list.slice(0, n), s * 1000).told;
  same("nothing yet", headlineAt([], 0), { told: null, until: Infinity });
  same("a loss is told at once, the first of several", at(2.1, 3)?.id, list[1]!.id);
  same("a loss waits for the visitor's own fault", at(5.5)?.kind, "heal");
  same("and comes back after it", at(8.1)?.id, list[1]!.id);
  same("for as long as it has", at(16.9)?.id, list[1]!.id);
  same("then the latest is told", at(17.1)?.kind, "elected");
  same("when it changes next", headlineAt(list, 9000).until, 10_000);
  const past = latestFirst(list).map((t) => `${t.kind} ${t.at / 1e6}`);
  same("the list", past, ["elected 6", "heal 5", "lost 2", "lost 2", "suspect 1"]);
  same("one instant, oldest first", latestFirst(list)[2]!.id < latestFirst(list)[3]!.id, true);
}

function flights(): void {
  const from = { x: 0, y: 0 };
  const to = { x: 100, y: 0 };
  const sky: Sky = {
    now: 50, fade: 10, stub: 0.25, calm: false, looks: ["data"],
    curves: [{ from, bend: { x: 50, y: 0 }, to }],
    route: new Map([[1, { cable: 0, back: false }], [100, { cable: 0, back: true }]]),
  };
  const flight = { from: 0, to: 1, kind: 0, sent: 0, due: 100, lost: -1 };
  same("half way", spotOf(flight, sky)?.p.x, 50);
  same("the other way", spotOf({ ...flight, from: 1, to: 0 }, { ...sky, now: 25 })?.p.x, 75);
  same("arrived", spotOf(flight, { ...sky, now: 101 }), null);
  same("lost on the way", spotOf({ ...flight, lost: 45 }, sky), { p: { x: 45, y: 0 }, left: 0.5, lost: true });
  same("sent into a cut cable", spotOf({ ...flight, lost: 0 }, { ...sky, now: 26 })?.p.x, 25);
  same("gone", spotOf({ ...flight, lost: 45 }, { ...sky, now: 60 }), null);
}

function scenes(): void {
  const f = frame(places, 450, 430, 152);
  const cables = [{ from: 0, to: 1, round_trip: 69_558 }];
  const view: View = {
    lane: "strong", names, cables, losses: [], stub: 0.24, held: -1, now: 5.4e6, hold: 1e6, frame: f, at: f.home, slack: [1],
    nodes: [{ value: 300, version: 2, role: "leader", term: 3 }, { value: 500, version: 0, role: "leader", term: 2 }, { value: 300, version: 2 }],
    clients: names.map(() => ({ asking: null, told: null, stale: null })),
    away: [false, true, false], since: [null, 2e6, null], cut: [true],
    placing: place(f, { rest: f.home, away: [false, true, false], cables, cut: [true], stub: 0.24, foot: 0 }),
    inkOf: (v) => (v === 300 ? 1 : 2),
    widthOf: (text, size) => text.length * size * 0.5,
  };
  const lines = describe(sceneOf(view)).replace(/-?\d+(\.\d+)?,-?\d+(\.\d+)?/g, "AT").split("\n");
  same("nodes", lines.filter((l) => l.startsWith("node")), [
    "node us-east-1 AT $300 ink 1 solid crown term 3",
    "node eu-west-1 AT $500 ink 2 hollow crown term 2 away 3.4 s",
    "node ap-south-1 AT $300 ink 1",
  ]);
  const ill: View = { ...view, nodes: [{ ...view.nodes[0]!, role: "", down: true }, view.nodes[1]!, { ...view.nodes[2]!, paused: true }], away: [false, false, false] };
  const drawn = sceneOf(ill).nodes;
  same("states", drawn.map((n) => n.state), ["down", "", "paused"]);
  same("a node that is down says so", drawn[0]!.label, "us-east-1, Strong: down, $300 on its disk. Enter sends it away");
  same("a leader is not outrun by one that is down", drawn[1]!.crown, "solid");
  same("a paused node says so", drawn[2]!.label, "ap-south-1, Strong: paused, $300. Enter sends it away");
  same("a torn cable has two ends", sceneOf(view).cables[0]!.ends.length, 2);
}

for (const test of [partitions, clocks, colours, placings, words, partings, headlines, flights, scenes]) test();
for (const failure of failures) console.error(failure);
if (failures.length === 0) console.log("ok");
if (typeof document !== "undefined") document.title = failures.length === 0 ? "ok" : `${failures.length} failures`;
