// Tests of the pure parts of the client, to be bundled and run anywhere:
//
//	go run -modfile=tools.mod web/build.go web/tests.ts OUT && node OUT
//
// In a browser the result is in the title: "ok", or the number of failures; the console has the failures.
import { at, distance, overlap, type Box, type Point } from "./curve";
import { awaySpots, footprints, frame } from "./layout";
import { covering, crowdedLayouts, crowning, pulling } from "./layout_tests";
import { speech } from "./speech_tests";
import { strips } from "./strips_tests";
import { groupOf, perch } from "./group";
import { spotOf, type Sky } from "./packets";
import { fragments, inverses, links, texts } from "./fragment_tests";
import { badgeOf, protocolOf, toneOf } from "./panel_words";
import { amendLog, awayFlags, awaySince, bands, move } from "./partition";
import { boxOf, place } from "./placing";
import { createPlayback, MAX_QUEUE } from "./playback";
import { describe, sceneOf, type View } from "./scene";
import { gather, headlineAt, latestFirst, type Known } from "./stories";
import { series } from "./series_tests";
import { createPalette, INKS } from "./values";
import { along, turned, wireOf } from "./wires";
import { tell } from "./tellings";
import { cutting, siding } from "./grab_tests";
import { healings } from "./healing_tests";
import { timelineRows } from "./rows_tests";
import { contrasts } from "./differ_tests";
import { failures, same } from "./testing";
import { resending } from "./unacked_tests";
import { orderings } from "./embed_tests";
import { chances, curves, sentences } from "./luck_tests";
import { bubbles, levels, presetLanes, productWords } from "./preset_tests";
import { archives, drawings, fabrics, lenses, pointers } from "./space_tests";
import { additions, edits, fields } from "./setup_tests";
import { choices, clauses, diagrams, lights, scales } from "./why_tests";
import { saying, speakOf, termOf } from "./words";
import type { ClientState, Clock, Command, Delta, EndpointView, Errand, Scores, Story } from "./wire";

const ends = (n: number): EndpointView[] => names.flatMap((name, region) => Array.from({ length: n }, (_, i) => ({ name: `${name}/${i + 1}`, region })));
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
  same("send away", move([0, 0, 0], names, "eu-west-1", true)?.groups, [["eu-west-1"]]);
  same("send another away", move([0, 1, 0], names, "ap-south-1", true)?.groups, [["eu-west-1"], ["ap-south-1"]]);
  same("bring one home", move([0, 1, 2], names, "eu-west-1", false)?.groups, [["ap-south-1"]]);
  same("bring the last home", move([0, 1, 0], names, "eu-west-1", false)?.verb, "heal");
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

