// Tests of what chance is told and drawn by.
import { barOf, brokenIn, curveOf, everBroken, gravest, nearest, otherLuck, seedOf, senseOf, xOf, yOf, type Promised } from "./luck";
import * as words from "./luck_words";
import { returnsOf } from "./returns";
import { same } from "./testing";
import type { BrokenView, FoundView, LaneLuckView, MomentView, Scores, ShareView, TurningView } from "./wire";

const share = (count: number, of: number, low: number, high: number): ShareView => ({ count, of, percent: (100 * count) / of, low, high });
const broken = (promise: Promised, count: number, unknown = 0): BrokenView => ({ promise, ...share(count, 40, 0, 9), unknown, seed: count > 0 ? 9 : null });
const even = { mean: 1, p5: 1, p50: 1, p95: 1 };
const lane = (name: string, ...list: BrokenView[]): LaneLuckView => ({ name, broken: list, answered: even, stale_percent: even, lost_writes: even, lost_updates: even, damage: even, p50: even, p99: even });
const scores = (of: Partial<Scores>, damage = 0): Scores => ({ operations: 9, ok: 9, fail: 0, info: 0, stale_reads: 0, lost_writes: 0, at_risk: 0, p50: 1, p99: 1, ...of, books: { low: 0, high: 0, agreed: true, held: 0, damage } });

const TEXT = `engine 2
seed 7
regions a b c
lane q quorum
at 1s cut a b
at 2s lane q lose 12
at 3s reseed 9
at 4s heal
end 9s
`;

// chances tests what many runs say about one.
export function chances(): void {
  const seen = { scores: scores({ stale_reads: 2 }, -5), models: [{ model: "causal", answer: "no" }], causes: [{ kind: "lost-update" }] };
  const is = (p: Promised) => brokenIn(seen, p);
  same("what a lane has broken", [is("stale-read"), is("damage"), is("causal"), is("lost-update"), is("lost-write"), is("linearizable"), is("converged")], [true, true, true, true, false, false, null]);
  const [ever, kept] = everBroken([lane("x", broken("stale-read", 2), broken("causal", 0, 1)), lane("y", broken("lost-write", 1))]);
  same("promises that some run broke", ever, ["lost-write", "causal", "stale-read"]);
  same("and all others", kept.length, 10);
  same("the gravest", [gravest(lane("x", broken("stale-read", 2), broken("lost-update", 1))), gravest(lane("x", broken("causal", 0, 1)))], ["lost-update", null]);
  const senses = [senseOf(share(38, 100, 31, 45), true), senseOf(share(1, 200, 0.1, 2.8), true), senseOf(share(10, 100, 6, 17), true), senseOf(share(90, 100, 82, 94), true)];
  same("what it means that it happened", senses, ["no bad luck", "bad luck", "some luck", "expected"]);
  const others = [senseOf(share(90, 100, 82, 94), false), senseOf(share(1, 200, 0.1, 2.8), false), senseOf(share(38, 100, 31, 45), false), senseOf(share(2, 4, 15, 85), true), senseOf(share(1, 2, 9, 90), null)];
  same("and that it did not, or that nobody knows", others, ["good luck", "usual", "not here", "unsure", "unknown"]);
  same("another luck", otherLuck(TEXT, 10), TEXT.replace("seed 7", "seed 10").replace("reseed 9", "reseed 12").replace("at 2s lane q lose 12\n", ""));
  same("its own", [otherLuck(TEXT, 7), seedOf(TEXT), seedOf("engine 2\n")], [TEXT, "7", "0"]);
  same("after the last seed comes the first", seedOf(otherLuck(TEXT.replace("reseed 9", `reseed ${Number.MAX_SAFE_INTEGER}`), 8)), "8");
  same("so for reseeds", /reseed 0$/m.test(otherLuck(TEXT.replace("reseed 9", `reseed ${Number.MAX_SAFE_INTEGER}`), 8)), true);
}

// curves tests where frequencies are drawn.
export function curves(): void {
  same("a bar", barOf(share(38, 100, 31, 45), 88), { to: 33.44, low: 27.28, high: 39.6 });
  same("a bar's ends", barOf({ ...share(0, 4, -1, 101) }, 50), { to: 0, low: 0, high: 50 });
  const plane = { left: 10, top: 5, width: 100, height: 50, end: 4e6 };
  const curve: MomentView[] = [{ at: 0, ...share(0, 40, 0, 10) }, { at: 2e6, ...share(20, 40, 40, 60) }, { at: 4e6, ...share(40, 40, 90, 100) }];
  same("places", [xOf(plane, 1e6), xOf(plane, 9e6), yOf(plane, 0), yOf(plane, 100)], [35, 110, 55, 5]);
  same("a curve", curveOf(plane, curve), { line: "M10 55L60 30L110 5", band: "M10 50L60 25L110 5L110 10L60 35L10 55Z" });
  same("none", curveOf(plane, []), { line: "", band: "" });
  same("the nearest moment", [-5, 34, 36, 300].map((x) => nearest(plane, curve, x)), [0, 0, 1, 2]);
}

