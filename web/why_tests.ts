// Tests of what explains a violation: which is chosen, what is lit, the picture of time, and the words.
import { lightOf, litOf, MAX_KNOWN, merged, chosen, momentOf, nameOf } from "./causes";
import { answerOf, brief, diagramLabel, opLabel } from "./causes_words";
import { distance } from "./curve";
import { FONT, picture, scale, undrawn, type Cast } from "./diagram";
import { undoneAt } from "./partition";
import { holds, same } from "./testing";
import { tracesOf } from "./traces";
import type { CauseView, OpView, StepView } from "./wire";

const cast: Cast = {
  nodes: ["us-east-1", "eu-west-1", "ap-south-1"].map((name, region) => ({ name, region })),
  clients: ["us-east-1", "eu-west-1", "ap-south-1"].map((name, region) => ({ name, region })),
};
const op = (part: Partial<OpView>): OpView => ({ id: 1, client: 0, kind: "write", key: "balance", value: 300, found: 0, applied: true, start: 0, end: 0, outcome: "ok", ...part });
const step = (part: Partial<StepView>): StepView => ({ kind: "operation", at: 0, until: 0, node: -1, peer: -1, message: 0, op: 0, write: 0, text: "", ...part });

// stale is a read in Europe that missed a write of Virginia, whose update was lost at the cut.
const stale: CauseView = {
  kind: "stale-read", at: 4_100_000, key: "balance", op: 9, missed: 7, blame: "partition",
  text: ["Europe read $500.", "The update was lost."],
  ops: [op({ id: 3, client: 1, value: 500, start: 900_000, end: 905_000 }), op({ id: 7, start: 3_200_000, end: 3_204_000 }), op({ id: 9, client: 1, kind: "read", found: 500, start: 4_098_000, end: 4_100_000 })],
  steps: [
    step({ at: 900_000, until: 905_000, op: 3 }),
    step({ at: 3_200_000, until: 3_204_000, op: 7 }),
    step({ at: 4_098_000, until: 4_100_000, op: 9 }),
    step({ kind: "state", at: 3_202_000, until: 3_202_000, node: 0, write: 7, fate: "held" }),
    step({ kind: "state", at: 4_099_000, until: 4_099_000, node: 1, write: 7, fate: "without" }),
    step({ kind: "message", at: 3_202_000, until: 3_202_000, node: 0, peer: 1, message: 41, write: 7, fate: "lost" }),
    step({ kind: "message", at: 3_202_000, until: 3_297_000, node: 0, peer: 2, message: 42, write: 7, fate: "arrived" }),
    step({ kind: "fault", at: 3_000_000, until: 3_000_000 }),
  ],
  fault: { at: 3_000_000, verb: "partition", groups: [["eu-west-1"]] },
};
const named = (kind: CauseView["kind"], id: number, at: number): CauseView => ({ ...stale, kind, op: id, at });

export function choices(): void {
  const list = [named("stale-read", 9, 1), named("lost-write", 4, 8), named("lost-write", 3, 5), named("causal", 2, 2)];
  same("in order of time", merged(list.slice(0, 2), list.slice(1)).map(nameOf), ["stale-read 9", "causal 2", "lost-write 3", "lost-write 4"]);
  same("bounded", merged([], Array.from({ length: 100 }, (_, i) => named("lost-write", i, i))).length, MAX_KNOWN);
  same("the first of the gravest", nameOf(chosen(list, "")!), "lost-write 3");
  same("the one that is named", nameOf(chosen(list, "lost-write 4")!), "lost-write 4");
  same("or one of its kind", nameOf(chosen(list, "causal 77")!), "causal 2");
  same("none", chosen([], ""), null);
  same("moments", (stale.steps ?? []).map(momentOf), [905_000, 3_204_000, 4_100_000, 3_202_000, 4_099_000, 3_202_000, 3_249_500, 3_000_000]);
}

export function lights(): void {
  const lit = litOf(stale, 3, 5);
  same("nodes", [...lit.nodes].sort(), [0, 1, 2]);
  same("clients", [...lit.clients].sort(), [0, 1]);
  same("messages", [...lit.messages], [41, 42]);
  same("ways", lit.ways.map((w) => [w.from, w.to, w.lost, w.hot]), [[0, 1, true, true], [0, 2, false, false]]);
  same("in hand", [...lit.hotNodes].sort(), [0, 1]);
  same("a client in hand", [...litOf(stale, 3, 2).hotClients], [1]);
  same("hot before lit", lightOf(lit, lit.nodes, lit.hotNodes, [0]), "hot");
  same("lit", lightOf(lit, lit.nodes, lit.hotNodes, [2]), "lit");
  same("dim", lightOf(lit, lit.clients, lit.hotClients, [2]), "dim");
  same("nothing is explained", lightOf(null, undefined, undefined, [0]), "");
  same("a message to a client has no way", litOf({ ...stale, steps: [step({ kind: "message", node: 0, peer: 4 })] }, 3, 0).ways, []);
  traces(lit.ways);
}

function traces(ways: Parameters<typeof tracesOf>[0]): void {
  const places = [{ x: 50, y: 100 }, { x: 250, y: 100 }, { x: 450, y: 300 }];
  const way = (a: number, b: number) => {
    const [from, to] = [places[a]!, places[b]!];
    const curve = { from, bend: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, to };
    return { wire: { curve, head: 0, foot: 0 }, lead: { x: 0, y: 0 }, tail: { x: 0, y: 0 }, direct: false };
  };
  const [lost, arrived] = tracesOf(ways, { way, radius: () => 27, halfTrip: () => 35_000, stub: 0.24 });
  same("lost at the tear", [lost!.tip, Math.round(lost!.cross!.x)], [null, 98]);
  const tip = arrived!.tip!;
  holds(`the tip of an arrow is under its node: ${distance(tip, places[2]!)}`, distance(tip, places[2]!) > 30 && distance(tip, places[2]!) < 60);
  same("no cross where it arrived", arrived!.cross, null);
  same("no way, no trace", tracesOf(ways, { way: () => null, radius: () => 27, halfTrip: () => 1, stub: 0.24 }), []);
}

