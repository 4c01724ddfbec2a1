// Tests of strokes, of the faults in menus, and of the sides of a partition.
import type { Point } from "./curve";
import { ends, flapOf, heir, isolate, isolated, linkOf, mended, nearestStep } from "./menu_faults";
import { awayFlags, move, neighbour, ties } from "./partition";
import { slashes } from "./strokes";
import { same } from "./testing";
import { turned, type Wire } from "./wires";
import type { Command } from "./wire";

const names = ["us-east-1", "eu-west-1", "ap-south-1", "sa-east-1", "af-south-1"];

// wire is a cable that lies level, from left to right.
function level(y: number): Wire {
  return { curve: { from: { x: 0, y }, bend: { x: 100, y }, to: { x: 200, y } }, head: 0, foot: 0 };
}

const line = (...xy: number[]): Point[] => Array.from({ length: xy.length / 2 }, (_, i) => ({ x: xy[2 * i]!, y: xy[2 * i + 1]! }));

export function cutting(): void {
  const cables = [level(0), level(50), turned(level(100))];
  const cut = (stroke: Point[], leaning = false) => slashes(stroke, cables, leaning).map((s) => `${s.cable} ${s.way}`);
  same("across one", cut(line(100, -20, 100, 20)), ["0 both"]);
  same("across all, wherever it leans", cut(line(80, -20, 120, 120)), ["0 both", "1 both", "2 both"]);
  same("beside the ends", cut(line(210, -20, 210, 120)), []);
  same("short of a cable", cut(line(100, 10, 100, 40)), []);
  same("along one", cut(line(40, 4, 140, 6)), ["0 there"]);
  same("along one, back", cut(line(140, 55, 40, 54)), ["1 back"]);
  same("along one that is laid the other way", cut(line(40, 103, 140, 104)), ["2 back"]);
  same("slantwise along and across", cut(line(40, -8, 140, 9)), ["0 there"]);
  same("too short to run along it", cut(line(40, 4, 70, 4)), []);
  same("to and fro along it, and across", cut(line(40, 4, 120, 4, 40, 4, 40, -9)), ["0 both"]);
  same("leaning", cut(line(80, -20, 120, 120), true), ["0 there", "1 there", "2 back"]);
  same("leaning the other way", cut(line(100, -20, 90, 20), true), ["0 back"]);
  same("a mere point", cut(line(100, 0)), []);
  menus();
}

// menus checks what the menus of cables and nodes make of a state.
function menus(): void {
  same("both ways", ends("a", "b", "both"), { from: "a", to: "b" });
  same("back", ends("a", "b", "back"), { from: "b", to: "a", one_way: true });
  const links = { there: { cut: true, more: 5000 }, back: { more: 9000 } };
  same("one way", linkOf(links, "there"), { cut: true, more: 5000 });
  const both = linkOf(links, "both");
  same("the worse of both", [both.cut, both.held, both.more, both.some], [true, false, 9000, true]);
  same("alike", linkOf({ there: { cut: true }, back: { cut: true } }, "both").some, false);
  same("mended", mended(both, ends("a", "b", "both")).map((c) => c.verb), ["mend", "delay"]);
  const flaps: Command[] = [1, 2, 3, 4].map((s) => ({ at: s * 1e6, verb: s % 2 ? "cut" : "mend", from: "a", to: "b" }));
  same("flapping", [flapOf(flaps, ends("a", "b", "both"), 0), flapOf(flaps, ends("a", "b", "both"), 2e6)], [2e6, 2e6]);
  same("not flapping", [flapOf(flaps, ends("a", "b", "both"), 3e6), flapOf(flaps, ends("a", "b", "there"), 0)], [0, 0]);
  const alone = isolate("a/1", ["a", "b"], false);
  same("isolated", [isolated(alone, "a/1", ["a", "b"], 1, "strong"), isolated([...alone, ...isolate("a/1", ["b"], true)], "a/1", ["a", "b"], 1, "strong")], [true, false]);
  same("who is next", [heir([{}, { down: true }, {}], [true, true, true], 0), heir([{}, {}, {}], [true, true, true], 2), heir([{}, { paused: true }], [true, true], 0)], [2, 0, -1]);
  same("a step", [0, 6, 1e9].map((v) => nearestStep([0, 5, 10], v)), [0, 1, 2]);
}

export function siding(): void {
  same("the unnamed are at home", awayFlags([0, 1, 1, 1, 2]), [false, true, true, true, true]);
  same("all named", awayFlags([1, 2, 2, 3, 3]), [true, false, false, true, true]);
  same("joins", move([0, 1, 0, 2, 0], names, "ap-south-1", true, "eu-west-1")?.groups, [["eu-west-1", "ap-south-1"], ["sa-east-1"]]);
  same("leaves a side for another", move([0, 1, 1, 2, 0], names, "ap-south-1", true, "sa-east-1")?.groups, [["eu-west-1"], ["sa-east-1", "ap-south-1"]]);
  same("leaves a side", move([0, 1, 1, 0, 0], names, "ap-south-1", true)?.groups, [["eu-west-1"], ["ap-south-1"]]);
  same("joins nobody who is at home", move([0, 1, 0, 0, 0], names, "ap-south-1", true, "sa-east-1")?.groups, [["eu-west-1"], ["ap-south-1"]]);
  same("the last one stays", move([0, 1, 2], names.slice(0, 3), "us-east-1", true), null);
  same("a side of several goes home one by one", move([0, 1, 1, 0, 0], names, "ap-south-1", false)?.groups, [["eu-west-1"]]);
  same("ties", ties([0, 1, 1, 2, 1]), [[1, 2], [2, 4]]);
  const places = line(0, 0, 100, 0, 220, 0);
  same("beside the nearest", neighbour(places, [false, true, true], 0, { x: 150, y: 0 }, 100), 1);
  same("beside nobody at home", neighbour(places, [false, false, true], 1, { x: 20, y: 0 }, 100), -1);
  same("not beside itself", neighbour(places, [false, true, false], 1, { x: 100, y: 0 }, 100), -1);
}
