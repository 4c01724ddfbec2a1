// The world that somebody who chooses a database describes in a form, as a scenario's text. Pure.

export const faults = ["none", "away", "flapping", "oneway", "crash", "pause", "skew"] as const;
export type Fault = (typeof faults)[number];

export interface World {
  regions: string[];
  replicas: number; // in each region
  workload: string;
  rate: string; // errands a second of each client
  reads: number; // percent
  keys: number;
  fault: Fault;
  where: string; // the region that it hits
  span: number; // seconds that it lasts
}

export interface Hurting {
  lost: boolean;
  stale: boolean;
  over: number; // milliseconds that a read must be old to count
  refusals: boolean;
  latency: boolean;
  damage: boolean;
}

const BEGIN = 5; // seconds before the fault
const AFTER = 10; // seconds after it
const FLAP = 2; // seconds from one fault to the next, of which half are fault
const SKEW = "0.5s";

export const begin: World = { regions: ["us-east-1", "eu-west-1", "ap-south-1"], replicas: 1, workload: "bank", rate: "2", reads: 50, keys: 3, fault: "away", where: "us-east-1", span: 30 };
export const beginHurts: Hurting = { lost: true, stale: true, over: 100, refusals: true, latency: true, damage: false };

// lanes are the modes, for comparison: every database is run beside them, one at a time.
const lanes = ["lane strong raft", "lane quorum quorum", "lane eventual gossip"];

// textOf writes the world as a scenario.
export function textOf(w: World): string {
  const where = w.regions.includes(w.where) ? w.where : w.regions[0]!;
  return [
    "title Which one for me?",
    `regions ${w.regions.join(" ")}`,
    `replicas ${w.replicas} per region`,
    ...lanes,
    `workload ${w.workload} rate=${w.rate}/s poisson${w.keys > 1 ? ` keys=${w.keys}` : ""} reads=${w.reads}% until=${BEGIN + w.span + AFTER / 2}s`,
    ...commands({ ...w, where }),
    `end ${BEGIN + w.span + AFTER}s`,
    "",
  ].join("\n");
}

function commands(w: World): string[] {
  const node = `${w.where}/1`;
  const until = BEGIN + w.span;
  const during = (on: string, off: string) => [`at ${BEGIN}s ${on}`, `at ${until}s ${off}`];
  switch (w.fault) {
    case "away":
      return during(`partition ${w.where}`, "heal");
    case "flapping": {
      const list: string[] = [];
      for (let t = BEGIN; t < until; t += FLAP) list.push(`at ${t}s partition ${w.where}`, `at ${t + FLAP / 2}s heal`);
      return list;
    }
    case "oneway":
      return w.regions.filter((r) => r !== w.where).flatMap((r) => during(`cut ${w.where} > ${r}`, `mend ${w.where} > ${r}`));
    case "crash":
      return during(`crash ${node}`, `restart ${node}`);
    case "pause":
      return during(`pause ${node}`, `resume ${node}`);
    case "skew":
      return during(`skew ${node} ${SKEW}`, `skew ${node} 0s`);
    case "none":
      return [];
  }
}

// hurtsOf writes what hurts as the server reads it.
export function hurtsOf(h: Hurting): string {
  const list = [h.lost && "lost-writes", h.stale && (h.over > 0 ? `stale>${h.over}ms` : "stale"), h.refusals && "refusals", h.latency && "latency,latency-p50", h.damage && "damage"];
  return list.filter(Boolean).join(",");
}

// A Column is what rows are sorted by: a hurt by its place, or the name; and which way.
export interface Column {
  of: number; // -1 for the name
  down: boolean;
}

// isLane reports whether a row is a lane of the scenario: the server calls it "lane strong (raft)".
export const isLane = (r: { name: string; title: string; protocol: string }): boolean => r.title === `lane ${r.name} (${r.protocol})`;

interface Row {
  title: string;
  cells: readonly { mean: number; p50: number }[] | null;
}

// sorted puts rows into the order of a column. Rows without figures come last.
export function sorted<R extends Row>(rows: readonly R[], by: Column, happens: readonly boolean[]): R[] {
  const figure = (r: R) => {
    const c = r.cells?.[by.of];
    return c === undefined ? Infinity : happens[by.of] ? c.mean : c.p50;
  };
  const sign = by.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a.cells?.length ?? 0, b.cells?.length ?? 0];
    if (x === 0 || y === 0) return Number(x === 0) - Number(y === 0);
    return sign * (by.of < 0 ? a.title.localeCompare(b.title) : figure(a) - figure(b));
  });
}
