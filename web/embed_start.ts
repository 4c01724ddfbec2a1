// How an embed begins: it loads the page's own script, and with that opens a room, when somebody asks for it and not before.
import { arrived, load, modules, play, when } from "./embed_run";
import { embed as words } from "./embed_words";

const root = document.documentElement;
const told = root.dataset;
const ALIVE = 400; // milliseconds without a frame after which the picture's clock is moved by a timer

// ORIGIN is the first instant at which a room can stand: 0 is where it plays.
export const ORIGIN = "0.000001s";

export const byId = (id: string): HTMLElement => document.getElementById(id)!;

let starting: Promise<void> | null = null;
const followers: (() => void)[] = [];

// follow has something done as soon as there is a run.
export function follow(f: () => void): void {
  followers.push(f);
}

// begun waits until the run is there, and begins it where it has not begun: playing, or standing at its start. By itself
// it does as the address says.
export function begun(playing = told.run !== "paused"): Promise<void> {
  starting ??= start(playing).catch((e: unknown) => {
    starting = null;
    delete told.started;
    byId("start").hidden = false;
    note(words.failed);
    throw e;
  });
  return starting;
}

async function start(playing: boolean): Promise<void> {
  told.started = "1";
  byId("start").hidden = true;
  note(words.starting);
  if (!playing && !/(?:^|&)at=/.test(told.fragment ?? "")) told.fragment = [told.fragment, `at=${ORIGIN}`].filter(Boolean).join("&");
  await load();
  const { signals, store } = modules();
  store.chooseLanes(asked());
  uncover();
  await when(() => store.world.value !== null);
  signals.effect(settle);
  await arrived();
  if (playing) await play(true);
  note();
  for (const f of followers) f();
  setInterval(tick, ALIVE);
}

// uncover takes the picture away once the stage is painted.
function uncover(): void {
  const look = new MutationObserver(() => {
    if (document.body.dataset.ready !== "1") return;
    look.disconnect();
    byId("cover").hidden = true;
  });
  look.observe(document.body, { attributes: true });
}

const asked = (): string[] => (told.lanes ?? "").split(",").filter(Boolean);

let settled = ""; // the room that it was done for
let missing: string[] = []; // lanes that the run does not have

// settle brings what the address says into a room that has just been opened.
function settle(): void {
  const { actions, store } = modules();
  const w = store.world.value;
  if (!w || w.room === settled) return;
  settled = w.room;
  const there = asked().filter((name) => w.lanes.some((l) => l.name === name));
  missing = asked().filter((name) => !there.includes(name));
  store.chooseLanes(there);
  if (there.length > 0) store.showLane(w.lanes.findIndex((l) => l.name === there[0]));
  store.fill(there.length === 1 ? there[0]! : "");
  if (told.speed) actions.speed(Number(told.speed));
  note();
}

let frame = 0;

// tick moves the picture's clock where the browser draws no frames, as of an embed that is scrolled out of sight.
function tick(): void {
  if (frame !== 0) modules().store.advance(ALIVE);
  else frame = requestAnimationFrame(() => (frame = 0));
}

// note says what is under way, or what the address asked for in vain.
export function note(text = ""): void {
  const bad = (told.bad ?? "").split("\n").filter(Boolean);
  const parts = [text, bad.length > 0 ? words.bad(bad) : "", missing.length > 0 ? words.noLane(missing) : ""];
  byId("said").textContent = parts.filter(Boolean).join(" ");
}
