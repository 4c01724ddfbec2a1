// Tests of the archive, of the space-time diagram and of what it is made from.
import { emptyArchive, MAX_DEEDS, MAX_MESSAGES, recall, record, type Deed } from "./archive";
import { fabricOf, faultsOf, marksOf, toneOf } from "./fabric";
import { AXIS, following, GUTTER, panned, rowHeight, timeOf, xOf, yOf, zoomed, type Lens } from "./lens";
import { LOOKS } from "./looks";
import { svgPen, type Pen } from "./pen";
import { fateOf, messageText, outcomeOf } from "./space_words";
import { drawDiagram, endOf, firstAfter, found, seen, tickStep, type Diagram, type Palette } from "./spacetime";
import { holds, same } from "./testing";
import type { CauseView, LaneState, OpStrip, Packet } from "./wire";

const opNames = { kinds: ["read", "write"], outcomes: ["pending", "ok", "fail", "info"] } as const;
const lane = (packets: Packet[], ops: OpStrip[] = [], keys = ["balance"]) => ({ packets, ops, keys }) as unknown as LaneState;
const packet = (id: number, sent = id * 10, due = sent + 50): Packet => [id, id % 3, (id + 1) % 3, 1, sent, due, -1];

export function archives(): void {
  const a = emptyArchive();
  recall(a, lane([packet(5), packet(7)], [[1, 0, 1, 0, 300, 0, 10, -1, 0, 0, 0]]), opNames);
  record(a, { packets: [packet(8), packet(6)], lost: [[7, 99], [4, 1]], ops: [[1, 0, 1, 0, 300, 0, 10, 40, 1, 1, 0], [2, 1, 0, 1, 0, 300, 20, 60, 1, 4, 1]], keys: ["savings"], says: ["applied=false"] }, opNames);
  same("messages in order", a.letters.map((m) => m.id), [5, 6, 7, 8]);
  same("one of them is lost", a.letters.map((m) => m.lost), [-1, -1, 99, -1]);
  same("operations", a.deeds.map((d) => `${d.id} ${d.kind} ${d.key} ${d.outcome} ${d.end} ${d.stale}`), ["1 write balance ok 40 false", "2 read savings ok 60 true"]);
  same("what its client read", a.deeds.map((d) => outcomeOf(d)), ["answered", "answered, stale (applied=false)"]);
  // A moment before is shown again: what is known stays.
  recall(a, lane([packet(7)], [[1, 0, 1, 0, 300, 0, 10, -1, 0, 0, 0]]), opNames);
  same("its fate is still known", [a.letters[2]!.lost, a.deeds[0]!.outcome, a.deeds.length], [99, "ok", 2]);
  same("the keys are counted anew", a.keys, ["balance"]);
  record(a, { packets: [[8, 0, 1, 1, 80, 500, -1]] }, opNames);
  same("another due time", a.letters[3]!.due, 500);
  for (let i = 0; i < 130; i++) record(a, { packets: Array.from({ length: 100 }, (_, n) => packet(1000 + i * 100 + n)) }, opNames);
  same("bounded: the latest", [a.letters.length, a.letters[a.letters.length - 1]!.id], [MAX_MESSAGES, 1000 + 13_000 - 1]);
  record(a, { packets: [packet(9)] }, opNames);
  same("of the past, what is near it", [a.letters.length, a.letters[0]!.id], [MAX_MESSAGES, 9]);
  holds("sorted", a.letters.every((m, i) => i === 0 || a.letters[i - 1]!.id < m.id));
  record(a, { ops: Array.from({ length: MAX_DEEDS + 10 }, (_, i): OpStrip => [i + 1, 0, 0, 0, 0, 0, i, i + 5, 1, 0, 0]) }, opNames);
  same("operations are bounded", a.deeds.length <= MAX_DEEDS, true);
}

const cast = {
  names: ["us", "eu"],
  nodes: [{ name: "us/1", region: 0 }, { name: "eu/1", region: 1 }],
  clients: [{ name: "us@1", region: 0 }, { name: "eu@1", region: 1 }],
  labels: ["us", "eu"],
  nodesOf: [[0], [1]],
  clientsOf: [[0], [1]],
  kinds: ["", "request", "heartbeat"],
};

