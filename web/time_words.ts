// Words of the transport and of the timeline: what one steps to, what the run goes on until, what a lane's row shows.
import { laneName, seconds } from "./words";

// Goal is what one may step to, and Halt what the run may go on until.
export const goals = ["event", "message", "operation", "election", "violation", "fault"] as const;
export type Goal = (typeof goals)[number];
export type Halt = Goal | "convergence";

export const transport = {
  forward: { event: "To the next event", message: "To the next message", operation: "To the next operation", election: "To the next election", violation: "To the next violation", fault: "To the next fault" },
  back: { event: "Back to the event before", message: "Back to the message before", operation: "Back to the operation before", election: "Back to the election before", violation: "Back to the violation before", fault: "Back to the fault before" },
  goals: { event: "event", message: "message", operation: "operation", election: "election", violation: "violation", fault: "fault" },
  halts: { event: "event", message: "message", operation: "operation", election: "election", violation: "violation", fault: "fault", convergence: "replicas agree" },
  underWay: { event: "until an event", message: "until a message", operation: "until an operation", election: "until an election", violation: "until a violation", fault: "until a fault", convergence: "until they agree" },
  menu: (goal: string) => `Step by: ${goal}. Choose another, or run until something`,
  steps: "Step by",
  until: "Run until",
  lane: "In",
  anyLane: "any lane",
  speed: "Speed: virtual seconds per second",
  speedOf: (speed: number) => `${speed}×`,
  coming: (at: number) => `on the way to ${seconds(at)}`,
} as const;

export const rows = {
  label: "Timeline of each lane: leaders, faults, operations and broken promises. Arrow keys go from mark to mark and from lane to lane, Enter goes to the moment",
  here: (lane: string, at: number) => `${laneName(lane)}, ${seconds(at)}`,
  leads: (who: string, term: number) => (term > 0 ? `${who} leads, term ${term}` : `${who} leads`),
  nobody: "nobody leads",
  likely: "from here on as likely broken as not",
  sure: "point of no return",
  operations: (ok: number, fail: number, info: number) => [ok > 0 ? `${ok} answered` : "", fail > 0 ? `${fail} refused` : "", info > 0 ? `${info} without an answer` : ""].filter(Boolean).join(", "),
} as const;

// troubles name a band: of links, or of a machine.
const troubles: Record<string, string> = {
  parted: "regions are apart",
  cut: "cables are cut",
  held: "messages are held",
  drop: "messages get lost",
  duplicate: "messages come twice",
  reorder: "messages overtake each other",
  delay: "messages are late",
  down: "is down",
  paused: "stands still",
  slow: "is slow",
  skew: "has a wrong clock",
  drift: "has a drifting clock",
  fsync: "has a slow disk",
};

// trouble says what a band shows; who is the machine, "" for links.
export const trouble = (what: string, who: string): string => [who, troubles[what] ?? what].filter(Boolean).join(" ");

const broken: Record<string, string> = {
  linearizable: "no longer linearizable",
  sequential: "no longer sequential",
  causal: "no longer causal",
  "read-your-writes": "an own write was missing",
  "monotonic-reads": "reads went back",
  "monotonic-writes": "writes out of order",
  "writes-follow-reads": "a write before its cause",
  "lost-write": "a write was lost",
  "lost-update": "an update was lost",
};

// breach says which promise was broken at a pin.
export const breach = (kind: string): string => broken[kind] ?? kind;
