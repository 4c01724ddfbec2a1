// What a visitor can have the server count over many runs, one thing at a time; what comes of it is the store's.
import { askQuietly, send, text } from "./actions";
import { answerTo } from "./asking";
import { notices } from "./panel_words";
import * as store from "./store";

// count begins to, unless something else is being counted.
export async function count(q: store.Question): Promise<void> {
  if (store.job.peek()) return;
  const { kind, lane, what, seeds } = q;
  const of = send({ type: kind, ...(kind === "luck" ? {} : { lane, what }), ...(kind === "turning" ? {} : { seeds }) });
  if (of === 0) return;
  store.counting(q, of);
  const room = store.world.peek()?.room ?? "";
  const [own, a] = await Promise.all([text(), answerTo(of)]);
  store.counted({ ...q, room, text: own?.text ?? "", result: a?.type === "result" ? a : null, refused: a?.type === "reject" ? a.reason : "" });
  if (!store.drawerOpen.peek() || store.drawerTab.peek() !== "luck") store.toast(notices.counted);
}

// uncount ends what is being counted. Should it have ended by itself, the refusal of this says nothing new.
export function uncount(): void {
  void askQuietly({ type: "cancel" });
  store.unwanted();
}