function small(): ReturnType<typeof emptyArchive> {
  const a = emptyArchive();
  const packets: Packet[] = [[1, 0, 1, 1, 100_000, 200_000, -1], [2, 1, 0, 2, 150_000, 250_000, -1], [3, 1, 0, 1, 300_000, 400_000, 340_000]];
  const op = (id: number, client: number, start: number, end: number): OpStrip => [id, client, 0, 0, 0, 300, start, end, end < 0 ? 0 : 1, 0, 0];
  recall(a, lane(packets, [op(1, 0, 50_000, 250_000), op(2, 0, 100_000, -1), op(3, 1, 90_000, 95_000)]), opNames);
  return a;
}

const all = { hidden: new Set<string>(), place: "", key: "" };

function diagram(part: Partial<Diagram> = {}): Diagram {
  return { ...fabricOf(cast, small(), all, new Set()), faults: [], marked: new Set(), markedStays: new Set(), chosen: { arrow: -1, stay: -1 }, now: 500_000, edge: 500_000, ...part };
}

export function fabrics(): void {
  const d = diagram();
  same("lines by region", d.processes.map((p) => `${p.name} ${p.group} ${p.client}`), ["us 0 false", "client 0 true", "eu 1 false", "client 1 true"]);
  same("arrows between lines", d.arrows.map((a) => [a.from, a.to]), [[0, 2], [2, 0], [2, 0]]);
  same("operations at once stand above each other", d.stays.map((s) => [s.process, s.level]), [[1, 0], [1, 1], [3, 0]]);
  same("and have room", d.levels, [0, 2, 0, 1]);
  const only = (f: Partial<typeof all>) => fabricOf(cast, small(), { ...all, ...f }, new Set([3]));
  same("heartbeats hidden", only({ hidden: new Set(["heartbeat"]) }).arrows.map((a) => a.id), [1, 3]);
  same("one region", only({ place: "eu" }).stays.map((s) => `${s.id} ${s.tone}`), ["3 gone"]);
  same("another key", only({ key: "savings" }).stays.length, 0);
  same("stale", toneOf({ id: 1, outcome: "ok", stale: true } as Deed, new Set()), "stale");
  const commands = [
    { at: 1, verb: "partition" as const, groups: [["eu"]] },
    { at: 2, verb: "crash" as const, node: "us/1" },
    { at: 3, verb: "crash" as const, node: "eu/1" },
    { at: 4, verb: "restart" as const, node: "us/1" },
    { at: 5, verb: "heal" as const },
    { at: 6, lane: "other", verb: "pause" as const, node: "eu/1" },
    { at: 900, verb: "pause" as const, node: "eu/1" },
  ];
  same("faults", faultsOf(cast, commands, "strong", 100).map((f) => [f.from, f.to, f.processes]), [[1, 5, [2, 3]], [2, 4, [0]], [3, -1, [2]]]);
  const cause = { ops: [{ id: 4 }], steps: [{ kind: "message", message: 9 }, { kind: "state", message: 0 }] } as unknown as CauseView;
  same("a violation's", [[...marksOf(cause).marked], [...marksOf(cause).markedStays]], [[9], [4]]);
  same("fates", [fateOf({ sent: 1, due: 5, lost: -1 }, 4), fateOf({ sent: 1, due: 5, lost: -1 }, 6), fateOf({ sent: 1, due: 5, lost: 1 }, 6)], ["on its way", "arrived", "lost as it was sent"]);
  same("a message in words", messageText("ack", "us", "eu", { sent: 1e6, due: 1.07e6, lost: -1 }, 2e6), "acknowledgement from us to eu: sent at 1.000 s, due at 1.070 s (70 ms), arrived");
}

const lens: Lens = { from: 0, to: 500_000, width: GUTTER + 500, height: 240, scroll: 0 };
const near = (a: number, b: number) => Math.abs(a - b) < 1e-3;

