// Twelve states of the stage, drawn as SVG, for a test that compares them with web/testdata: the texts are left in
// window.scenes, by name. Bundled like the tests; nothing here is part of the page.
import { frame } from "./layout";
import { place } from "./placing";
import { sceneOf, type View } from "./scene";
import { besideOf } from "./strips";
import { createPainter } from "./svg";
import type { CableLinks, ClientState, LogStrip, NodeView, TimerView } from "./wire";

const places = [
  { x: 284.8, y: 124.9 },
  { x: 482.6, y: 85.1 },
  { x: 702.4, y: 180.3 },
];
const names = ["us-east-1", "eu-west-1", "ap-south-1"];
const pairs = [
  [0, 1, 69_558, 55_000],
  [0, 2, 190_812, 129_000],
  [1, 2, 126_004, 76_000],
] as const;
const NOW = 5_400_000;
const SIZE = [450, 430] as const;

type Change = (v: View) => Partial<View>;

function clientOf(i: number): ClientState {
  const told = { id: i + 1, client: i, kind: "look" as const, key: "balance", amount: 0, start: NOW - 900_000, end: NOW - 400_000, outcome: "ok" as const, balance: 300, level: "" };
  return { asking: null, told, stale: null };
}

function nodeOf(i: number): NodeView {
  return { value: 300, version: 2, ...(i === 0 ? { role: "leader", term: 3 } : { role: "follower", term: 3 }) };
}

// viewOf is a healthy lane with so many replicas in each region.
function viewOf(each: number, logs: boolean): View {
  const replicas = names.map(() => each);
  const f = frame(places, ...SIZE, 152, replicas, logs);
  const count = each * names.length;
  const of = names.map((_, r) => Array.from({ length: each }, (_, i) => each * r + i));
  const cables = pairs.map(([from, to, round_trip, fibre]) => ({ from, to, round_trip, fibre }));
  const away = names.map(() => false);
  return {
    lane: "strong", names, labels: of.flatMap((list, r) => list.map((_, i) => (each === 1 ? names[r]! : `${names[r]}/${i + 1}`))),
    callers: names, nodesOf: of, clientsOf: [[0], [1], [2]], cables, nodes: Array.from({ length: count }, (_, i) => nodeOf(i)),
    holds: Array.from({ length: count }, () => true), clients: names.map((_, i) => clientOf(i)), losses: [], away, since: [null, null, null],
    cut: [false, false, false], links: [], now: NOW, hold: 1e6, frame: f, at: f.home, slack: [0, 0, 0], stub: 0.24, held: -1, asked: -1,
    placing: place(f, { rest: f.home, away, cables, cut: [false, false, false], stub: 0.24, foot: 0 }),
    beside: besideOf({ timers: Array.from({ length: count }, (_, i) => [timer(i === 0 ? "lease" : "election")]), tallies: Array.from({ length: count }, () => []) }),
    inkOf: (value) => Math.abs(value / 100) % 7, known: () => true, widthOf: (text, size) => text.length * size * 0.52,
  };
}

const timer = (name: string): TimerView => ({ name, from: NOW - 300_000, until: NOW + 700_000 });
const entry = (index: number, term: number): LogStrip => [index, term, 10 * term + index, 100 * term, 0];

function ill(change: Partial<NodeView>): Change {
  return (v) => ({ nodes: v.nodes.map((n, i) => (i === 1 ? { ...n, ...change } : n)) });
}

const parted: Change = (v) => ({
  away: [false, true, false], since: [null, NOW - 3_400_000, null], cut: [true, false, true], slack: [1, 0, 1],
  nodes: v.nodes.map((n, i) => (i === 1 ? { ...n, value: 500, dead: [0, 2] } : n)), asked: 1,
});
const oneWay: CableLinks[] = [{ there: { cut: true }, back: {} }, { there: { more: 50_000 }, back: { more: 50_000 } }, { there: { held: true }, back: { drop: 300_000 } }];

const scenes: [string, View, Change][] = [
  ["before", viewOf(1, false), () => ({})],
  ["during", viewOf(1, false), parted],
  ["after", viewOf(1, false), (v) => ({ losses: [{ at: NOW - 100_000, kind: "lost", node: -1, peer: -1, n: 1, loss: { op: 4, client: 1, kind: "deposit", amount: 200, value: 500, acked: NOW - 2e6, over: 5, over_by: 0, over_value: 300, unseen: true } }], nodes: v.nodes.map((n) => ({ ...n, hints: [{ peer: 1, count: 3 }] })) })],
  ["one-way", viewOf(1, false), () => ({ links: oneWay })],
  ["crash", viewOf(1, false), ill({ down: true, value: 200 })],
  ["pause", viewOf(1, false), ill({ paused: true })],
  ["slow", viewOf(1, false), ill({ service: 40_000, stuck: true })],
  ["skew", viewOf(1, false), ill({ skew: -300_000 })],
  ["siblings", viewOf(1, false), (v) => ({ nodes: v.nodes.map((n, i) => ({ value: n.value, version: 2, text: "$300 | $500", siblings: [300, 500, 200].slice(0, 3 - (i % 2)).map((value, w) => ({ value, write: w + 1 })) })) })],
  ["tokens", viewOf(3, false), (v) => ({ nodes: v.nodes.map((n, i) => ({ value: n.value, version: 2, text: "$300 | $500", siblings: [300, 500, 200].slice(0, 3 - (i % 2)).map((value, w) => ({ value, write: w + 1 })) })) })],
  ["logs", viewOf(1, true), (v) => ({ beside: { ...v.beside, logs: [{ durable: 6, commit: 5, entries: [1, 2, 3, 4, 5, 6].map((i) => entry(i, 3)) }, { durable: 4, commit: 2, entries: [1, 2, 3, 4].map((i) => entry(i, i > 2 ? 2 : 3)) }, { durable: 5, commit: 5, entries: [1, 2, 3, 4, 5].map((i) => entry(i, 3)) }] } })],
  ["tally", viewOf(1, false), (v) => ({ beside: { ...v.beside, tallies: [[{ op: 9, what: "write", have: 1, need: 2 }], [{ op: 7, what: "read", have: 2, need: 3 }], []] } })],
  ["many", viewOf(3, true), (v) => ({ nodes: v.nodes.map((n, i) => ({ ...n, ...(i === 4 ? { down: true } : i === 5 ? { service: 9000 } : {}) })), beside: { ...v.beside, logs: v.nodes.map((_, i) => ({ durable: 4, commit: 3, entries: [1, 2, 3, 4].slice(0, 4 - (i % 3)).map((k) => entry(k, 3)) })) } })],
];

function drawn(view: View): string {
  const svg = () => document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const [below, above] = [svg(), svg()];
  const painter = createPainter(below, above);
  painter.paint(sceneOf(view), view.frame);
  painter.run(NOW);
  const text = new XMLSerializer().serializeToString(below) + new XMLSerializer().serializeToString(above);
  return `${text.replace(/-?\d+\.\d+/g, (n) => String(Math.round(Number(n)))).replace(/></g, ">\n<")}\n`;
}

(window as unknown as { scenes: Record<string, string> }).scenes = Object.fromEntries(scenes.map(([name, view, change]) => [name, drawn({ ...view, ...change(view) })]));