const turn = (likely: number | null, sure: number | null, after = 1e6): TurningView => ({
  lane: "eventual",
  promise: "lost-write",
  broken: true,
  at: 6e6,
  curve: [],
  likely: likely === null ? null : { after, at: likely },
  sure: sure === null ? null : { after, at: sure },
});
const found = (of: Partial<FoundView>): FoundView => ({ lane: "quorum", promise: "lost-write", tried: 7, found: true, seed: 13, at: 3.2e6, text: "", before: 9, after: 3, minimal: true, ...of });

// sentences tests what is said.
export function sentences(): void {
  same("a lane", words.told("quorum", "lost-write", share(76, 200, 31, 45), "no bad luck"), "Quorum lost a write in 38 % of 200 runs like this one (31 to 45 %). Here it did: not bad luck.");
  same("one that breaks nothing", words.told("strong", null, share(0, 1, 0, 79), "unknown"), "Strong broke no promise in 1 run like this one.");
  same("percents", [0, 0.44, 9.96, 38.4, 98.13, 100].map(words.percent), ["0 %", "0.4 %", "10 %", "38 %", "98.1 %", "100 %"]);
  same("intervals", [words.interval({ low: 0, high: 1.88 }), words.interval({ low: 98.1, high: 100 })], ["0 to 1.9 %", "98.1 to 100 %"]);
  const wide = { mean: 500, p5: 200, p50: 400, p95: 2001 };
  same("spreads", [words.spread("p99", { ...wide, p95: 201 }), words.spread("p99", wide), words.spread("answered", { ...wide, p5: 17, p95: 25 }), words.spread("damage", wide)], ["200 to 201 ms", "200 ms to 2.00 s", "17 to 25 %", "200 to 2001"]);
  same("no way back", words.turningSaid(turn(3e6, 4e6), "lost-write"), "Eventual: lost write. From 4.00 s on there was no way back.");
  same("from the beginning", words.turningSaid(turn(0, 0, -1), "lost-write"), "Eventual: lost write. It was settled from the very beginning, whatever the luck.");
  same("likely", words.turningSaid(turn(3e6, null), "lost-write"), "Eventual: lost write. From 3.00 s on it was likely, and never certain before it happened.");
  same("chance", words.turningSaid(turn(null, null), "lost-write"), "Eventual: lost write. It was never likely before it happened: chance.");
  same("kept in sight", returnsOf(turn(3e6, 4e6)).map((r) => [r.at, r.sure]), [[3e6, false], [4e6, true]]);
  same("one moment, one mark", returnsOf(turn(3e6, 3e6)).map((r) => r.sure), [true]);
  same("a find", words.foundSaid(found({}), "lost-write", false), "Quorum: lost write: seed 13 does it, after 7 tries, at 3.20 s. 9 commands came down to 3. None of these can be left out.");
  same("a find of nothing", words.foundSaid(found({ found: false, tried: 200 }), "lost-write", false), "Quorum: lost write: none of 200 seeds does it.");
  same("one without commands", words.foundSaid(found({ before: 0, after: 0, tried: 1 }), "lost-write", false), "Quorum: lost write: seed 13 does it, after 1 try, at 3.20 s. It needs no command at all.");
  const job = { kind: "luck" as const, lane: "", what: "", seeds: 200, of: 1, before: 0, done: 63, total: 200, left: 3800, cancelled: false };
  same("progress", [words.pace(job), words.pace({ ...job, total: 0 }), words.pace({ ...job, kind: "find", left: 0 })], ["63 of 200 runs, about 4 s left", "", "63 of at most 200 runs"]);
  same("states", [words.status(job), words.status({ ...job, before: 2 }), words.status({ ...job, cancelled: true })], ["Counting …", "Waiting: number 2 in the queue.", "Ending …"]);
  const cut = (why: string) => ({ type: "result" as const, of: 1, run: 1, job: "luck" as const, cut: why, end: 1 });
  same("a cut", words.cutText(cut("it was cancelled"), true), "Ended before anything was counted: you cancelled it.");
  same("time that is over", words.cutText(cut("its 1m0s are over"), false), "Ended early: its time was over. What was counted until then stands here.");
  same("a refusal", words.refused("luck: expected 1 to 1000 seeds, got 1001"), { lead: "The server refused:", reason: "expected 1 to 1000 seeds, got 1001." });
}
