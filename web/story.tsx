// What just happened, in words; and what happened before.
import { nameOf } from "./causes";
import { controls } from "./panel_words";
import * as store from "./store";
import { latestFirst, type Told } from "./stories";
import { everyLane, noStory } from "./tellings";
import { laneName, seconds } from "./words";

export function Story() {
  if (!store.world.value) return null;
  const top = store.headline.value;
  const open = store.storyOpen.value;
  const past = latestFirst(store.stories.value).filter((t) => t.id !== top?.id);
  return (
    <section class="story" data-open={open ? "1" : "0"} aria-label={controls.story}>
      <div class="now">
        <p data-story={top?.kind ?? ""} role="status">
          {top ? <Line told={top} /> : noStory()}
        </p>
        <button type="button" class="link" data-action="story" aria-expanded={open} aria-controls="past" onClick={() => store.openStory(!open)}>
          {open ? controls.fewer : controls.more}
        </button>
      </div>
      <ol id="past" tabIndex={open ? 0 : undefined}>
        {past.map((t) => (
          <li key={t.id} data-kind={t.kind}>
            <Line told={t} />
          </li>
        ))}
      </ol>
    </section>
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
  const lane = store.world.value!.lanes.findIndex((l) => l.name === told.lane);
  const name = explained(told, lane);
  return (
    <>
      <time>{seconds(told.at)}</time> <b>{told.lane ? laneName(told.lane) : everyLane}</b> <span>{told.text}</span>{" "}
      {name && (
        <button type="button" class="link" data-action="why" aria-label={controls.whyOf(told.text)} onClick={() => store.explain(lane, name)}>
          {controls.why}
        </button>
      )}
    </>
  );
}
