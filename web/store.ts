// The browser's state, and the only code that writes it. Panels follow the signals; the stage looks at the plain
// values when it paints, and is told by `touched` that something has changed.
import { batch, computed, signal } from "@preact/signals";
import type { Point } from "./curve";
import { amendLog, awayFlags } from "./partition";
import { createPlayback } from "./playback";
import { gather, headlineAt, type Told } from "./stories";
import { createPalette } from "./values";
import type {
  CableView,
  ClientState,
  Clock,
  Command,
  Delta,
  EndpointView,
  Fate,
  KnobView,
  LaneDelta,
  LaneState,
  NodeView,
  Packet,
  RegionView,
  Scores,
  State,
  Story,
  Verdict,
} from "./wire";
import { speakOf } from "./words";

// World is what does not change while one room is shown.
export interface World {
  room: string;
  key: string;
  title: string;
  scenario: string;
  unit: string; // what the workload's keys hold
  mainKey: string;
  kinds: string[];
  regions: RegionView[];
  names: string[]; // of the regions
  nodes: EndpointView[];
  clients: EndpointView[];
  labels: string[]; // of the nodes, for people: the region where a node is the only one there, or else its name
  nodesOf: number[][]; // of each region
  clientsOf: number[][];
  cables: CableView[];
  lanes: { name: string; protocol: string; knobs: KnobView[]; holds: boolean[] }[];
}

// Flight is a message on its way, or lost a moment ago.
export interface Flight {
  from: number;
  to: number;
  kind: number;
  sent: number;
  due: number;
  lost: number; // -1 while it is not
}

export interface Lane {
  nodes: NodeView[];
  clients: ClientState[];
  cut: boolean[]; // of each cable
  verdict: Verdict;
  scores: Scores;
  losses: Story[]; // stories of kind lost
}

export interface Toast {
  id: number;
  text: string;
  behind: boolean; // what was refused can be done at the live edge
}

const MAX_STORIES = 200; // kept for the list
const MAX_TOASTS = 3;
const WISH_WALL = 2500; // milliseconds until a region stops waiting for its command
const PACE_WALL = 600; // milliseconds until the server's word on playing counts again
const FADE_WALL = 700; // milliseconds that the mark of a lost message stays

export const world = signal<World | null>(null);
export const lanes = signal<Lane[]>([]);
export const clock = signal<Clock>({ at: 0, edge: 0, live: true, playing: false, speed: 1, ended: false });
export const groups = signal<number[]>([]);
export const commands = signal<Command[]>([]);
export const playing = signal(false); // what the visitor last asked for, and before long what is
export const now = signal(0); // the instant that the picture shows, for the panels
export const stories = signal<Told[]>([]);
export const headline = signal<Told | null>(null);
export const shownLane = signal(0); // on narrow screens
export const connection = signal<{ state: "open" | "opening" | "closed" | "refused"; retryIn: number; reason: string }>({
  state: "opening",
  retryIn: 0,
  reason: "",
});
export const toasts = signal<Toast[]>([]);
const hinting = signal(true); // nobody has torn a region off by hand yet
export const storyOpen = signal(false);
export const why = signal(""); // the lane whose verdict is being explained
export const helpOpen = signal(false);
export const cut = computed(() => (world.value?.cables ?? []).map((_, i) => lanes.value.some((l) => l.cut[i]))); // of each cable, in any lane
export const away = computed(() => awayFlags(groups.value));
export const hintShown = computed(() => hinting.value && !away.value.some(Boolean));

export const playback = createPlayback();
export const palette = createPalette();
// flights are the messages to draw, by lane and id.
export let flights: Map<number, Flight>[] = [];

// touched counts changes that the stage shows.
export let touched = 0;
let wake: () => void = () => {};
let ids = 0;
let pacedUntil = 0; // until then, what the visitor asked for counts
let turn: ReturnType<typeof setTimeout> | undefined; // when another story may be the headline

export function onWake(f: () => void): void {
  wake = f;
}

function touch(): void {
  touched++;
  wake();
}

// A Grip is a region in a visitor's hand.
export interface Grip {
  region: number;
  place: Point; // where the pointer holds it, in shares of the stage
  torn: boolean; // the partition has been sent during this drag
}
export let grip: Grip | null = null;
// dropped is where regions that are away were put, as an offset from home in shares of the stage.
export const dropped = new Map<string, Point>();
// wished holds the regions for which a command is under way: they rest where they will be.
export const wished = new Map<string, boolean>();

