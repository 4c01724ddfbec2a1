// The browser's state, and the only code that writes it. Panels follow the signals; the stage looks at the plain
// values when it paints, and is told by `touched` that something has changed.
import { batch, computed, signal } from "@preact/signals";
import { emptyArchive, recall, record, type Archive, type Names } from "./archive";
import { chosen, nameOf } from "./causes";
import { faultOf } from "./faults";
import { flightOf, lose, sweep, type Flight } from "./flights";
import { fresh } from "./ledger";
import { healing } from "./healing";
import { amendLog, awayFlags } from "./partition";
import { enterRoom, watching } from "./store_company";
import { amendForks, setForks } from "./store_forks";
import { dropped, grip, hinting, wished } from "./store_hand";
import { knowAt, knowUntil } from "./store_lit";
import { productNames } from "./presets";
import { palette, playback, touch, wake } from "./store_paint";
import { drawerOpen, menu, seen, showTab, toasts } from "./store_panels";
import { filled, restarted, setup } from "./store_setup";
import { gather, headlineAt, type Told } from "./stories";
import { besideOf, moved, type Beside } from "./strips";
import type { Clock, Command, Delta, Inspection, State, Story } from "./wire";
import { callLanes, speakOf } from "./words";
import { amended, laneOf, MAX_STORIES, worldOf, type Lane, type World } from "./world";

export * from "./store_company";
export * from "./store_forks";
export * from "./store_hand";
export * from "./store_luck";
export * from "./store_lit";
export * from "./store_paint";
export * from "./store_panels";
export * from "./store_setup";
export * from "./store_text";
export * from "./store_speech";
export * from "./store_time";

const PACE_WALL = 600; // milliseconds until the server's word on playing counts again
const FADE_WALL = 700; // milliseconds that the mark of a lost message stays

export const world = signal<World | null>(null);
export const lanes = signal<Lane[]>([]);
export const clock = signal<Clock>({ at: 0, edge: 0, live: true, playing: false, speed: 1, ended: false });
export const groups = signal<number[]>([]);
export const commands = signal<Command[]>([]);
export const playing = signal(false); // what the visitor last asked for, and before long what is
// going is whether the run moves on: it plays, or is on its way to something.
export const going = computed(() => playing.value || Boolean(clock.value.until));
export const now = signal(0); // the instant that the picture shows, for the panels
export const glimpse = signal(-1); // the instant that a pointer is over, in a chart or on the space-time diagram; -1 for none
export const stories = signal<Told[]>([]);
export const headline = signal<Told | null>(null);
export const shownLane = signal(0); // on narrow screens
export const connection = signal<{ state: "open" | "opening" | "closed" | "refused"; retryIn: number; reason: string }>({
  state: "opening",
  retryIn: 0,
  reason: "",
});
export const why = signal<{ lane: number; name: string; led: boolean } | null>(null); // the lane that is explained, and which violation; "" for what was checked; and whether the presenter has opened it
export const hot = signal(-1); // the step of that violation that hands or keys are on
export const cause = computed(() => (why.value?.name ? (lanes.value[why.value.lane]?.causes.find((c) => nameOf(c) === why.value!.name) ?? null) : null));
export const cut = computed(() => (world.value?.cables ?? []).map((_, i) => lanes.value.some((l) => faultOf(l.links[i], l.cut[i] ?? false).torn))); // of each cable, in any lane: nothing gets through
export const away = computed(() => awayFlags(groups.value));
// cure is what Heal would do at the moment shown.
export const cure = computed(() => {
  const { names = [], nodes = [], cables = [], lanes: set = [] } = world.value ?? {};
  const sick = lanes.value.map((l, i) => ({ name: set[i]?.name ?? "", links: l.links }));
  return healing({ names, nodes: nodes.map((n) => n.name), lanes: sick, cables, groups: groups.value, commands: commands.value, now: now.value });
});
export const healable = computed(() => cure.value.commands.length + cure.value.flaps.length > 0);
export const hintShown = computed(() => hinting.value && !watching.value && !drawerOpen.value && !away.value.some(Boolean)); // an open drawer leaves no room for it

