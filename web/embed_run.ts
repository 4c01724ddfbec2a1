// The run inside an embed: loads the page's own script when it is to begin, and waits until something is so. It borrows
// the script's modules, so that there is one store, and one line to the server.
import { errors } from "./embed_words";
import type { Outgoing } from "./socket";

const PATIENCE = 15_000; // milliseconds that an order may take
const WAY = 120_000; // and a run, to where it is to stand
const root = document.documentElement;

export const modules = () => globalThis.netsplit.modules;

// loaded tells whether the page's script is here.
export const loaded = (): boolean => Boolean(globalThis.netsplit);

let loading: Promise<void> | null = null;

// load fetches style and script, in this order: the stage measures by the style. The script opens the room.
export function load(): Promise<void> {
  loading ??= style(root.dataset.look ?? "")
    .then(() => script(root.dataset.app ?? ""))
    .catch((e: unknown) => {
      loading = null;
      throw e;
    });
  return loading;
}

const style = (href: string): Promise<void> => element(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));

const script = (src: string): Promise<void> => element(Object.assign(document.createElement("script"), { src, nonce: document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "" }));

function element(el: HTMLElement): Promise<void> {
  return new Promise((resolve, reject) => {
    el.onload = () => resolve();
    el.onerror = () => {
      el.remove();
      reject(new Error(errors.notLoaded));
    };
    document.head.append(el);
  });
}

// when waits until something is so. A message that was sent for it may be refused: then the reason is thrown.
export function when(so: () => boolean, sent = 0, patience = PATIENCE): Promise<void> {
  const { asking, signals } = modules();
  return new Promise((resolve, reject) => {
    let over = false;
    let stop = () => {};
    const end = (why?: string): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      queueMicrotask(() => stop());
      if (sent > 0) asking.settle(sent, null);
      if (why === undefined) resolve();
      else reject(new Error(why));
    };
    const timer = setTimeout(() => end(errors.slow), patience);
    if (sent > 0) void asking.answerTo(sent).then((a) => end(a?.type === "reject" ? a.reason : errors.lost));
    stop = signals.effect(() => {
      if (so()) end();
    });
  });
}

// tell sends a message, and waits until what it is for is so.
export function tell(m: Outgoing, so: () => boolean): Promise<void> {
  const sent = modules().actions.send(m);
  return sent === 0 ? Promise.reject(new Error(errors.unsent)) : when(so, sent);
}

// arrived waits until a run that was told to stand at a moment stands there.
export async function arrived(): Promise<void> {
  const { store } = modules();
  const [, at] = /.*(?:^|&)at=([0-9.]+)s/.exec(root.dataset.fragment ?? "") ?? [];
  const there = at === undefined ? -1 : Math.round(Number(at) * 1e6);
  await when(() => {
    const { at, playing, coming } = store.clock.value;
    return store.world.value !== null && (there < 0 || (at === there && !playing && !coming));
  }, 0, WAY);
}

// play plays or pauses.
export async function play(on: boolean): Promise<void> {
  const { store } = modules();
  const { playing, ended } = store.clock.peek();
  if (playing === on || (on && ended)) return;
  await tell({ type: on ? "play" : "pause" }, () => store.clock.value.playing === on || (on && store.clock.value.ended));
  store.pace(on);
}

// A Shown is what the page around is told of the run. Times are seconds.
export interface Shown {
  started: boolean;
  title?: string;
  scenario?: string;
  at?: number;
  edge?: number;
  live?: boolean;
  playing?: boolean;
  ended?: boolean;
  speed?: number;
  regions?: string[];
  away?: string[];
  lanes?: ShownLane[];
}

interface ShownLane {
  name: string;
  protocol: string;
  linearizable: string;
  operations: number;
  ok: number;
  fail: number;
  info: number;
  lostWrites: number;
  staleReads: number;
  values: Record<string, number | string>; // by node
}

// shown is what is shown now.
export function shown(): Shown {
  const w = loaded() ? modules().store.world.peek() : null;
  if (!w) return { started: loaded() };
  const { store } = modules();
  const c = store.clock.peek();
  const away = store.away.peek();
  return {
    started: true,
    title: w.title,
    scenario: w.scenario,
    at: c.at / 1e6,
    edge: c.edge / 1e6,
    live: c.live,
    playing: c.playing,
    ended: c.ended,
    speed: c.speed,
    regions: w.names,
    away: w.names.filter((_, i) => away[i]),
    lanes: w.lanes.map((l, i) => laneOf(l.name, l.protocol, i)),
  };
}

function laneOf(name: string, protocol: string, i: number): ShownLane {
  const { store } = modules();
  const w = store.world.peek()!;
  const { nodes = [], verdict, scores } = store.lanes.peek()[i] ?? {};
  return {
    name,
    protocol,
    linearizable: verdict?.linearizable ?? "unknown",
    operations: scores?.operations ?? 0,
    ok: scores?.ok ?? 0,
    fail: scores?.fail ?? 0,
    info: scores?.info ?? 0,
    lostWrites: scores?.lost_writes ?? 0,
    staleReads: scores?.stale_reads ?? 0,
    values: Object.fromEntries(nodes.flatMap((n, k) => (w.lanes[i]!.holds[k] === false ? [] : [[w.nodes[k]?.name ?? "", n.text || n.value]]))),
  };
}
