// Everything that a visitor can do, as messages to the server. Gestures and controls call these; nothing here draws.
import { answerTo, type Answer, begun, runAfter, settle, unanswered } from "./asking";
import { nowhere, parse, type Fragment } from "./fragment";
import { arrived, guest, presentedIn } from "./guest";
import { setupForm } from "./lane_words";
import { notices } from "./panel_words";
import { may, mayDo } from "./rights";
import { salvage } from "./salvage";
import { isUnopened, link, whyUnopened } from "./share_words";
import { show } from "./sharing";
import { connect, type Line, type Outgoing } from "./socket";
import * as store from "./store";
import { ends, flap as flapping } from "./menu_faults";
import { move } from "./partition";
import type { Slash } from "./strokes";
import type { Goal, Halt } from "./time_words";
import type { Catalog, ClientMessage, Command, Edit, Reject, Script, Series, Timeline, Verb } from "./wire";

// ENGINE is the number of the simulator that the page was made for.
export const ENGINE = Number(document.documentElement.dataset.engine ?? 1);

let line: Line | null = null;
let asked = 0; // the latest inspect sent
let wanted: Fragment | null = null; // what the link asks for, until it is shown
let apart = 0; // the message by which the visitor has left the presenter
let walked = 0; // the latest step or run until something
const behind = new Map<number, Outgoing[]>(); // what was sent while the visitor looked at a moment before the live edge, with what was sent along with it
let along: Outgoing[] = []; // that is sent in this turn
let target: { room: string; key: string } | null = null; // the room that is being entered
let afresh = false; // what is shown is given up for a new room
let first: Outgoing; // the hello by which the page came
let visited = false; // its address shall come after the one before, rather than in its place

// start opens the room that the page's address names.
export function start(): void {
  first = firstHello();
  line = connect({
    hello: () => {
      const w = afresh ? null : store.world.peek();
      // What was asked for stays in the hello: should the room have ended, the same story begins anew.
      const to = target ?? (w && { room: w.room, key: w.key });
      return { ...first, ...to, ...presentedIn(to?.room) };
    },
    state(s) {
      store.begin(s);
      begun(s);
      arrive(s.clock.coming ? s.clock.at : s.clock.edge);
      const hash = new URLSearchParams({ room: s.room, key: s.key || s.view_key });
      const address = `${location.pathname}${location.search}#${hash}`;
      afresh = false;
      if (!embedded() && visited) history.pushState(null, "", address);
      else if (!embedded()) history.replaceState(null, "", address); // a frame's address is the author's
      [target, visited] = [null, false];
    },
    delta: store.receive,
    answer: (a) => void settle(a.of, a),
    progress: store.progressed,
    audience(a) {
      store.hear(a);
      arrived();
    },
    glance: store.present,
    reject(r, hello) {
      if (r.of !== 0 && settle(r.of, r)) return;
      if (r.of !== 0 && r.of === apart) store.followAgain(); // it has not
      if (r.of !== 0 && r.of === walked) return store.toast(notices.remark(r.reason));
      store.unwish();
      const form = store.setup.peek();
      if (form?.sent && form.sent === r.of) return store.asked(0, notices.remark(r.reason));
      if (hello) return remark(r);
      const refused = behind.get(r.of) ?? [];
      store.toast(notices.rejected(r.reason), refused.length > 0, null, refused);
    },
    shut(reason, tooBig) {
      if (!tooBig || !first.run) return store.showConnection("refused", 0, reason);
      complain({ lead: link.tooLong(first.run.length), instead: true, bad: null });
      void salvage(first.run).then((saved) => saved && complain({ saved }));
      wanted = null;
      first = { type: "hello", engine: ENGINE, guest: guest() };
      return true;
    },
    closed(retryIn, reason) {
      unanswered();
      store.asked(0);
      store.showConnection("closed", retryIn, reason);
    },
  });
}

const embedded = (): boolean => Boolean(document.documentElement.dataset.embed);

// begin opens a new room, of what an embed is told to show, in place of the one there is.
export function begin(): void {
  [wanted, target, afresh] = [null, null, true];
  store.dismissRestart();
  unanswered();
  first = firstHello();
  line?.anew();
}

