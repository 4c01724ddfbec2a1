// What the legend says of the shapes on the stage.
import type { Look } from "./looks";
import type { Ill } from "./marks";
import type { RingLook } from "./rings";

export const legend = {
  title: "Legend",
  open: "Legend (l)",
  messages: "Messages",
  looks: {
    request: "request",
    reply: "answer",
    replicate: "write for a replica",
    ack: "acknowledgement",
    vote: "election",
    heartbeat: "heartbeat",
    gossip: "gossip",
    hint: "hint, a write kept for later",
    repair: "repair",
    lost: "lost: it falls where it died",
  } satisfies Record<Look | "lost", string>,
  beats: "Show heartbeats",
  rings: "Around a replica: time that runs down",
  ringNames: {
    election: "until it stands for election",
    lease: "lease of the leader",
    suspicion: "until it takes a peer for dead",
    round: "until the next round",
  } satisfies Record<RingLook, string>,
  work: "Around a replica: work",
  tally: "answers it has, of those it needs",
  beads: "writes it keeps for others",
  doubt: "taken for dead by the region under the pointer or the focus",
  inside: "In a replica",
  parts: "values side by side",
  crown: "leader",
  hollow: "leader that does not know it leads no longer",
  ills: "Machines",
  illNames: {
    down: "down; shows what its disk holds",
    paused: "stands still",
    slow: "slow to deal with each message",
    fast: "its clock is ahead, or fast",
    late: "its clock is behind, or slow",
    disk: "its disk is slow, or stuck",
  } satisfies Record<Ill, string>,
  logs: "Under a replica: the end of its log",
  cells: { committed: "committed", open: "not committed yet", missing: "missing", old: "no longer kept" },
  cables: "Cables",
  whole: "whole",
  torn: "cut",
} as const;
