// Tests of what two runs differ in.
import { asOf, differ, lasting, type Digest } from "./differ";
import { same } from "./testing";

const letter = (id: number, sent: number, due: number, lost = -1) => ({ is: `a → b vote ${sent}`, id, sent, due, lost });

const digest = (part: Partial<Digest>): Digest => ({
  room: "r", at: 100, since: 50, holes: [], edge: 200, still: true, playing: false, ended: false, speed: 1, lanes: ["strong"], lane: "strong", values: [],
  nodes: [["a", "1", "leader 1"], ["b", "1", "follower 1"]],
  scores: [["lost", "0"], ["p99", "4 ms"]],
  letters: [],
  ...part,
});

// contrasts compares digests.
export function contrasts(): void {
  const a = digest({});
  same("the same", differ(a, digest({})), { nodes: [], scores: [], only: [[], []] });
  const b = digest({ nodes: [["a", "2", "leader 1"], ["b", "1", "candidate 2"]], scores: [["lost", "1"], ["p99", "4 ms"]] });
  const d = differ(a, b);
  same("nodes", d.nodes, [{ name: "a", value: ["1", "2"], role: null }, { name: "b", value: null, role: ["follower 1", "candidate 2"] }]);
  same("scores", d.scores, [{ name: "lost", text: ["0", "1"] }]);
  same("what lasts", lasting(d, differ(a, digest({ scores: [["lost", "2"], ["p99", "4 ms"]] }))), { nodes: [], scores: d.scores, only: [[], []] });
  const only = (x: Digest, y: Digest) => differ(x, y).only.map((list) => list.map((n) => n.id));
  same("a message of one", only(digest({ letters: [letter(7, 60, 70), letter(8, 80, 90)] }), digest({ letters: [letter(3, 60, 70)] })), [[8], []]);
  same("equal ones are counted", only(digest({ letters: [letter(7, 60, 70), letter(8, 60, 70)] }), digest({ letters: [letter(3, 60, 75)] })), [[8], []]);
  same("what one has not seen", only(digest({ letters: [letter(7, 40, 50), letter(8, 45, 70, 48), letter(9, 45, 70)] }), digest({ letters: [] })), [[9], []]);
  same("what one has skipped", only(digest({ letters: [letter(7, 60, 70), letter(8, 80, 90)] }), digest({ holes: [[75, 85]] })), [[7], []]);
  same("what is to come for one", only(digest({ at: 120, letters: [letter(7, 110, 130)] }), digest({})), [[], []]);
  same("as of", [asOf([a, digest({ at: 130 })], 120)?.at, asOf([a], 90)?.at], [100, 100]);
}