const widthOf = (text: string, size: number) => text.length * size * 0.55;

export function diagrams(): void {
  for (const width of [330, 640, 1000]) {
    const p = picture(stale, cast, 6_000_000, width, widthOf);
    same(`${width}: rows`, p.rows.map((r) => `${r.client ? "client" : "replica"} ${r.label}`), ["client us-east-1", "replica us-east-1", "client eu-west-1", "replica eu-west-1", "replica ap-south-1"]);
    same(`${width}: every step is drawn`, undrawn(stale, p), []);
    same(`${width}: bars`, p.bars.map((b) => [b.op, b.part, b.step]), [[3, "", 0], [7, "missed", 1], [9, "odd", 2]]);
    for (const b of p.bars) {
      const half = widthOf(b.label, FONT) / 2;
      holds(`${width}: bar ${b.op} leaves the picture`, b.x >= p.left - 8 && b.x + b.w <= width + 1);
      holds(`${width}: label “${b.label}” leaves the picture`, b.at.x - half >= p.left - 10 && b.at.x + half <= width + 1);
    }
    const [write, read] = [p.bars[0]!, p.bars[2]!];
    holds(`${width}: labels of one row run into each other`, read.at.x - write.at.x > (widthOf(write.label, FONT) + widthOf(read.label, FONT)) / 2);
    holds(`${width}: bars are out of order`, write.x + write.w < p.bars[1]!.x && p.bars[1]!.x < read.x);
    const [lost, arrived] = p.arrows;
    const line = (i: number) => p.rows[i]!.y;
    holds(`${width}: a lost message arrives`, lost!.fate === "lost" && lost!.y2 > line(1) && lost!.y2 < line(3));
    same(`${width}: one arrives`, arrived!.y2, line(4));
    same(`${width}: dots`, p.dots.map((d) => d.hollow), [false, true]);
    same(`${width}: the fault, in force to the end`, p.marks.map((m) => [m.label, m.to]), [["partition", width - 12]]);
    for (const [i, t] of p.ticks.entries()) {
      const next = p.ticks[i + 1];
      holds(`${width}: ticks run into each other`, !next || next.x - t.x > widthOf(t.text, FONT));
    }
  }
  const lossy = picture({ ...stale, kind: "lost-write", at: 9_000_000 }, cast, null, 640, widthOf);
  same("when it was lost", lossy.marks.map((m) => [m.fault, m.label]), [[true, "partition"], [false, "lost for good"]]);
  const pending = picture({ ...stale, ops: [op({ id: 7, start: 3_200_000, end: -1, outcome: "pending" })] }, cast, null, 640, widthOf);
  holds("what is pending has no end", pending.bars[0]!.x + pending.bars[0]!.w > 600);
  const brief = picture(stale, cast, 3_100_000, 640, widthOf).marks[0]!;
  holds("a fault that was undone has an end", brief.to > brief.x && brief.to < 400);
  const heal = { at: 6e6, verb: "heal" as const };
  same("when it was undone", undoneAt(stale.fault!, [heal]), 6e6);
  same("not by what came before", undoneAt({ ...stale.fault!, at: 7e6 }, [heal]), Infinity);
  same("never", undoneAt({ at: 1, verb: "delay" }, [heal]), null);
  same("nothing to draw", picture({ ...stale, ops: null, steps: null, fault: null }, cast, null, 640, widthOf).rows, []);
}

export function scales(): void {
  const s = scale([0, 2000, 97_000, 9_000_000], 100, 500);
  const xs = [0, 1000, 2000, 50_000, 97_000, 4_000_000, 9_000_000].map((t) => s.x(t));
  same("ends", [xs[0], xs[6]], [100, 500]);
  holds("instants are out of order", xs.every((x, i) => i === 0 || x > xs[i - 1]!));
  holds("a short stretch cannot be seen", s.x(2000) - s.x(0) > 10);
  same("one quiet stretch", s.breaks.length, 1);
  same("after all", s.x(1e9), 500);
  same("one instant", scale([5], 100, 500).x(5), 100);
}

export function clauses(): void {
  same("a read", opLabel(op({ kind: "read", found: 500 })), "read $500");
  same("of nothing", opLabel(op({ kind: "read", absent: true })), "read: no value");
  same("no answer", opLabel(op({ outcome: "info" })), "write $300: no answer");
  same("refused", opLabel(op({ kind: "read", outcome: "fail" })), "read: refused");
  same("no change", opLabel(op({ kind: "compare-and-set", applied: false })), "change to $300: no change");
  same("a stale read in short", brief(stale, (i) => cast.clients[i]!.name), "stale read in eu-west-1");
  same("a loss in short", brief({ ...stale, kind: "lost-write", op: 7 }, (i) => cast.clients[i]!.name), "lost: write $300, us-east-1");
  same("the diagram in words", diagramLabel(stale), "Time diagram: 3 operations; 2 messages, 1 of them lost; a partition at 3.000 s. The list of steps says the same.");
  same("no", answerOf({ model: "causal", answer: "no", violation_at: 41, behind: 0 }, 60), "no, since operation 41");
  same("yes, so far", answerOf({ model: "causal", answer: "yes", violation_at: 0, behind: 4 }, 60), "yes, for the first 56 of 60");
  same("nobody asked", answerOf({ model: "causal", answer: "yes", violation_at: 0, behind: 0 }, 0), "nothing to check yet");
}
