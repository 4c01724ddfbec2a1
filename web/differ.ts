// What two runs show of one lane at one instant, and in what they differ. Pure.

// A Note is a message in a digest: what tells it from others in any run, its number in its own, and in words.
export interface Note {
  is: string; // from, to, kind, when sent
  id: number;
  sent: number;
}

// A Digest is what a page shows of one lane.
export interface Digest {
  room: string;
  at: number;
  since: number; // from then on, and of what was on its way then, all messages are known
  holes: [number, number][]; // of what was sent in them, not all is known
  edge: number; // how far its run goes
  still: boolean; // what is shown is what was asked for, and nothing moves
  playing: boolean;
  ended: boolean;
  speed: number;
  lanes: string[];
  lane: string;
  values: number[]; // that have a colour
  nodes: [name: string, value: string, role: string][];
  scores: [name: string, text: string][];
  letters: (Note & { due: number; lost: number })[];
}

// A Difference is what differs: by name, with what each of the two says.
export interface Difference {
  nodes: { name: string; value: [string, string] | null; role: [string, string] | null }[];
  scores: { name: string; text: [string, string] }[];
  only: [Note[], Note[]]; // messages in the first, in the second
}

// differ compares two digests of one instant.
export function differ(a: Digest, b: Digest): Difference {
  const others = new Map(b.nodes.map((n) => [n[0], n]));
  const nodes = a.nodes.flatMap(([name, value, role]) => {
    const [, v = "", r = ""] = others.get(name) ?? [];
    if (v === value && r === role) return [];
    return [{ name, value: v === value ? null : ([value, v] as [string, string]), role: r === role ? null : ([role, r] as [string, string]) }];
  });
  const scores = a.scores.flatMap(([name, text]) => {
    const other = b.scores.find((s) => s[0] === name)?.[1] ?? "";
    return other === text ? [] : [{ name, text: [text, other] as [string, string] }];
  });
  const from = Math.max(a.since, b.since);
  const until = Math.min(a.at, b.at);
  const holes = [...a.holes, ...b.holes];
  const [here, there] = [keyed(a, from, until, holes), keyed(b, from, until, holes)];
  return { nodes, scores, only: [missing(here, there), missing(there, here)] };
}

// keyed are the messages that both must know if both have them: those on their way at an instant, or sent after it.
function keyed(d: Digest, from: number, until: number, holes: readonly [number, number][]): Map<string, Note> {
  const list = new Map<string, Note>();
  for (const { is, id, sent, due, lost } of d.letters) {
    if (sent > until || (sent <= from && (due <= from || (lost >= 0 && lost <= from)))) continue;
    if (holes.some(([x, y]) => sent > x && sent <= y)) continue;
    let key = is;
    for (let n = 2; list.has(key); n++) key = `${is} ${n}`; // of equal ones, as many as there are
    list.set(key, { is, id, sent });
  }
  return list;
}

const missing = (from: ReadonlyMap<string, Note>, other: ReadonlyMap<string, Note>): Note[] => [...from].filter(([key]) => !other.has(key)).map(([, note]) => note);

// lasting leaves in a difference what was in the one before too: while two runs play, one is a moment ahead.
export function lasting(d: Difference, before: Difference): Difference {
  const was = (list: readonly Note[], id: number) => list.some((n) => n.id === id);
  return {
    nodes: d.nodes.filter((n) => before.nodes.some((o) => o.name === n.name)),
    scores: d.scores.filter((s) => before.scores.some((o) => o.name === s.name)),
    only: [d.only[0].filter((n) => was(before.only[0], n.id)), d.only[1].filter((n) => was(before.only[1], n.id))],
  };
}

// asOf is the latest of a list of digests that is not after an instant, or the first.
export function asOf(list: readonly Digest[], at: number): Digest | undefined {
  return list.findLast((d) => d.at <= at) ?? list[0];
}

// What goes between the page that compares and the two in its frames.
export type Order =
  | { netsplit: "seek"; at: number }
  | { netsplit: "run"; on: boolean }
  | { netsplit: "speed"; speed: number }
  | { netsplit: "lane"; lane: string }
  | { netsplit: "space"; open: boolean }
  | { netsplit: "lit"; nodes: string[]; scores: string[]; messages: number[]; inks: [number, number][] };

export type Report = { netsplit: "digest"; digest: Digest };