export function lenses(): void {
  const d = diagram();
  same("a pixel a millisecond", [xOf(lens, 100_000), timeOf(lens, GUTTER + 100)], [GUTTER + 100, 100_000]);
  const close = zoomed(lens, 0.5, GUTTER + 100, 1e6);
  holds("zoom keeps what is under the pointer", near(timeOf(close, GUTTER + 100), 100_000) && near(close.to - close.from, 250_000));
  holds("zoom has an end", near(zoomed(lens, 1e-9, GUTTER, 1e6).to - zoomed(lens, 1e-9, GUTTER, 1e6).from, 1000) && zoomed(lens, 1e9, GUTTER, 3e6).to <= 3.4e6);
  holds("pan moves by pixels", near(panned(close, 100, 0, d, 1e6).from - close.from, 50_000));
  holds("and not before the beginning", panned(lens, -900, 0, d, 1e6).from === 0);
  holds("a followed instant is seen", following(lens, 9e6).from < 9e6 && following(lens, 9e6).to > 9e6);
  same("rows have room between regions", yOf(d, lens, 2) - yOf(d, lens, 1) > rowHeight(d, lens.height), true);
  same("where to begin", firstAfter([1, 3, 5], (n) => n, 4), 2);
  same("ticks", [tickStep(1e6, 10), tickStep(3e6, 10), tickStep(999, 9)], [1e5, 5e5, 200]);
}

export function pointers(): void {
  const d = diagram();
  const at = (process: number, time: number) => [xOf(lens, time), yOf(d, lens, process)] as const;
  const fifth = yOf(d, lens, 0) + (yOf(d, lens, 2) - yOf(d, lens, 0)) / 5;
  same("a message", found(d, lens, xOf(lens, 120_000) + 2, fifth).arrow?.id, 1);
  same("none where it was lost before", found(d, lens, xOf(lens, 390_000), yOf(d, lens, 0) + 6).arrow?.id, undefined);
  same("a lost one, as far as it came", found(d, lens, ...at(2, 301_000)).arrow?.id, 3);
  const [x, y] = at(3, 92_000);
  same("an operation", found(d, lens, x, y).stay?.id, 3);
  const [x1, y1] = at(1, 200_000);
  same("the upper of two", [found(d, lens, x1, y1 - 5).stay?.id, found(d, lens, x1, y1 + 5).stay?.id], [1, 2]);
  same("nothing beside the lines", found(d, lens, 10, AXIS + 40), {});
  same("the end of a lost one", d.arrows.map(endOf), [200_000, 250_000, 340_000]);
  same("only what is seen", seen(d, { ...lens, from: 260_000 }).map((a) => a.id), [3]);
}

const palette = { ink: "#000", quiet: "#444", line: "#ddd", ground: "#fff", band: "#fed", bad: "#b30", accent: "#06c", arrows: Object.fromEntries(LOOKS.map((l) => [l, "#06b"])), tones: { ok: "#064", fail: "#b30", info: "#837", stale: "#850", pending: "#444", gone: "#b30" } } as Palette;

export function drawings(): void {
  const pen = svgPen(lens.width, lens.height, "sans-serif", "#fff");
  drawDiagram(pen, diagram({ faults: [{ from: 0, to: 100_000, processes: [2], text: "eu <away>" }] }), lens, palette, (at) => `${at / 1e6} s`);
  const svg = pen.svg();
  holds("an SVG that can be read", /^<svg .*<\/svg>\n$/s.test(svg) && !svg.includes("<away>") && !svg.includes("NaN"));
  same("two looks and a lost one", [...svg.matchAll(/stroke="#(06b|888|b30)"/g)].length >= 3, true);
  // Ten thousand messages in view.
  const arrows = Array.from({ length: 10_000 }, (_, id) => ({ id, from: id % 2 ? 0 : 2, to: id % 2 ? 2 : 0, look: "request" as const, kind: 1, sent: id * 50, due: id * 50 + 9000, lost: id % 50 ? -1 : id * 50 }));
  let calls = 0;
  const count = () => void calls++;
  const counting: Pen = { line: count, lines: count, wedges: count, bars: count, path: count, box: count, text: count, clip: (_x, _y, _w, _h, draw) => draw() };
  drawDiagram(counting, diagram({ arrows }), lens, palette, String);
  holds(`ten thousand messages take ${calls} strokes of the pen`, calls < 80);
}
