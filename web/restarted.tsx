// Restarted says that the run has begun anew, why, and what of the script had to go.
import { useEffect } from "preact/hooks";
import { restarted as words } from "./lane_words";
import { controls } from "./panel_words";
import * as store from "./store";

const STAYS = 9000; // milliseconds, where nothing was lost

export function Restarted() {
  const why = store.restarted.value;
  const dropped = why?.dropped ?? [];
  useEffect(() => {
    if (!why || dropped.length > 0) return;
    const timer = setTimeout(store.dismissRestart, STAYS);
    return () => clearTimeout(timer);
  }, [why]);
  if (!why) return null;
  return (
    <div class="toast" data-restart={why.by}>
      <div>
        <p>
          <span lang="en">{why.text}</span> {why.until > 0 && words.goesOn(why.until)}
        </p>
        {dropped.length > 0 && (
          <>
            <p>{words.dropped(dropped.length)}</p>
            <ul lang="en">
              {dropped.map((d) => (
                <li>
                  <code>{d.statement}</code>: {d.reason}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <button type="button" class="link" onClick={store.dismissRestart}>
        {controls.dismiss}
      </button>
    </div>
  );
}
