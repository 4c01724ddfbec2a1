// What came of counting, in sentences: how it ended, and what it says about this run.
import { brokenIn, gravest, senseOf, shareOf, type Promised } from "./luck";
import * as words from "./luck_words";
import * as store from "./store";
import type { JobResult, LuckView } from "./wire";

// ours tells whether an outcome is about the run that is shown.
export function ours(o: store.Outcome): boolean {
  const w = store.world.value!;
  return o.room === w.room && o.result?.run === w.run;
}

// hereIn returns what the present run has broken, where the outcome is about it.
export function hereIn(o: store.Outcome): (lane: string, p: Promised) => boolean | null {
  const [w, lanes] = [store.world.value!, store.lanes.value];
  if (!ours(o)) return () => null;
  return (lane, p) => {
    const seen = lanes[w.lanes.findIndex((l) => l.name === lane)];
    return seen ? brokenIn(seen, p) : null;
  };
}

// Ended says how a job ended and what came of it.
export function Ended({ outcome: o }: { outcome: store.Outcome }) {
  if (o.refused) {
    const { lead, reason } = words.refused(o.refused);
    return (
      <span data-wrong="1">
        {lead} <span lang="en">{reason}</span>
      </span>
    );
  }
  const r = o.result;
  if (!r) return <span data-wrong="1">{words.luck.lost}</span>;
  const none = isEmpty(r);
  return (
    <>
      {r.cut && <span>{words.cutText(r, none)}</span>}
      {!ours(o) && <span>{words.luck.other}</span>}
      {!none && <Said outcome={o} result={r} />}
    </>
  );
}

function isEmpty(r: JobResult): boolean {
  if (r.luck) return r.luck.done === 0;
  if (r.turning) return (r.turning.curve ?? []).length === 0;
  return !r.found;
}

function Said({ outcome, result: r }: { outcome: store.Outcome; result: JobResult }) {
  const what = outcome.what as Promised;
  if (r.luck) return <Told outcome={outcome} luck={r.luck} />;
  if (r.turning) return <span>{words.turningSaid(r.turning, what)}</span>;
  return r.found ? <span>{words.foundSaid(r.found, what, Boolean(r.cut))}</span> : null;
}

// Told says of each lane what is gravest, and what that means here.
function Told({ outcome, luck }: { outcome: store.Outcome; luck: LuckView }) {
  const here = hereIn(outcome);
  return (
    <>
      {(luck.lanes ?? []).map((l) => {
        const p = gravest(l);
        const share = (p && shareOf(l, p)) ?? { count: 0, of: luck.done, percent: 0, low: 0, high: 0 };
        return (
          <span key={l.name} data-told={l.name}>
            {words.told(l.name, p, share, p ? senseOf(share, here(l.name, p)) : "unknown")}
          </span>
        );
      })}
    </>
  );
}
