// What just happened, in words; and what happened before.
import { useEffect, useRef } from "preact/hooks";
import * as store from "./store";
import { latestFirst, type Told } from "./stories";
import { everyLane, noStory } from "./tellings";
import { controls, laneName, seconds } from "./words";

export function Story() {
  if (!store.world.value) return null;
  const top = store.headline.value;
  const open = store.storyOpen.value;
  const past = latestFirst(store.stories.value).filter((t) => t.id !== top?.id);
  const list = useRef<HTMLOListElement>(null);
  const why = store.why.value;
  useEffect(() => {
    if (why && open) list.current?.closest("section")?.scrollIntoView({ block: "nearest" });
  }, [why, open]);
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
      <ol id="past" ref={list} tabIndex={open ? 0 : undefined}>
        {past.map((t) => (
          <li key={t.id} data-kind={t.kind} data-why={explains(t, why) ? "1" : "0"}>
            <Line told={t} />
          </li>
        ))}
      </ol>
    </section>
  );
}

// explains reports whether a story is why a lane's verdict is what it is.
function explains(t: Told, lane: string): boolean {
  return lane !== "" && t.lane === lane && (t.kind === "lost" || t.kind === "violated");
}

function Line({ told }: { told: Told }) {
  return (
    <>
      <time>{seconds(told.at)}</time> <b>{told.lane ? laneName(told.lane) : everyLane}</b> <span>{told.text}</span>
    </>
  );
}
