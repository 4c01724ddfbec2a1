// What a visitor reads in the menus of cables, nodes and clients, and in the list of keys.
import type { LinkView, NodeView, Verb } from "./wire";
import { laneName, milliseconds } from "./words";

export const targetNames = { cables: "Cables", nodes: "Nodes", clients: "Clients" } as const;
export const strokeHelp = "across a cable: both ways · along it: that way only";

const percent = (millionths: number) => `${Math.round(millionths / 100) / 100} %`;
const time = (us: number) => (Math.abs(us) < 1e6 ? milliseconds(us) : `${us / 1e6} s`);

// ails says what is wrong with links, or "".
function ails(l: LinkView): string {
  const list = [
    l.parted ? "parted" : "",
    l.cut ? "cut" : "",
    l.held ? "held" : "",
    l.more ? `${time(l.more)} late` : "",
    l.drop ? `loses ${percent(l.drop)}` : "",
    l.duplicate ? `${percent(l.duplicate)} twice` : "",
    l.reorder ? `${percent(l.reorder)} out of order` : "",
  ].filter(Boolean);
  return list.join(", ") + (list.length > 0 && l.some ? " in part" : "");
}

export function cableName(lane: string, from: string, to: string, there: LinkView, back: LinkView): string {
  const [a, b] = [ails(there), ails(back)];
  const state = a === b ? a : [a && `to ${to} ${a}`, b && `to ${from} ${b}`].filter(Boolean).join("; ");
  return `Cable ${from} to ${to}, ${laneName(lane)}${state ? `: ${state}` : ""}`;
}

// nodeName ends with what the node holds, as heldBy says.
export const nodeName = (lane: string, node: string, held: string) => `Node ${node}, ${laneName(lane)}: ${held}`;

export const menuWords = {
  only: (lane: string) => `Only in ${laneName(lane)}`,
  close: "Close",
} as const;

export const cableMenu = {
  title: (from: string, to: string) => `${from} – ${to}`,
  length: (trip: number, fibre: number | undefined) => `${milliseconds(trip)} there and back${fibre ? `; light in fibre needs ${milliseconds(fibre)}` : ""}`,
  ways: "Which way",
  way: { both: "Both ways", there: (to: string) => `To ${to}`, back: (from: string) => `To ${from}` },
  cut: "Cut",
  hold: "Hold",
  delay: "Delay",
  loss: "Loss",
  twice: "Duplication",
  flapping: "Flapping",
  mend: "Mend all",
  parted: "Parted by the partition.",
  rejoin: "Heal the partition",
  some: "Not all links are alike.",
  delayOf: (us: number) => (us === 0 ? "none" : `+${time(us)}`),
  chanceOf: (millionths: number) => (millionths === 0 ? "none" : percent(millionths)),
  flapOf: (us: number) => (us === 0 ? "none" : `every ${us / 1e6} s`),
} as const;

export const nodeMenu = {
  crash: "Crash",
  restart: "Restart",
  pause: "Pause",
  resume: "Resume",
  wipe: "Wipe the disk",
  isolate: "Isolate",
  join: "Mend its links",
  away: (region: string) => `Send ${region} away`,
  home: (region: string) => `Bring ${region} home`,
  inspect: "Look into it",
  slow: "Slow",
  skew: "Clock",
  slowOf: (us: number) => (us === 0 ? "no" : `${time(us)} a message`),
  skewOf: (us: number) => (us === 0 ? "right" : `${us > 0 ? "+" : "−"}${time(Math.abs(us))}`),
  handOver: (to: string) => `Hand over to ${to}`,
  operators: { transfer: "Make it the leader", promote: "Promote", rejoin: "Rejoin the primary", cancel: "End its waits" } as Partial<Record<Verb, string>>,
  state(n: NodeView, lane: string): string {
    const role = [n.role ?? "", n.term ? `term ${n.term}` : ""].filter(Boolean).join(", ");
    const health = n.down ? "down" : n.paused ? "stands still" : "runs";
    return [laneName(lane), health, role].filter(Boolean).join(" · ");
  },
} as const;

export const clientMenu = {
  title: (who: string) => `Client in ${who}`,
  be: "Be this client",
  being: "You are this client",
  level: "Level",
  seconds: "Time, seconds",
  levels: { "": "as usual" } as Record<string, string>,
  amount: "Number",
  failed: "What can be asked could not be loaded. Open this menu again.",
  verbs: { // in the order of the buttons
    read: "Read",
    deposit: "Deposit",
    withdraw: "Withdraw",
    buy: "Buy",
    like: "Like",
    put: "Put in cart",
    post: "Post",
    swap: "Change to",
    write: "Write",
    increment: "Add to it",
    add: "Add item",
    remove: "Remove item",
    delete: "Delete",
  } as Partial<Record<Verb, string>>,
} as const;

export const keysHelp = {
  title: "Keys and gestures",
  open: "Keys",
  groups: [
    ["Anywhere", [
      ["Space", "play or pause"],
      [". ,", "a step forward, or back: to the next event, or to what is chosen beside"],
      ["Shift . ,", "to the next violation, or back to the one before"],
      ["e", "back to live"],
      ["h", "heal: every region comes home, every cable is mended"],
      ["1 – 4", "go to a lane"],
      ["n, c, k", "go to the nodes, clients or cables of the lane; arrows go from one to the next"],
      ["b", "go to “You are in”"],
      ["r, w", "read, or write, as the client that you are"],
      ["v", "why the verdict is what it is"],
      ["f", "one lane fills the stage"],
      ["Ctrl Z, Ctrl Y", "undo what was done last, in a branch; redo"],
      ["y", "fork: a branch from the moment shown"],
      ["l", "the legend"],
      ["s", "share: a link to this run, or to this room"],
      ["p", "return to the presenter, after looking around"],
      ["d", "the drawer: story, charts, space-time, inspect, script, luck"],
      ["?", "this list"],
      ["Esc", "close, or let go"],
    ]],
    ["On a region", [
      ["Enter", "send it away, or bring it home"],
      ["arrows", "move it; beside another one that is away it joins its side"],
      ["m", "the menu of its node"],
      ["i", "look into its node"],
    ]],
    ["On a cable, node or client", [["Enter", "its menu"], ["i", "look into a node"]]],
    ["With the mouse or a finger", [
      ["drag", "a region: away, beside another one, home"],
      ["draw", "across cables: cuts them both ways; along a cable: that way only. With Shift, only the way in which you lean. A finger rests first, then draws"],
      ["click", "a cable, node or client: its menu; a message: look into it"],
    ]],
  ] as [string, [string, string][]][],
} as const;