// firstHello reads the address, or what an embed is told instead: a room again, a run from a link, a gallery scenario, or
// a new room.
function firstHello(): Outgoing {
  const told = document.documentElement.dataset;
  const { fragment, bad } = parse(told.fragment ?? location.hash);
  const hello: Outgoing = { type: "hello", engine: ENGINE, guest: guest() };
  const scenario = told.scenario ?? new URLSearchParams(location.search).get("scenario");
  if (scenario) hello.scenario = scenario;
  const { room, key, run, at } = fragment;
  if (room) return { ...hello, room, key };
  if (bad.length > 0) complain({ bad });
  if (!run && !embedded()) return hello;
  wanted = { ...nowhere, ...fragment };
  return { ...hello, ...(run ? { run } : {}), ...(at ? { at } : {}) };
}

// arrive shows the link's view once the run has come to its moment.
function arrive(edge: number): void {
  const ahead = wanted?.at && edge < wanted.at;
  store.goTo(ahead ? wanted!.at : null);
  if (!wanted || ahead) return;
  const { at } = wanted;
  const bad = show(wanted);
  wanted = null;
  if (bad.length > 0) complain({ bad });
  if (at !== 0) return;
  run(false);
  seek(0);
}

// remark keeps what the server says of the link that it was sent: of a run that it cannot open, or of a room that is not there.
function remark(r: Reject): void {
  const unopened = isUnopened(r.reason);
  if (unopened) wanted = null;
  if (unopened) complain({ lead: link.broken, reason: `${whyUnopened(r.reason)}.`, instead: true, saved: r.saved ?? "", bad: null });
  else complain({ reason: notices.remark(r.reason) });
}

// complain adds to what is wrong with the link. Of one that cannot be opened, null as its bad parts says that they do not matter.
function complain({ bad = [], ...of }: Partial<Omit<store.LinkTrouble, "bad">> & { bad?: readonly string[] | null }): void {
  const before = store.trouble.peek() ?? { lead: "", reason: "", instead: false, bad: [], saved: "" };
  store.complain({ ...before, ...of, bad: bad ? [...before.bad, ...bad] : [] });
}

// send returns the message's number; 0, and says so, if there is no connection or the visitor only watches.
export function send(m: Outgoing): number {
  const followed = store.following.peek();
  if (!mayDo(m)) return 0;
  const seq = line?.send(m) ?? 0;
  if (followed && !store.following.peek()) apart = seq;
  if (seq === 0) store.toast(notices.notSent);
  return seq;
}

function command(c: Command): boolean {
  return say({ type: "command", command: c });
}

// say sends what changes the run, and remembers what can only be done in a branch.
// A page in a frame only shows.
export function say(m: Outgoing): boolean {
  if (document.documentElement.dataset.bare) return false;
  const seq = send(m);
  if (store.clock.peek().live) behind.clear();
  else if (seq > 0) {
    if (along.length === 0) queueMicrotask(() => (along = []));
    along.push(m);
    behind.set(seq, along);
  }
  return seq > 0;
}

// ask sends a message and waits for its answer.
export const ask = (m: Outgoing): Promise<Answer> => answerTo(send(m));

// askQuietly says nothing where there is no connection: there is no answer then.
export const askQuietly = (m: Outgoing): Promise<Answer> => answerTo(mayDo(m) ? (line?.send(m) ?? 0) : 0);

// enter leads to another room. Browsers go back from it to the one before, unless that is how one has come to it.
export function enter(room: string, key: string, visit = true): void {
  [target, visited] = [{ room, key }, visit];
  wanted = null;
  store.dismissRestart();
  unanswered();
  line?.anew();
}

// openOwn opens a new room of a run, as a link carries it, at a moment; or with "" any. Browsers go back from it.
export function openOwn(run: string, at: number): void {
  [target, afresh, visited] = [null, true, true];
  wanted = run ? { ...nowhere, run, at } : null;
  first = { type: "hello", engine: ENGINE, guest: guest(), ...(run ? { run, at } : {}) };
  unanswered();
  line?.anew();
}