// spots are where regions stand while they are away and nobody has put them anywhere, in pixels.
export let spots: Point[] = [];

export function setSpots(list: Point[]): void {
  spots = list;
}

export function setGrip(g: Grip | null): void {
  grip = g;
  touch();
}

// hint says whether to tell that regions can be dragged away.
export function hint(on: boolean): void {
  hinting.value = on;
  touch();
}

export function drop(region: string, offset: Point | null): void {
  if (offset) dropped.set(region, offset);
  else dropped.delete(region);
  touch();
}

// wish lets a region rest where a command under way will have it; the server's word, or time, undoes it.
export function wish(region: string, isAway: boolean): void {
  wished.set(region, isAway);
  if (playback.speed > 0) setTimeout(unwish, WISH_WALL);
  touch();
}

export function unwish(): void {
  wished.clear();
  touch();
}

// pace shows at once that the visitor has asked to play or to pause.
export function pace(on: boolean): void {
  playing.value = on;
  pacedUntil = performance.now() + PACE_WALL;
  setTimeout(() => (playing.value = clock.peek().playing), PACE_WALL);
}

// begin shows a full state in place of everything before.
export function begin(s: State): void {
  speakOf(s.unit);
  batch(() => {
    world.value = {
      room: s.room,
      key: s.key,
      title: s.title,
      scenario: s.scenario,
      unit: s.unit,
      mainKey: s.main_key,
      kinds: s.kinds ?? [],
      regions: s.regions ?? [],
      names: (s.regions ?? []).map((r) => r.name),
      nodes: s.nodes ?? [],
      clients: s.clients ?? [],
      labels: labelsOf(s.regions ?? [], s.nodes ?? []),
      nodesOf: byRegion(s.regions ?? [], s.nodes ?? []),
      clientsOf: byRegion(s.regions ?? [], s.clients ?? []),
      cables: s.cables ?? [],
      lanes: (s.lanes ?? []).map((l) => ({ name: l.name, protocol: l.protocol, knobs: l.knobs ?? [], holds: l.holds ?? [] })),
    };
    groups.value = s.groups ?? [];
    commands.value = s.commands ?? [];
    setClock(s.clock);
    playing.value = s.clock.playing;
    now.value = s.clock.at;
    playback.reset(s.clock);
    lanes.value = (s.lanes ?? []).map(laneOf);
    flights = (s.lanes ?? []).map((l) => new Map((l.packets ?? []).map(flightOf)));
    stories.value = [];
    headline.value = null;
    clearTimeout(turn);
    const heard = performance.now();
    addStories((s.lanes ?? []).map((l) => l.stories ?? []), (at) => heard - (s.clock.at - at) / 1000 / Math.max(s.clock.speed, 0.01));
    connection.value = { state: "open", retryIn: 0, reason: "" };
  });
  wished.clear();
  showValues();
  touch();
}

// byRegion lists the indexes of each region's nodes or clients.
export function byRegion(regions: readonly RegionView[], ends: readonly EndpointView[]): number[][] {
  return regions.map((_, region) => ends.flatMap((e, i) => (e.region === region ? [i] : [])));
}

// labelsOf names nodes: the only one of a region by the region.
export function labelsOf(regions: readonly RegionView[], nodes: readonly EndpointView[]): string[] {
  return nodes.map((n) => (nodes.filter((o) => o.region === n.region).length === 1 ? (regions[n.region]?.name ?? n.name) : n.name));
}

function laneOf(l: LaneState): Lane {
  return {
    nodes: l.nodes ?? [],
    clients: l.clients ?? [],
    cut: l.cut ?? [],
    verdict: l.verdict,
    scores: l.scores,
    losses: (l.stories ?? []).filter((s) => s.kind === "lost"),
  };
}

function flightOf([id, from, to, kind, sent, due, lost]: Packet): [number, Flight] {
  return [id, { from, to, kind, sent, due, lost }];
}

// receive takes a delta in: what flies at once, since flights are drawn by their own times; the rest when the
// picture's clock gets there.
export function receive(d: Delta): void {
  (d.lanes ?? []).forEach((l, i) => {
    const air = flights[i];
    if (!air) return;
    for (const p of l.packets ?? []) air.set(p[0], flightOf(p)[1]);
    for (const f of l.lost ?? []) lose(air, f);
  });
  for (const due of playback.push(d)) apply(due);
  wake();
}

function lose(air: Map<number, Flight>, [id, when]: Fate): void {
  const flight = air.get(id);
  if (flight) flight.lost = when;
}

