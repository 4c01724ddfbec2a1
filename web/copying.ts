// A copy of one's own: a new private room, of the run up to the moment looked at.
import * as actions from "./actions";
import { packed } from "./packing";
import { sceneNow } from "./sharing";
import { upTo } from "./script_text";
import { watching as words } from "./rights_words";
import * as store from "./store";

let making = false;

export async function copy(): Promise<void> {
  if (making) return;
  making = true;
  store.toast(words.copying);
  const moment = sceneNow().at ?? 0;
  const script = await actions.text();
  making = false;
  if (!script) return store.toast(words.uncopied);
  const at = Math.max(1, Math.round(moment)); // 0 is where a run plays
  const text = store.clock.peek().live ? script.text : upTo(script.text, at);
  const run = await packed(text);
  const before = store.world.peek()?.room;
  actions.openOwn(run, at);
  if (!run) runIn(before, text, at);
}

// runIn runs what no link holds in the room that comes next.
function runIn(before: string | undefined, text: string, at: number): void {
  const stop = store.world.subscribe((w) => {
    if (!w || w.room === before) return;
    queueMicrotask(() => {
      stop();
      void actions.runScript(text, at);
    });
  });
}
