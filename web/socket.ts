// The line to the server: says hello, decodes what comes, notices gaps, and comes back after a break, with what the
// server has not acknowledged. It neither keeps nor interprets the run.
import { closings } from "./panel_words";
import { unacked } from "./unacked";
import type { Ack, Audience, ClientMessage, Delta, Forked, Inspection, JobProgress, JobResult, Presented, Reject, Script, Series, State, Timeline } from "./wire";

type Message = State | Delta | Reject | Script | Series | Timeline | Inspection | JobProgress | JobResult | Forked | Ack | Audience | Presented;

// Outgoing is a message without its number, which the socket gives it.
export type Outgoing = Omit<ClientMessage, "seq">;

export interface Handlers {
  // hello is asked for anew at each attempt, so that a room that has been entered is entered again.
  hello(): Outgoing;
  state(s: State): void;
  delta(d: Delta): void;
  answer(a: Script | Series | Timeline | Inspection | JobResult | Forked): void;
  progress(p: JobProgress): void;
  audience(a: Audience): void;
  glance(p: Presented): void;
  // reject tells that a message was refused. Of the hello it may be a mere remark: the state follows.
  reject(r: Reject, hello: boolean): void;
  // shut tells that the server will not have us, and why, and whether our hello was too long. True is to try another.
  shut(reason: string, tooBig: boolean): boolean | void;
  // closed tells in how many seconds the next attempt comes, 0 for now, and why the server has not let us in yet, if it said so.
  closed(retryIn: number, reason: string): void;
}

export interface Line {
  // send returns the message's number, or 0 while there is no connection.
  send(m: Outgoing): number;
  // retry connects now instead of waiting for the next attempt.
  retry(): void;
  // anew says hello on another connection, now.
  anew(): void;
}

const FIRST_WAIT = 400; // milliseconds before the first new attempt, on average
const TOO_BIG = 1009; // the code of a socket that closes because of too long a message
const LONGEST_WAIT = 10_000;
const LONGEST_ASKED = 120_000; // where the server has said when to come back

// waitOf returns for how many milliseconds to wait that the server has asked for: no shorter, since all come back then; and longer each time.
export const waitOf = (after: number, attempts: number): number => Math.min(after * 1000 * 1.5 ** attempts, Math.max(after * 1000, LONGEST_ASKED)) * (1 + Math.random() / 2);

export function connect(h: Handlers): Line {
  let socket: WebSocket | null = null;
  let seq = 0; // of what we send
  let seen = -1; // of what came last; -1 before a full state
  let attempts = 0;
  let helloSeq = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let refusal = ""; // of the hello, while no state has come
  let later: Reject | null = null; // of the hello, that is worth another try
  let over = false;
  const owed = unacked();

  function send(m: Outgoing): number {
    if (socket?.readyState !== WebSocket.OPEN) return 0;
    seq++;
    const named = owed.named(m);
    socket.send(JSON.stringify({ ...named, seq }));
    owed.sent(named, seq);
    return seq;
  }

  function open(): void {
    clearTimeout(timer);
    seen = -1;
    refusal = "";
    later = null;
    const s = new WebSocket(location.origin.replace(/^http/, "ws") + (document.documentElement.dataset.embed ? "/embed/socket" : "/socket"));
    socket = s;
    s.onopen = () => (helloSeq = send(h.hello()));
    s.onmessage = (e) => {
      if (s === socket && typeof e.data === "string") take(JSON.parse(e.data) as Message);
    };
    s.onclose = (e) => {
      if (s !== socket) return;
      // Before the first state, these codes speak of our hello, and would come again.
      const closed = closings[e.code];
      const final = refusal || (closed && (e.reason && e.code !== TOO_BIG ? e.reason : closed));
      over = Boolean(final) && seen < 0;
      if (over && final && h.shut(final, e.code === TOO_BIG)) {
        over = false;
        return open();
      }
      again();
    };
  }

  function take(m: Message): void {
    switch (m.type) {
      case "state": {
        const entered = seen < 0;
        seen = m.seq;
        attempts = 0;
        h.state(m);
        if (entered) for (const again of owed.entered(m.room)) send(again);
        return;
      }
      case "ack":
        return owed.done(m.id);
      case "delta":
        if (seen < 0) return;
        if (m.seq !== seen + 1) return again();
        seen = m.seq;
        h.delta(m);
        return;
      case "script":
      case "series":
      case "timeline":
      case "inspection":
      case "result":
      case "forked":
        h.answer(m);
        return;
      case "progress":
        h.progress(m);
        return;
      case "audience":
        return h.audience(m);
      case "glance":
        return h.glance(m);
      case "reject": {
        const hello = m.of !== 0 && m.of === helloSeq;
        if (hello && seen < 0 && m.after) return void (later = m);
        if (hello && seen < 0) refusal = m.reason;
        owed.refused(m.of);
        h.reject(m, hello);
      }
    }
  }

  // again drops the connection, if there is one left, and opens another after a wait that grows and varies.
  function again(): void {
    const old = socket;
    socket = null;
    old?.close();
    if (over) return;
    const span = Math.min(FIRST_WAIT * 2 ** attempts, LONGEST_WAIT);
    const wait = later ? waitOf(later.after ?? 0, attempts) : span * (0.5 + Math.random());
    attempts++;
    h.closed(Math.round(wait / 1000), later?.reason ?? "");
    timer = setTimeout(open, wait);
  }

  function retry(): void {
    if (!socket && !over) open();
  }

  function anew(): void {
    const old = socket;
    socket = null;
    old?.close();
    over = false;
    open();
  }

  addEventListener("online", retry);
  open();
  return { send, retry, anew };
}
