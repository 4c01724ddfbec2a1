// Tests of what Heal does.
import { healing, type Ailing } from "./healing";
import { same } from "./testing";
import type { CableLinks, Command } from "./wire";

const names = ["us-east-1", "eu-west-1", "ap-south-1"];
const cables = [{ from: 0, to: 1 }, { from: 0, to: 2 }, { from: 1, to: 2 }];
const sound = (): CableLinks[] => cables.map(() => ({ there: {}, back: {} }));

// ailing is a world in which nothing is wrong, but for what is said.
function ailing(more: Partial<Ailing>): Ailing {
  return { names, nodes: names, lanes: [{ name: "strong", links: sound() }, { name: "quorum", links: sound() }], cables, groups: [0, 0, 0], commands: [], now: 5e6, ...more };
}

function said(list: readonly Command[]): string[] {
  return list.map((c) => [c.lane, c.verb, c.from, c.to, c.one_way && "one way", c.by, c.chance, c.groups?.map((g) => g?.join("+")).join(" | ")].filter(Boolean).join(" "));
}

export function healings(): void {
  const well = healing(ailing({}));
  same("nothing to heal", [well.commands, well.flaps, well.undo], [[], [], []]);

  const parted = healing(ailing({ groups: [0, 1, 2] }));
  same("a partition", [said(parted.commands), said(parted.undo)], [["heal"], ["partition eu-west-1 | ap-south-1"]]);

  const cut = [{ there: { cut: true }, back: { cut: true } }, { there: { more: 100_000, drop: 50_000 }, back: {} }, { there: {}, back: {} }];
  const both = healing(ailing({ lanes: [{ name: "strong", links: cut }, { name: "quorum", links: cut }] }));
  same("cables", both.cables, 2);
  same("cures", said(both.commands), ["mend us-east-1 eu-west-1", "delay us-east-1 ap-south-1", "drop us-east-1 ap-south-1"]);
  same("as it was", said(both.undo), ["cut us-east-1 eu-west-1", "delay us-east-1 ap-south-1 one way 100000", "drop us-east-1 ap-south-1 one way 50000"]);

  const held = sound();
  held[2] = { there: {}, back: { held: true } };
  const one = healing(ailing({ lanes: [{ name: "strong", links: held }, { name: "quorum", links: sound() }] }));
  same("in one lane", [said(one.commands), said(one.undo)], [["release eu-west-1 ap-south-1"], ["strong hold ap-south-1 eu-west-1 one way"]]);

  const ends = { from: "us-east-1", to: "eu-west-1" };
  const commands: Command[] = [4e6, 6e6, 8e6].flatMap((at) => [{ at, verb: "cut", ...ends }, { at: at + 1e6, verb: "mend", ...ends }]);
  const flapping = healing(ailing({ commands }));
  same("flapping", flapping.flaps, [{ links: ends, lane: "", every: 2e6 }]);
  same("one cable flaps", flapping.cables, 1);
}
