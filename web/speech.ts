// What is said aloud to those who do not watch the picture: the weightiest thing first, one at a time, with a pause between
// two; and what clients are told that the visitor has asked for. Pure.
import { weightOf, type Told } from "./stories";
import { spoken } from "./tellings";
import type { ErrandKind, Verb } from "./wire";
import { laneName, saying } from "./words";
import type { Lane } from "./world";

// Utterance is something to say.
export interface Utterance {
  text: string;
  weight: number;
  came: number; // in milliseconds of wall time
  like: string; // others like it need not be said one by one
}

// Asked is an operation of a visitor that some lanes have not answered yet.
export interface Asked {
  who: string; // the client
  client: number; // its index
  kind: ErrandKind;
  amount: number; // 0 for none
  after: number[]; // by lane: the latest operation before it, or -1 where nothing is asked or all is answered
}

export const PAUSE = 3000; // milliseconds between two utterances
const FRESH = 15_000; // milliseconds after which something is too old to say
const LEAST = 3; // the weight of a story that is said
const OWN = 20; // of an answer to the visitor

const kinds: Partial<Record<Verb, ErrandKind>> = { read: "look", write: "set", swap: "cas", put: "add", add: "insert" };

// kindOf is what clients do at a visitor's word.
export const kindOf = (verb: Verb): ErrandKind => kinds[verb] ?? (verb as ErrandKind);

// latestOf is the latest operation that a lane shows.
export function latestOf(lane: Lane | undefined): number {
  return Math.max(0, ...(lane?.clients ?? []).flatMap((c) => [c.told?.id ?? 0, c.asking?.id ?? 0]));
}

// told puts a story to be said into words; null if it does not matter enough.
export function told(t: Told): Utterance | null {
  const weight = weightOf(t.kind);
  if (weight < LEAST) return null;
  return { text: t.lane ? spoken.inLane(laneName(t.lane), t.text) : t.text, weight, came: t.came, like: `${t.kind} ${t.lane}` };
}

// answers says what the lanes have answered to a visitor by now, and marks it as said.
export function answers(asked: Asked, lanes: readonly Lane[], names: readonly string[], wall: number): Utterance | null {
  const said: string[] = [];
  lanes.forEach((lane, i) => {
    const after = asked.after[i] ?? -1;
    const client = lane.clients[asked.client];
    const answer = client?.told;
    if (after < 0 || !client || !answer || answer.id <= after || answer.kind !== asked.kind || (asked.amount !== 0 && answer.amount !== asked.amount)) return;
    asked.after[i] = -1;
    said.push(spoken.inLane(laneName(names[i] ?? ""), saying(client)?.main ?? ""));
  });
  return said.length > 0 ? { text: spoken.own(asked.who, said), weight: OWN, came: wall, like: "own" } : null;
}

// next takes what is to be said from a queue: the weightiest, of equals the first. What is of its like, or has waited for too
// long, goes with it; answers to the visitor are all said.
export function next(queue: readonly Utterance[], wall: number): { text: string; rest: Utterance[] } {
  const fresh = queue.filter((u) => u.weight === OWN || wall - u.came < FRESH);
  const top = fresh.reduce<Utterance | null>((best, u) => (best && best.weight >= u.weight ? best : u), null);
  if (!top) return { text: "", rest: [] };
  const like = fresh.filter((u) => u.like === top.like);
  const text = top.weight === OWN ? like.map((u) => u.text).join(" ") : like.length > 1 ? `${top.text} ${spoken.more(like.length - 1)}` : top.text;
  return { text, rest: fresh.filter((u) => u.like !== top.like) };
}
