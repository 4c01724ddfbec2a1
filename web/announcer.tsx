// Says aloud what matters, politely: a live region that is not seen.
import { useEffect, useRef, useState } from "preact/hooks";
import { answers, next, PAUSE, told, type Utterance } from "./speech";
import * as store from "./store";

export function Announcer() {
  const [text, setText] = useState("");
  const queue = useRef<Utterance[]>([]);
  const heard = useRef(0); // the latest story that was taken in
  const said = useRef(-Infinity); // when something was said last, in milliseconds of wall time
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const stories = store.stories.value;
  const lanes = store.lanes.value;
  const asked = store.awaited.value;

  const speak = () => {
    timer.current = undefined;
    const { text, rest } = next(queue.current, performance.now());
    queue.current = rest;
    if (!text) return;
    said.current = performance.now();
    setText(text);
    if (rest.length > 0) timer.current = setTimeout(speak, PAUSE);
  };
  useEffect(() => {
    const names = store.world.peek()?.lanes.map((l) => l.name) ?? [];
    const fresh = stories.filter((t) => t.id > heard.current);
    heard.current = Math.max(heard.current, ...fresh.map((t) => t.id));
    const wall = performance.now();
    const own = asked.map((a) => answers(a, lanes, names, wall));
    queue.current.push(...[...own, ...fresh.map(told)].filter((u) => u !== null));
    if (queue.current.length > 0) timer.current ??= setTimeout(speak, Math.max(said.current + PAUSE - wall, 0));
  }, [stories, lanes, asked]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <p class="unseen" role="status" data-said>
      {text}
    </p>
  );
}
