// What just happened, in words; and what happened before.
import * as store from "./store";
import { latestFirst, type Told } from "./stories";
import { everyLane, noStory } from "./tellings";
import { controls } from "./panel_words";
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

// explained is the violation that a story tells of, or "".
function explained(t: Told): string {
  return t.kind === "lost" ? `lost-write ${t.n}` : t.kind === "violated" ? "linearizable" : "";
}

function Line({ told }: { told: Told }) {
  const name = explained(told);
  const lane = store.world.value!.lanes.findIndex((l) => l.name === told.lane);
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