function simply(type: ClientMessage["type"]): () => void {
  return () => void send({ type });
}

// part sends a region away, alone or to the side of another one, or brings it home. It reports whether there was
// anything to do.
export function part(region: string, away: boolean, join = ""): boolean {
  const names = store.world.peek()?.names ?? [];
  const c = move(store.groups.peek(), names, region, away, join);
  if (!c || !command(c)) return false;
  store.wish(region, away);
  return true;
}

const AT_ONCE = 8; // commands; the server takes few more in one go
const PACE = 130; // milliseconds between those after them

// all carries several commands out, in every lane or in one.
export function all(list: readonly Command[], lane = ""): void {
  list.forEach((c, i) => {
    const act = () => void command(lane ? { ...c, lane } : c);
    if (i < AT_ONCE) act();
    else setTimeout(act, (i - AT_ONCE + 1) * PACE);
  });
}

// cut carries out what a stroke cuts.
export function cut(list: readonly Slash[]): void {
  const w = store.world.peek();
  const name = (i: number) => w?.names[i] ?? "";
  all(list.map(({ cable, way }) => ({ at: 0, verb: "cut", ...ends(name(w?.cables[cable]?.from ?? -1), name(w?.cables[cable]?.to ?? -1), way) })));
  if (list.length > 0) store.hint(false);
}

export function flap(m: Outgoing): void {
  say(m);
}

// heal brings everybody home and mends every link; what it has done can be undone.
export function heal(): void {
  if (!may()) return;
  const { parted, cables, commands, flaps, undo } = store.cure.peek();
  const [were, puts] = [[...store.away.peek()], [...store.dropped]];
  const { names = [] } = store.world.peek() ?? {};
  if (!store.clock.peek().live || (commands.length === 0 && flaps.length === 0)) return rejoin();
  for (const f of flaps) flap(flapping(f.links, 0, f.lane));
  all(commands);
  store.dropped.clear();
  if (parted) for (const region of names) store.wish(region, false);
  store.toast(notices.healed(parted, cables), false, () => {
    for (const [region, at] of puts) store.drop(region, at);
    all(undo);
    for (const f of flaps) flap(flapping(f.links, f.every, f.lane));
    if (parted) names.forEach((region, i) => store.wish(region, were[i]!));
  });
}

// rejoin brings every region home, and leaves the links as they are.
export function rejoin(): void {
  if (!command({ at: 0, verb: "heal" })) return;
  store.dropped.clear();
  for (const region of store.world.peek()?.names ?? []) store.wish(region, false);
}

// mainKey is the key that the nodes show.
const mainKey = (): string => store.world.peek()?.mainKey ?? "";

// visit has a client do something, in every lane or in one, at a level of consistency or at the usual one.
export function visit(verb: Verb, region: string, value: number, level: string, lane: string): void {
  if (!may()) return;
  store.expect(store.world.peek(), store.lanes.peek(), verb, region, value, lane);
  command({ at: 0, verb, region, key: mainKey(), ...(value ? { value } : {}), ...(level ? { level } : {}), ...(lane ? { lane } : {}) });
}

export function write(region: string, value: number): void {
  if (!may()) return;
  store.expect(store.world.peek(), store.lanes.peek(), "write", region, value, "");
  command({ at: 0, verb: "write", region, key: mainKey(), value });
}

export function read(region: string): void {
  visit("read", region, 0, "", "");
}

// retry connects at once after the connection was lost.
export function retry(): void {
  line?.retry();
}

// run plays or pauses.
export function run(on: boolean): void {
  if (send({ type: on ? "play" : "pause" }) > 0) store.pace(on);
}

// step goes to the next of what is chosen, or of something else, or back to the one before.
export function step(back: boolean, to: Goal = store.goal.peek()): void {
  walked = send({ type: "step", to, ...(back ? { back } : {}), ...inLane() });
  if (walked > 0) store.pace(false);
}

// until lets the run go on, as fast as it can, to the next of something.
export function until(what: Halt): void {
  walked = send({ type: "until", what, ...inLane() });
  if (walked > 0) store.pace(false);
}