// A Selection is what is looked into: a node, a message or an operation of a lane, or nothing of it yet.
export interface Selection {
  lane: number;
  node?: number;
  message?: number;
  operation?: number;
}
export const selected = signal<Selection | null>(null);
export const inspection = signal<Inspection | null>(null); // the latest answer about what is selected
export const uninspected = signal(""); // why there is none
// archives are what the page has seen of each lane.
export let archives: Archive[] = [];
let archived = ""; // the room and the run that they are of
let names: Names = { kinds: [], outcomes: [] };

// flights are the messages to draw, by lane and id.
export let flights: Map<number, Flight>[] = [];
// beside is what stands by the nodes, by lane: timers, logs, tallies. No signal: it changes with every delta, and the
// stage alone shows it all the time.
export let beside: Beside[] = [];

let pacedUntil = 0; // until then, what the visitor asked for counts
let turn: ReturnType<typeof setTimeout> | undefined; // when another story may be the headline

// pace shows at once that the visitor has asked to play or to pause.
export function pace(on: boolean): void {
  playing.value = on;
  pacedUntil = performance.now() + PACE_WALL;
  setTimeout(() => (playing.value = clock.peek().playing), PACE_WALL);
}

// begin shows a full state in place of everything before.
export function begin(s: State): void {
  speakOf(s.unit);
  callLanes(productNames(s.lanes ?? []));
  batch(() => {
    const before = world.peek();
    const again = before?.room === s.room && before.run === s.run;
    if (before?.room === s.room && before.run !== s.run) anew(s);
    enterRoom(s, before && { room: before.room, key: before.key });
    world.value = worldOf(s);
    groups.value = s.groups ?? [];
    commands.value = s.commands ?? [];
    setForks(s);
    knowAt(`${s.room} ${s.run}`, s.clock.at);
    setClock(s.clock);
    playing.value = s.clock.playing;
    now.value = s.clock.at;
    playback.reset(s.clock);
    lanes.value = (s.lanes ?? []).map((l, i) => laneOf(l, again ? (lanes.peek()[i]?.causes ?? []) : []));
    if (!again) why.value = menu.value = null;
    flights = (s.lanes ?? []).map((l) => new Map((l.packets ?? []).map(flightOf)));
    archive(s);
    beside = (s.lanes ?? []).map(besideOf);
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

// archive takes a full state into the archives, which begin anew with a run.
function archive(s: State): void {
  const of = `${s.room} ${s.run}`;
  if (of !== archived) {
    archives = (s.lanes ?? []).map(emptyArchive);
    selected.value = inspection.value = null;
  }
  archived = of;
  names = { kinds: s.op_kinds ?? [], outcomes: s.outcomes ?? [] };
  (s.lanes ?? []).forEach((l, i) => archives[i] && recall(archives[i], l, names));
}

// anew notes that the room's run has begun anew: the form that asked for it is done.
function anew(s: State): void {
  restarted.value = s.restarted ?? null;
  if (setup.peek()?.sent) setup.value = null;
  const names = (s.lanes ?? []).map((l) => l.name);
  if (!names.includes(filled.peek())) filled.value = "";
  const shown = names.indexOf(world.peek()?.lanes[shownLane.peek()]?.name ?? "");
  shownLane.value = shown < 0 ? Math.min(shownLane.peek(), names.length - 1) : shown;
}

// receive takes a delta in: what flies at once, since flights are drawn by their own times; the rest when the
// picture's clock gets there.
export function receive(d: Delta): void {
  (d.lanes ?? []).forEach((l, i) => {
    const air = flights[i];
    if (!air) return;
    for (const p of l.packets ?? []) air.set(p[0], flightOf(p)[1]);
    for (const f of l.lost ?? []) lose(air, f);
    if (archives[i]) record(archives[i], l, names);
  });
  if (!d.clock.coming) knowUntil(d.clock.at);
  for (const due of playback.push(d)) apply(due);
  wake();
}

// advance moves the picture's clock on by a span of wall time.
export function advance(wall: number): void {
  const due = playback.advance(wall);
  batch(() => {
    for (const d of due) apply(d);
    if (due.length > 0 || Math.abs(playback.now - now.peek()) > 50_000 || playback.settled()) now.value = playback.now;
  });
  const stale = fade();
  for (const air of flights) sweep(air, playback.now, stale);
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
  amendForks(d);
  if (d.log) commands.value = amendLog(commands.peek(), d.log);
  const changes = d.lanes ?? [];
  beside = beside.map((b, i) => moved(b, changes[i] ?? {}));
  if (changes.some((l) => l.nodes || l.clients || l.cut || l.links || l.verdict || l.scores || l.models || l.causes || l.stories)) {
    lanes.value = lanes.value.map((lane, i) => amended(lane, changes[i] ?? {}));
  }
  if (changes.some((l) => l.nodes || l.logs)) showValues();
  addStories(changes.map((l) => l.stories ?? []), () => performance.now());
  touch();
}

// showValues tells which values have a colour: those that replicas hold, and then those that their logs are about to bring.
function showValues(): void {
  const holds = world.peek()?.lanes.map((l) => l.holds) ?? [];
  const held = lanes.peek().flatMap((l, i) => l.nodes.filter((_, n) => holds[i]?.[n] ?? true).flatMap((n) => n.siblings?.filter((s) => !s.deleted).map((s) => s.value) ?? [n.value]));
  palette.show([...held, ...beside.flatMap((b) => fresh(b.logs))]);
}

function addStories(perLane: Story[][], came: (at: number) => number): void {
  const w = world.peek();
  const known = { names: w?.names ?? [], labels: w?.labels ?? [], callers: w?.callers ?? [], lanes: w?.lanes ?? [], commands: commands.peek() };
  const fresh = gather(perLane, known, stories.peek(), came);
  if (fresh.length === 0) return;
  stories.value = [...stories.value, ...fresh].slice(-MAX_STORIES);
  lead();
}

// lead chooses the headline, now and whenever the time of one is over.
function lead(): void {
  clearTimeout(turn);
  const wall = performance.now();
  const { told, until } = headlineAt(stories.peek().filter((s) => s.lane === "" || seen(s.lane)), wall);
  headline.value = told;
  if (until < Infinity) turn = setTimeout(lead, Math.max(until - wall, 0) + 1);
}

export function showConnection(state: "open" | "opening" | "closed" | "refused", retryIn = 0, reason = ""): void {
  connection.value = { state, retryIn, reason };
}

export function showLane(i: number): void {
  shownLane.value = i;
  if (why.peek()) explain(i);
  touch();
}

// explain opens why a lane's verdict is what it is: at the violation of a name, or at the one that says most. A lane
// that is all right tells what was checked.
export function explain(lane: number, name = "", led = false): void {
  const list = lanes.peek()[lane]?.causes ?? [];
  const c = chosen(list, name);
  batch(() => {
    why.value = { lane, name: c ? nameOf(c) : "", led };
    hot.value = -1;
    shownLane.value = lane;
    if (filled.peek()) filled.value = world.peek()?.lanes[lane]?.name ?? "";
  });
  touch();
}

// pick shows another violation of the lane that is explained, or with "" what was checked.
export function pick(name: string): void {
  const open = why.peek();
  if (!open) return;
  batch(() => {
    why.value = { ...open, name };
    hot.value = -1;
  });
  touch();
}

export function closeWhy(): void {
  why.value = null;
  hot.value = -1;
  touch();
}

// point lights one step of the violation that is explained; -1 for none.
export function point(step: number): void {
  if (hot.peek() === step) return;
  hot.value = step;
  touch();
}

// inspect selects what is to be looked into, and may open the drawer there.
export function inspect(what: Selection | null, open = true): void {
  batch(() => {
    if (open) showTab("inspect", true);
    selected.value = what;
    inspection.value = null;
    uninspected.value = "";
  });
}

// inspected takes an answer in, or the reason why there is none.
export function inspected(i: Inspection | null, refusal = ""): void {
  batch(() => {
    inspection.value = i;
    uninspected.value = refusal;
  });
}

// glance marks an instant wherever time is drawn; -1 for none.
export function glance(at: number): void {
  glimpse.value = at;
}
