// What just happened, in words; and, in the drawer, all that happened.
import * as actions from "./actions";
import { Announcer } from "./announcer";
import { nameOf } from "./causes";
import { drawer } from "./drawer_words";
import { controls } from "./panel_words";
import * as store from "./store";
import { latestFirst, type Told } from "./stories";
import { everyLane, noStory } from "./tellings";
import { laneName, seconds } from "./words";

export function Story() {
  if (!store.world.value) return null;
  const top = store.headline.value;
  return (
    <section class="story" aria-label={controls.story}>
      <p data-story={top?.kind ?? ""}>
        {top ? <Line told={top} /> : <Opening />}
      </p>
      <Announcer />
    </section>
  );
}

// WholeStory is the drawer's list: each line leads to its moment.
export function WholeStory() {
  const all = latestFirst(store.stories.value);
  const opening = (
    <p class="empty">
      <Opening />
    </p>
  );
  if (all.length === 0) return opening;
  return (
    <>
      {store.world.value?.about && opening}
      <Past all={all} />
    </>
  );
}

// Opening is what there is to read before anything has happened: what a database's story is about, or what to do.
function Opening() {
  const about = store.world.value?.about;
  return about ? <span lang="en">{about}</span> : <>{noStory()}</>;
}

function Past({ all }: { all: readonly Told[] }) {
  return (
    <ol id="past">
      {all.map((t) => (
        <li key={t.id} data-kind={t.kind}>
          <button type="button" class="moment-of" data-moment={t.at} title={drawer.goTo(seconds(t.at))} onClick={() => actions.jump(t.at)}>
            <Telling told={t} />
          </button>{" "}
          <Why told={t} />
        </li>
      ))}
    </ol>
  );
}

// explained is the name of the violation that a story tells of, if it is one whose cause is known; else "".
function explained(t: Told, lane: number): string {
  if (t.kind !== "lost" && t.kind !== "violated") return "";
  const causes = store.lanes.value[lane]?.causes ?? [];
  const cause = causes.find((c) => (t.kind === "lost" ? c.kind === "lost-write" && c.op === t.n : c.kind === "linearizable"));
  return cause ? nameOf(cause) : "";
}

function Line({ told }: { told: Told }) {
  return (
    <>
      <Telling told={told} /> <Why told={told} />
    </>
  );
}

function Telling({ told }: { told: Told }) {
  return (
    <>
      <time>{seconds(told.at)}</time> <b>{told.lane ? laneName(told.lane) : everyLane}</b> <span>{told.text}</span>
      {told.says && (
        <>
          {" "}
          <q lang="en">{told.says}</q>
        </>
      )}
    </>
  );
}

function Why({ told }: { told: Told }) {
  const lane = store.world.value!.lanes.findIndex((l) => l.name === told.lane);
  const name = explained(told, lane);
  if (!name) return null;
  return (
    <button type="button" class="link" data-action="why" aria-label={controls.whyOf(told.text)} onClick={() => store.explain(lane, name)}>
      {controls.why}
    </button>
  );
}