// inLane is where steps go and the run halts: in the lane chosen, or in any.
function inLane(): { lane?: string } {
  const lane = store.goalLane.peek();
  return store.world.peek()?.lanes.some((l) => l.name === lane) ? { lane } : {};
}

export const live = simply("live");

export function speed(s: number): void {
  send({ type: "speed", speed: s });
}

// jump shows a moment of the run and stands still there; if the run has not come further yet, it stops.
export function jump(at: number): void {
  if (Math.round(at) >= store.clock.peek().edge) store.watching.peek() ? live() : run(false);
  else if (send({ type: "seek", at: Math.round(at) }) > 0) store.pace(false);
}

export function seek(at: number): void {
  send({ type: "seek", at: Math.round(at) });
}

// answered asks quietly for one type of answer; null if it does not come.
async function answered<T extends "series" | "timeline" | "script">(m: Outgoing, type: T): Promise<Extract<Answer, { type: T }> | null> {
  const a = await askQuietly(m);
  return a?.type === type ? (a as Extract<Answer, { type: T }>) : null;
}

// series asks what happened over time, from an instant on, by points of a span.
export const series = (at: number, every: number): Promise<Series | null> => answered({ type: "series", at, every }, "series");

// timeline asks what began or ended from an instant on.
export const timeline = (at: number): Promise<Timeline | null> => answered({ type: "timeline", at }, "timeline");

// text asks for the script of the run up to now.
export const text = (): Promise<Script | null> => answered({ type: "text" }, "script");

// share asks for the script of the run up to now, and what a link to it carries.
export const share = (): Promise<Script | null> => answered({ type: "share" }, "script");

// runScript begins another run and plays it up to an instant. It returns why not, or null once that run is there.
export async function runScript(script: string, at: number): Promise<Reject | null> {
  if (!may()) return { type: "reject", seq: 0, of: 0, reason: notices.watching };
  const a = await runAfter(send({ type: "script", text: script, at: Math.round(at) }), store.world.peek()?.run ?? 0);
  return a?.type === "reject" ? a : null;
}

// inspect asks for everything about what is selected, as it is at the moment shown.
export async function inspect(raw: boolean): Promise<void> {
  const what = store.selected.peek();
  const lane = store.world.peek()?.lanes[what?.lane ?? -1]?.name;
  if (!what || !lane || (what.node ?? what.message ?? what.operation) === undefined) return;
  const { node, message, operation } = what;
  const mine = (asked = line?.send({ type: "inspect", inspect: { lane, node, message, operation, raw } }) ?? 0);
  const a = await answerTo(mine);
  if (mine !== asked || a === null) return;
  if (a.type === "inspection") store.inspected(a);
  else if (a.type === "reject") store.inspected(null, a.reason);
}

// decide has a message of a lane arrive next, be lost, or with a span arrive so much later.
export function decide(lane: number, message: number, verb: "deliver" | "lose" | "postpone", by = 0): void {
  const name = store.world.peek()?.lanes[lane]?.name;
  if (name) command({ at: 0, lane: name, verb, message, ...(by > 0 ? { by } : {}) });
}

// edit changes the set-up: the run begins anew, and goes on from an instant. It returns the message's number, or 0.
export function edit(edits: Edit[], at: number): number {
  return send({ type: "edit", edits, at: Math.round(at) });
}

// present is where the present run has come to.
export const present = (): number => store.clock.peek().edge;

// fetchCatalog fetches what can be set and done, once.
export function fetchCatalog(): Promise<void> {
  if (store.catalog.peek()) return Promise.resolve();
  return fetch("/catalog.json")
    .then((answer) => (answer.ok ? (answer.json() as Promise<Catalog>) : Promise.reject(new Error(answer.statusText))))
    .then(store.learn);
}

// openSetup opens the form that sets a lane, or with "" adds one; what can be set is fetched once.
export function openSetup(lane: string): void {
  if (!may()) return;
  store.set(lane);
  fetchCatalog().catch(() => store.asked(0, setupForm.noCatalog));
}