// advance moves the picture's clock on by a span of wall time.
export function advance(wall: number): void {
  const due = playback.advance(wall);
  batch(() => {
    for (const d of due) apply(d);
    if (due.length > 0 || Math.abs(playback.now - now.peek()) > 50_000 || playback.settled()) now.value = playback.now;
  });
  const stale = fade();
  for (const air of flights) {
    for (const [id, f] of air) {
      if ((f.lost >= 0 ? Math.max(f.lost, Math.min(f.due, f.lost + stubTime(f))) + stale : f.due) < playback.now) air.delete(id);
    }
  }
}

// STUB is the share of a torn cable that is left at each end.
export const STUB = 0.24;

// stubTime is how long a message sent into a cut cable is seen to move.
function stubTime(f: Flight): number {
  return (f.due - f.sent) * 0.5; // at most: a stub is shorter, but may begin under its nodes
}

// fade is how long, in virtual time, the mark of a lost message stays.
export function fade(): number {
  return Math.max(FADE_WALL * 1000 * clock.peek().speed, 20_000);
}

// setClock takes the server's word on where the picture stands.
function setClock(c: Clock): void {
  clock.value = c;
  if (c.live && toasts.peek().some((t) => t.behind)) toasts.value = toasts.peek().filter((t) => !t.behind);
}

function apply(d: Delta): void {
  setClock(d.clock);
  if (performance.now() > pacedUntil) playing.value = d.clock.playing;
  if (d.groups) {
    groups.value = d.groups;
    wished.clear();
    const names = world.peek()?.names ?? [];
    names.forEach((name, i) => away.peek()[i] || grip?.region === i || dropped.delete(name));
  }
  if (d.log) commands.value = amendLog(commands.peek(), d.log);
  const changes = d.lanes ?? [];
  if (changes.some((l) => l.nodes || l.clients || l.cut || l.verdict || l.scores || l.stories)) {
    lanes.value = lanes.value.map((lane, i) => amended(lane, changes[i] ?? {}));
    showValues();
  }
  addStories(changes.map((l) => l.stories ?? []), () => performance.now());
  touch();
}

function amended(lane: Lane, d: LaneDelta): Lane {
  const losses = (d.stories ?? []).filter((s) => s.kind === "lost");
  return {
    nodes: d.nodes ? lane.nodes.map((n, i) => d.nodes![i] ?? n) : lane.nodes,
    clients: d.clients ? lane.clients.map((c, i) => d.clients![i] ?? c) : lane.clients,
    cut: d.cut ?? lane.cut,
    verdict: d.verdict ?? lane.verdict,
    scores: d.scores ?? lane.scores,
    losses: losses.length > 0 ? [...lane.losses, ...losses].slice(-MAX_STORIES) : lane.losses,
  };
}

function showValues(): void {
  const holds = world.peek()?.lanes.map((l) => l.holds) ?? [];
  palette.show(lanes.peek().flatMap((l, i) => l.nodes.filter((_, n) => holds[i]?.[n] ?? true).map((n) => n.value)));
}

function addStories(perLane: Story[][], came: (at: number) => number): void {
  const w = world.peek();
  const known = { names: w?.names ?? [], labels: w?.labels ?? [], lanes: w?.lanes ?? [], commands: commands.peek() };
  const fresh = gather(perLane, known, stories.peek(), came);
  if (fresh.length === 0) return;
  stories.value = [...stories.value, ...fresh].slice(-MAX_STORIES);
  lead();
}

// lead chooses the headline, now and whenever the time of one is over.
function lead(): void {
  clearTimeout(turn);
  const wall = performance.now();
  const { told, until } = headlineAt(stories.peek(), wall);
  headline.value = told;
  if (until < Infinity) turn = setTimeout(lead, Math.max(until - wall, 0) + 1);
}

export function showConnection(state: "open" | "opening" | "closed" | "refused", retryIn = 0, reason = ""): void {
  connection.value = { state, retryIn, reason };
}

export function toast(text: string, behind = false): void {
  const id = ++ids;
  toasts.value = [...toasts.value.filter((t) => t.text !== text), { id, text, behind }].slice(-MAX_TOASTS);
  setTimeout(() => dismiss(id), 7000);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((t) => t.id !== id);
}

export function showLane(i: number): void {
  shownLane.value = i;
  touch();
}

// openStory shows all stories; those that explain a lane's verdict stand out if it is named.
export function openStory(open: boolean, lane = ""): void {
  storyOpen.value = open;
  why.value = lane;
}

export function openHelp(open: boolean): void {
  helpOpen.value = open;
}
