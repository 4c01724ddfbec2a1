// Two runs in frames, led to the same moment: what both were told, what they report, and in what they differ. The page
// that compares shows these signals and gives orders.
import { batch, signal } from "@preact/signals";
import { createPalette } from "./values";
import { asOf, differ, type Difference, type Digest, lasting, type Order, type Report } from "./differ";

export interface Wanted {
  playing: boolean;
  lane: string;
  space: boolean;
  speed: number; // asked of both; 0 once they have it
}

export interface Shown {
  at: number;
  edge: number; // how far both runs go
  speed: number; // of the first
  lanes: string[]; // that both have
  difference: Difference | null;
  exact: boolean; // both stand still at one moment
  ended: boolean; // a room has ended: the frame shows another
}

interface Room {
  room: string;
  key: string;
}

const KEPT = 40; // digests of each run
const AGAIN = 500; // milliseconds until an order is repeated
const DRIFT = 0.25; // seconds of wall time that one may be ahead
const LASTING = 240; // milliseconds that something must differ while the runs play

export const rooms = signal<[Room, Room] | null>(null);
export const wanted = signal<Wanted>({ playing: false, lane: "", space: false, speed: 0 });
export const shown = signal<Shown>({ at: 0, edge: 0, speed: 1, lanes: [], difference: null, exact: false, ended: false });
export const ready = signal(false);
export const parting = signal<number | null>(null); // up to where both are the same, as the address says

const windows: (() => Window | null)[] = [];
const digests: [Digest[], Digest[]] = [[], []];
const told: [string, number][] = [["", 0], ["", 0]]; // the latest order, and when
const posted = ["", ""]; // what each was told to light
const palette = createPalette(); // equal values have one colour in both
let target: number | null = null; // the moment both shall go to
let before: { at: number; difference: Difference } | null = null;

// conduct reads the address and listens to the frames.
export function conduct(): void {
  read();
  addEventListener("hashchange", () => location.reload());
  addEventListener("message", (e: MessageEvent<Report>) => {
    if (e.origin !== location.origin || e.data?.netsplit !== "digest") return;
    const i = windows.findIndex((w) => w() !== null && w() === e.source);
    if (i === 0 || i === 1) take(i, e.data.digest);
  });
}

function read(): void {
  const p = new URLSearchParams(location.hash.slice(1));
  const [a, b] = ["a", "b"].map((name) => /^([\w-]+):([\w-]+)$/.exec(p.get(name) ?? ""));
  if (!a || !b) return;
  rooms.value = [{ room: a[1]!, key: a[2]! }, { room: b[1]!, key: b[2]! }];
  wanted.value = { playing: false, lane: p.get("lane") ?? "", space: p.get("space") === "1", speed: 0 };
  parting.value = p.has("from") ? Math.max(0, Number(p.get("from")) || 0) : null;
  target = Math.max(0, Number(p.get("at") ?? 0) || 0);
}

// note keeps in the address what is looked at, so that a reload leads there again.
function note(): void {
  const p = new URLSearchParams(location.hash.slice(1));
  p.set("at", String(target ?? shown.peek().at));
  p.set("lane", wanted.peek().lane);
  if (wanted.peek().space) p.set("space", "1");
  else p.delete("space");
  history.replaceState(null, "", `#${p}`);
}

export function follow(i: number, of: () => Window | null): void {
  windows[i] = of;
}

// order changes what is wanted of both.
export function order(change: Partial<Wanted> & { at?: number }): void {
  const { at, ...of } = change;
  batch(() => {
    wanted.value = { ...wanted.peek(), ...of };
    if (at !== undefined) target = Math.round(at);
    else if (of.playing) target = null;
    if (of.lane !== undefined || at !== undefined) [before, shown.value] = [null, { ...shown.peek(), difference: null, exact: false }];
  });
  told[0]![0] = told[1]![0] = "";
  if (of.space !== undefined) for (const i of [0, 1]) post(i, { netsplit: "space", open: of.space });
  note();
  lead();
}

function post(i: number, o: Order): void {
  windows[i]?.()?.postMessage(o, location.origin);
}

