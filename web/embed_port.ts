// The port between an embed and the page around it. The page's exact origin stands in the embed's address: only there
// goes the port, and only from there is it asked for. Without one nothing is said and nothing is heard.
import { orders } from "./embed_orders";
import { orderIn, type Order } from "./embed_read";
import { loaded, modules, shown } from "./embed_run";
import { follow } from "./embed_start";
import { errors } from "./embed_words";

const VERSION = 1; // of what is said here
const STATE = 250; // milliseconds between two states, at least
const MOST = 32; // orders that wait for their answer
const STORIES = 20; // told at once, the latest

let port: MessagePort | null = null;
let waiting = 0;
let told = ""; // the latest state
let toldAt = -STATE;
let due: ReturnType<typeof setTimeout> | undefined;
let height = 0;
let latest = 0; // story

// speak offers the page around a port, now and whenever it asks for one; the newest is the one that counts.
export function speak(origin: string): void {
  addEventListener("message", (e: MessageEvent) => {
    if (e.source === parent && e.origin === origin && e.data?.netsplit === "connect") offer(origin);
  });
  new ResizeObserver(measure).observe(document.body);
  follow(watch);
  offer(origin);
}

// watch says what is new of the run, as it comes.
function watch(): void {
  const { signals, store } = modules();
  signals.effect(() => {
    void [store.clock.value, store.lanes.value, store.away.value, store.world.value];
    state();
  });
  signals.effect(() => {
    void store.stories.value;
    stories();
  });
}

function offer(origin: string): void {
  port?.close();
  const channel = new MessageChannel();
  port = channel.port1;
  port.onmessage = (e: MessageEvent<unknown>) => void hear(e.data);
  parent.postMessage({ netsplit: "port", version: VERSION }, origin, [channel.port2]);
  say({ event: "ready", version: VERSION, orders: Object.keys(orders), started: loaded() });
  [told, height] = ["", 0];
  measure();
  state();
}

function say(m: object): void {
  port?.postMessage(m);
}

function measure(): void {
  const now = Math.ceil(document.body.getBoundingClientRect().height);
  if (now === height || now === 0) return;
  height = now;
  say({ event: "resize", height });
}

// state says what is shown, where that has changed, and at most four times a second.
function state(): void {
  if (!port || due !== undefined) return;
  const wait = Math.max(toldAt + STATE - performance.now(), 0);
  due = setTimeout(() => {
    due = undefined;
    if (performance.now() < toldAt + STATE) return state(); // timers may be early
    const now = shown();
    const text = JSON.stringify(now);
    if (text === told) return;
    [told, toldAt] = [text, performance.now()];
    say({ event: "state", wall: Math.round(toldAt), state: now });
  }, wait);
}

// stories hands on what has happened.
function stories(): void {
  const fresh = modules().store.stories.peek().filter((s) => s.id > latest);
  latest = fresh.at(-1)?.id ?? latest;
  for (const { at, kind, lane, text } of fresh.slice(-STORIES)) say({ event: "event", kind, lane, at: at / 1e6, text });
}

async function hear(data: unknown): Promise<void> {
  const from = port;
  let id = 0;
  try {
    const o = orderIn(data);
    id = o.id;
    const result = await carryOut(o);
    from?.postMessage({ id, result });
  } catch (e) {
    from?.postMessage({ id, error: e instanceof Error ? e.message : String(e) });
  }
}

async function carryOut(o: Order): Promise<unknown> {
  if (!Object.hasOwn(orders, o.do)) throw new Error(errors.unknown(o.do.slice(0, 40)));
  if (waiting >= MOST) throw new Error(errors.busy);
  waiting++;
  try {
    return await orders[o.do]!(o);
  } finally {
    waiting--;
  }
}