// stills: while another moment is on its way, the picture stands still, though the run plays.
function stills(): void {
  const p = createPlayback();
  p.reset({ at: 2e6, edge: 9e6, live: false, playing: true, speed: 1, ended: false, coming: 5e6 });
  for (let frame = 0; frame < 60; frame++) p.advance(16);
  same("a picture on the way to another moment", [p.now, p.speed, p.settled()], [2e6, 0, true]);
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
  for (const [w, h, n] of [[450, 430, 1], [315, 370, 1], [362, 388, 1], [560, 520, 1], [450, 430, 3], [362, 388, 3]] as const) {
    const f = frame(places, w, h, w < 380 ? 140 : 152, names.map(() => n));
    const spots = awaySpots(f);
    for (let set = 0; set < 7; set++) {
      const away = places.map((_, i) => (set & (1 << i)) !== 0);
      const rest = places.map((_, i) => (away[i] ? spots[i]! : f.home[i]!));
      const cables = [{ from: 0, to: 1 }, { from: 0, to: 2 }, { from: 1, to: 2 }];
      const cut = cables.map((c) => Boolean(away[c.from] || away[c.to]));
      const { slots } = place(f, { rest, away, cables, cut, stub: 0.24, foot: 0 });
      const boxes = slots.map((s, i) => boxOf(s, rest[i]!));
      const prints = rest.flatMap((p, i) => footprints(f, i, p, away[i]!));
      const what = `${w}x${h}, ${n} each, away ${away}`;
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
  speakOf("pieces");
  same("a sale", told({ kind: "buy", amount: 1, balance: 4 }), "you bought one, 4 left");
  same("sold out", told({ kind: "buy", reason: "sold-out", balance: 0 }), "sold out");
  speakOf("items");
  same("an item", told({ kind: "add", amount: 7, balance: 1 }), "item 7 added, 1 item now");
  same("a cart", told({ kind: "look", balance: 3 }), "3 items");
  speakOf("dollars");
  same("stale", told({ kind: "look", balance: 500 }, { stale: { age: 4_100_000, behind: 2 } }), "stale: $500, 4.1 s old");
  const loss: Story = {
    at: 6e6, kind: "lost", node: -1, peer: -1, n: 3,
    loss: { op: 3, client: 1, kind: "deposit", amount: 120, value: 420, acked: 4.2e6, over: 5, over_by: 0, over_value: 300, unseen: true },
  };
  const telling = { regions: names, nodes: names, away: [], were: [], commands: [], protocol: "gossip" };
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
  same("siblings", protocolOf({ name: "kept", protocol: "gossip", knobs: [{ name: "conflict", value: "dvv" }] }), "gossip · conflict dvv");
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
  const lanes = [{ name: "strong", protocol: "raft", mode: "raft" }, { name: "eventual", protocol: "gossip", mode: "gossip" }];
  const commands = log.map((away, i) =>
    away.length === 0 ? { at: (i + 2) * 1e6, verb: "heal" as const } : { at: (i + 2) * 1e6, verb: "partition" as const, groups: away.map((r) => [r]) });
  return { names, labels: names, callers: names, lanes, commands };
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
  const wire = { curve: { from, bend: { x: 50, y: 0 }, to }, head: 0, foot: 0 };
  const sky: Sky = {
    now: 50, fade: 10, stub: 0.25, calm: false, size: 1, marked: null, beats: true, looks: ["request"],
    way: (a) => ({ wire: a === 0 ? wire : turned(wire), lead: { x: 0, y: 0 }, tail: { x: 0, y: 0 }, direct: false }),
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
    lane: "strong", names, labels: names, callers: names.map((n) => `${n}@1`), nodesOf: [[0], [1], [2]], clientsOf: [[0], [1], [2]], holds: [true, true, true], cables, losses: [], stub: 0.24, held: -1, now: 5.4e6, hold: 1e6, frame: f, at: f.home, slack: [1],
    nodes: [{ value: 300, version: 2, role: "leader", term: 3 }, { value: 500, version: 0, role: "leader", term: 2 }, { value: 300, version: 2 }],
    clients: names.map(() => ({ asking: null, told: null, stale: null })),
    away: [false, true, false], since: [null, 2e6, null], cut: [true],
    placing: place(f, { rest: f.home, away: [false, true, false], cables, cut: [true], stub: 0.24, foot: 0 }),
    links: [], asked: -1, beside: { timers: [], logs: [], tallies: [] }, known: () => true, inkOf: (v) => (v === 300 ? 1 : 2),
    widthOf: (text, size) => text.length * size * 0.5,
  };
  const lines = describe(sceneOf(view)).replace(/-?\d+(\.\d+)?,-?\d+(\.\d+)?/g, "AT").split("\n");
  same("nodes", lines.filter((l) => l.startsWith("node")), [
    "node us-east-1 AT $300 ink 1 solid crown term 3",
    "node eu-west-1 AT $500 ink 2 hollow crown term 2",
    "node ap-south-1 AT $300 ink 1",
  ]);
  same("regions", lines.filter((l) => l.startsWith("region")), ["region us-east-1 AT", "region eu-west-1 AT away 3.4 s", "region ap-south-1 AT"]);
  const ill: View = { ...view, nodes: [{ ...view.nodes[0]!, role: "", down: true }, view.nodes[1]!, { ...view.nodes[2]!, paused: true }], away: [false, false, false] };
  const drawn = sceneOf(ill);
  same("states", drawn.nodes.map((n) => n.state), ["down", "", "paused"]);
  same("a node that is down says so", drawn.regions[0]!.label, "us-east-1, Strong: down, $300 on its disk. Enter sends it away");
  same("a leader is not outrun by one that is down", drawn.nodes[1]!.crown, "solid");
  same("a paused node says so", drawn.regions[2]!.label, "ap-south-1, Strong: paused, $300. Enter sends it away");
  same("a torn cable has two ends", sceneOf(view).cables[0]!.ends.length, 2);
}

// groups checks that the nodes of a region stand clear of each other, and a crown clear of the others' values.
function groups(): void {
  same("one alone", groupOf(1, 27, false), { r: 27, seats: [{ x: 0, y: 0 }], w: 34, h: 34, pad: 0 });
  for (const compact of [false, true]) {
    for (let n = 2; n <= 5; n++) {
      const g = groupOf(n, compact ? 18 : 27, compact);
      g.seats.forEach((a, i) => {
        const what = `${n} nodes, ${i + 1}`;
        const others = g.seats.filter((_, j) => j !== i);
        if (others.some((b) => distance(a, b) < 2 * g.r + 4)) failures.push(`${what} touches another`);
        if (Math.abs(a.x) + g.r > g.w || Math.abs(a.y) + g.r > g.h) failures.push(`${what} leaves its region`);
        const p = perch(g, i);
        const crown = { x: a.x + p.x, y: a.y + p.y };
        if (others.some((b) => distance(b, crown) < g.r + 6)) failures.push(`${what}: its crown is on another`);
      });
    }
  }
}

// crowds checks the picture of several nodes and clients a region.
function crowds(): void {
  const f = frame(places, 450, 430, 152, [3, 3, 3]);
  const cables = [{ from: 0, to: 1, round_trip: 69_558 }];
  const state = (id: number, end: number): ClientState => ({ asking: null, told: errand({ id, end }), stale: null });
  const of = (n: number) => names.map((_, r) => Array.from({ length: n }, (_, i) => n * r + i));
  const view: View = {
    lane: "strong", names, labels: ends(3).map((e) => e.name), callers: names.flatMap((n) => [`${n}@1`, `${n}@2`]),
    nodesOf: of(3), clientsOf: of(2), holds: ends(3).map((_, i) => i !== 8), cables, losses: [], stub: 0.24, held: -1,
    now: 5e6, hold: 1e6, frame: f, at: f.home, slack: [1], cut: [true], away: [false, false, false], since: [null, null, null],
    nodes: ends(3).map((_, i) => ({ value: 300 + i, version: 1, ...(i === 4 ? { role: "leader", term: 7 } : {}) })),
    clients: [state(1, 2e6), state(2, 3e6), state(3, 4e6), state(4, 3e6), state(5, 1e6), { asking: errand({}), told: null, stale: null }],
    placing: place(f, { rest: f.home, away: [false, false, false], cables, cut: [true], stub: 0.24, foot: 0 }),
    links: [], asked: -1, beside: { timers: [], logs: [], tallies: [] }, known: () => true, inkOf: () => 0, widthOf: (text, size) => text.length * size * 0.5,
  };
  const scene = sceneOf(view);
  same("every node is there", scene.nodes.map((n) => n.name), ends(3).map((e) => e.name));
  same("one leader", scene.nodes.map((n) => n.crown && `${n.crown} ${n.term}`).join(), ",,,,solid term 7,,,,");
  same("a node without a copy", scene.nodes[8]!.text, "–");
  same("who speaks", scene.clients.map((c) => c.who), ["us-east-1@2", "eu-west-1@1", "ap-south-1@1"]);
  same("and is named", scene.clients[0]!.sub, "@2 asked: withdraw $50");
  const conflict = saying({ asking: null, told: errand({ reason: "conflict" }), stale: null }, "us-east-1@2");
  same("a sentence of two lines", [conflict?.main, conflict?.sub], ["changed meanwhile,", "nothing written"]);
  const small = sceneOf({ ...view, inkOf: (value) => value / 100, nodes: view.nodes.map((n) => ({ ...n, text: "$300 | $500", siblings: [{ value: 300, write: 1 }, { value: 500, write: 2 }] })) }).nodes[0]!;
  same("siblings on a small disc differ by shape", new Set(small.parts.map((p) => p.text || p.token)).size, 2);
  same("a region's label", scene.regions[1]!.label, "eu-west-1, Strong: 3 replicas; 1: $303; 2: leader, $304; 3: $305. Enter sends it away");
  same("two torn ends", scene.cables[0]!.ends.length, 2);
  for (const end of scene.cables[0]!.ends) {
    const under = scene.nodes.some((n) => distance(end, { x: f.home[n.region]!.x + n.x, y: f.home[n.region]!.y + n.y }) < n.r + 4);
    if (under) failures.push("a torn end lies under a node");
  }
  const wire = wireOf(f, cables[0]!, f.home, 0);
  const way = { wire, lead: f.groups[0]!.seats[2]!, tail: f.groups[1]!.seats[1]!, direct: false };
  same("a message leaves its node", along(way, 0), { x: f.home[0]!.x + way.lead.x, y: f.home[0]!.y + way.lead.y });
  same("and arrives at the other", along(way, 1), { x: f.home[1]!.x + way.tail.x, y: f.home[1]!.y + way.tail.y });
  same("by the cable", along(way, 0.5), at(wire.curve, 0.5));
}

// scoped checks the stories of commands for one lane.
function scoped(): void {
  const known = knownOf();
  const cut = { at: 2e6, verb: "cut" as const, from: names[0], to: names[1] };
  const note: Story = { at: 2e6, kind: "links", node: -1, peer: -1, n: 1 };
  const told = (...commands: Command[]) => gather([[note], [note]], { ...known, commands }, [], () => 0).map((t) => `${t.lane}: ${t.text}`);
  const text = "The links between us-east-1 and eu-west-1 are cut: ";
  same("for every lane", told(cut, { at: 2e6, verb: "reseed", seed: 9 }), [`: ${text}2 messages are lost.`]);
  same("for one lane", gather([[note], []], { ...known, commands: [{ ...cut, lane: "strong" }] }, [], () => 0).map((t) => `${t.lane}: ${t.text}`), [`strong: ${text}1 message is lost.`]);
  const pause = { at: 2e6, verb: "pause" as const, node: "us-east-1/2" };
  same("a name keeps its small letter", gather([[{ ...note, kind: "machine" }]], { ...known, commands: [pause] }, [], () => 0)[0]?.text, "us-east-1/2 stands still.");
  same("a partition of one lane sends nobody away", bands([{ at: 1e6, lane: "strong", verb: "partition", groups: [["eu-west-1"]] }], names), []);
  const elected: Story = { at: 1e6, kind: "elected", node: 4, peer: -1, n: 2 };
  same("a node by its name", gather([[elected]], { ...known, labels: ends(3).map((e) => e.name) }, [], () => 0)[0]?.text, "eu-west-1/2 is elected and leads in term 2.");
  const inGroup = (kind: Story["kind"]) => gather([[{ ...elected, kind }]], { ...known, labels: ends(3).map((e) => e.name), lanes: [{ name: "g", protocol: "mysql-group-replication", mode: "group" }] }, [], () => 0)[0]?.text;
  same("a group's primary", inGroup("elected"), "eu-west-1/2 is the group's primary.");
  same("a member that left", inGroup("out"), "eu-west-1/2 has left the group: it was expelled, or saw no majority for too long.");
  same("beside a crown", [termOf("primary", 3), termOf("primary", 3, "group"), termOf("leader", 3, "raft"), termOf("witness", 3)], ["timeline 3", "primary", "term 3", "witness"]);
}

for (const test of [resending, contrasts, orderings, chances, curves, sentences, fragments, inverses, links, texts, cutting, siding, healings, edits, additions, fields, crowdedLayouts, covering, crowning, pulling, speech, strips, archives, fabrics, lenses, pointers, drawings, choices, series, timelineRows, lights, diagrams, scales, clauses, groups, crowds, scoped, partitions, clocks, stills, colours, placings, words, partings, headlines, flights, scenes, presetLanes, levels, productWords, bubbles]) test();
for (const failure of failures) console.error(failure);
if (failures.length === 0) console.log("ok");
if (typeof document !== "undefined") document.title = failures.length === 0 ? "ok" : `${failures.length} failures`;