// tell gives an order that has to be obeyed; lest it is given with each report, it is repeated after a while only.
function tell(i: number, o: Order): void {
  const key = JSON.stringify(o);
  const [was, when] = told[i]!;
  if (was === key && performance.now() - when < AGAIN) return;
  told[i] = [key, performance.now()];
  post(i, o);
}

function take(i: 0 | 1, d: Digest): void {
  const list = digests[i];
  const first = list.length === 0;
  const last = list.at(-1);
  if (last && (d.at < last.at || d.lane !== last.lane || d.since !== last.since)) list.length = 0; // it has gone elsewhere
  list.push(d);
  if (list.length > KEPT) list.shift();
  if (first && wanted.peek().space) post(i, { netsplit: "space", open: true });
  lead();
}

// lead brings both to where they are wanted, and compares them.
function lead(): void {
  const [a, b] = [digests[0].at(-1), digests[1].at(-1)];
  if (!a || !b) return;
  const lanes = a.lanes.filter((l) => b.lanes.includes(l));
  if (!lanes.includes(wanted.peek().lane)) wanted.value = { ...wanted.peek(), lane: lanes[0] ?? "" };
  const edge = Math.min(a.edge, b.edge);
  if (target !== null) target = Math.min(target, edge);
  for (const [i, d, other] of [[0, a, b], [1, b, a]] as const) guide(i, d, other);
  if (target !== null && settled(a) && settled(b)) target = null;
  const { speed } = wanted.peek();
  if (speed > 0 && a.speed === speed && b.speed === speed) wanted.value = { ...wanted.peek(), speed: 0 };
  ready.value = true;
  const [one, two] = rooms.peek()!;
  const basis = { edge, speed: speed || a.speed, lanes, ended: a.room !== one.room || b.room !== two.room };
  shown.value = { ...shown.peek(), ...basis, at: Math.min(a.at, b.at) };
  if (a.lane === wanted.peek().lane && b.lane === a.lane) contrast(a, b);
}

const settled = (d: Digest): boolean => d.still && d.at === target;

// guide gives one of them the order that it needs, if any.
function guide(i: number, d: Digest, other: Digest): void {
  const { playing, lane, speed } = wanted.peek();
  if (d.lane !== lane) return tell(i, { netsplit: "lane", lane });
  if (speed > 0 && d.speed !== speed) return tell(i, { netsplit: "speed", speed });
  if (!playing) {
    if (d.playing) return tell(i, { netsplit: "run", on: false });
    if (target === null && d.still && other.still && d.at > other.at) target = other.at;
    if (target !== null && d.at !== target && d.still) tell(i, { netsplit: "seek", at: target });
    return;
  }
  if (i === 1 && speed === 0 && d.speed !== other.speed) return tell(i, { netsplit: "speed", speed: other.speed });
  const ahead = d.at - other.at > DRIFT * 1e6 * d.speed;
  if (d.playing === ahead && !d.ended) tell(i, { netsplit: "run", on: !ahead });
}

// contrast compares both at the earlier one's moment, and has each light what differs.
function contrast(a: Digest, b: Digest): void {
  const exact = a.still && b.still && a.at === b.at;
  const at = Math.min(a.at, b.at);
  const [x, y] = exact ? [a, b] : [asOf(digests[0], at), asOf(digests[1], at)];
  if (!x || !y || (!exact && !wanted.peek().playing)) return;
  const now = differ(x, y);
  const difference = exact || !before ? now : lasting(now, before.difference);
  if (!before || exact || performance.now() - before.at > LASTING) before = { at: performance.now(), difference: now };
  shown.value = { ...shown.peek(), difference, exact };
  palette.show([...x.values, ...y.values]);
  for (const i of [0, 1] as const) {
    const o: Order = { netsplit: "lit", nodes: difference.nodes.map((n) => n.name), scores: difference.scores.map((s) => s.name), messages: difference.only[i].map((n) => n.id), inks: palette.list() };
    const key = JSON.stringify(o);
    if (posted[i] !== key) post(i, o);
    posted[i] = key;
  }
}
