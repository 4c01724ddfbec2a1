// The page in a frame of the page that compares: it shows one lane, does what it is told, tells what it shows, and lights
// what differs.
import { effect } from "@preact/signals";
import * as actions from "./actions";
import type { Digest, Order, Report } from "./differ";
import { figuresOf } from "./figures";
import { verdictOf } from "./panel_words";
import * as store from "./store";
import { amount } from "./words";
import type { NodeView } from "./wire";

const EVERY = 80; // milliseconds between two reports
const MOST = 3000; // messages in one

let lane = ""; // the one shown
let dirty: ReturnType<typeof setTimeout> | undefined;
let last = "";

// serve listens to the page around, and reports to it.
export function serve(): void {
  addEventListener("message", (e: MessageEvent<Order>) => {
    if (e.origin === location.origin && e.source === parent && typeof e.data?.netsplit === "string") obey(e.data);
  });
  effect(() => {
    void [store.lanes.value, store.clock.value, store.now.value, store.playing.value, store.world.value];
    dirty ??= setTimeout(report, EVERY);
  });
}

function obey(o: Order): void {
  switch (o.netsplit) {
    case "seek":
      if (o.at >= store.clock.peek().edge) actions.live();
      else actions.jump(o.at);
      return;
    case "run":
      return actions.run(o.on);
    case "speed":
      return actions.speed(o.speed);
    case "lane":
      return show(o.lane);
    case "space":
      return store.showTab("spacetime", o.open);
    case "lit":
      store.palette.fix(o.inks);
      return store.setContrast({ nodes: new Set(o.nodes), scores: new Set(o.scores), messages: new Set(o.messages) });
  }
}

function show(name: string): void {
  lane = name;
  const i = store.world.peek()?.lanes.findIndex((l) => l.name === name) ?? -1;
  if (i < 0) return;
  store.fill(name);
  store.showLane(i);
  dirty ??= setTimeout(report, 0);
}

function report(): void {
  dirty = undefined;
  const digest = digestOf();
  if (!digest) return;
  const { letters, ...rest } = digest;
  const key = `${JSON.stringify(rest)} ${letters.length} ${letters.at(-1)?.id} ${store.archives[store.shownLane.peek()]?.version}`;
  if (key !== last) parent.postMessage({ netsplit: "digest", digest } satisfies Report, location.origin);
  last = key;
  if (!digest.still) dirty = setTimeout(report, EVERY);
}

// digestOf is what is shown now; null before the first state.
function digestOf(): Digest | null {
  const w = store.world.peek();
  if (!w) return null;
  const i = Math.max(w.lanes.findIndex((l) => l.name === lane), 0);
  const [shown, c] = [store.lanes.peek()[i], store.clock.peek()];
  if (!shown) return null;
  const at = Math.round(store.playback.now);
  const { since, holes } = store.known.peek();
  return {
    room: w.room,
    at,
    since,
    holes,
    edge: c.edge,
    still: !c.coming && !c.playing && store.playback.settled() && at === c.at,
    playing: c.playing,
    ended: c.ended,
    speed: c.speed,
    lanes: w.lanes.map((l) => l.name),
    lane: w.lanes[i]!.name === lane ? lane : "",
    values: store.palette.list().map(([value]) => value),
    nodes: shown.nodes.map((n, k) => [w.nodes[k]?.name ?? "", w.lanes[i]!.holds[k] === false ? "" : held(n), role(n)]),
    scores: [["", verdictOf(shown.verdict, shown.scores)], ...figuresOf(shown.scores, w.unit).map((f): [string, string] => [f.name, f.value])],
    letters: (store.archives[i]?.letters ?? [])
      .filter((m) => m.due > since && m.sent <= at)
      .slice(-MOST)
      .map(({ id, from, to, kind, sent, due, lost }) => ({ is: `${w.nodes[from]?.name ?? ""} → ${w.nodes[to]?.name ?? ""} ${w.kinds[kind] ?? ""} ${sent}`, id, sent, due, lost })),
  };
}

const held = (n: NodeView): string => n.siblings?.map((s) => (s.deleted ? "–" : amount(s.value))).join(", ") || n.text || amount(n.value);

const role = (n: NodeView): string => [n.role, n.role && n.term, n.down && "down", n.paused && "paused"].filter(Boolean).join(" ");
