// Scenarios and links that come to the page from outside: by a file that is opened or dropped, or by pasting. A scenario
// becomes the draft of the script; a link is followed. The page asks before an edited text would be lost.
import { effect } from "@preact/signals";
import * as actions from "./actions";
import { linkIn, parse } from "./fragment";
import { bytesOf, engineOf, isScenario, MOST, renewed, textOf, unified } from "./script_text";
import { incoming as words } from "./share_words";
import * as store from "./store";

const FIELDS = "input:not([type=range], [type=checkbox], [type=radio]), textarea, [contenteditable]";

// takeFiles opens the one file that there is.
export async function takeFiles(files: FileList | readonly File[]): Promise<void> {
  const file = files[0];
  if (!file) return;
  if (files.length > 1) return store.toast(words.several(files.length));
  if (file.size > 2 * MOST) return store.toast(words.large(file.name, file.size, MOST));
  let text: string | null;
  try {
    text = textOf(new Uint8Array(await file.arrayBuffer()));
  } catch {
    return store.toast(words.unreadable(file.name));
  }
  if (text === null) return store.toast(words.binary(file.name));
  if (text.trim() === "") return store.toast(words.empty(file.name));
  if (bytesOf(text) > MOST) return store.toast(words.large(file.name, bytesOf(text), MOST));
  openText(text, words.file(file.name));
}

// openText makes a text the draft of the script, or asks to.
export function openText(text: string, where: string): void {
  const made = engineOf(text);
  const now = renewed(text, actions.ENGINE);
  const said = now === text ? words.from(where) : words.renewed(where, made, actions.ENGINE);
  store.showTab("script", true);
  const draft = store.draft.peek();
  if (draft === null || draft === now) store.edit(now, said);
  else store.offer({ text: now, link: "", said });
}

// openLink follows a link, or asks to.
export function openLink(link: string): void {
  if (store.draft.peek() === null) return follow(link);
  store.showTab("script", true);
  store.offer({ text: null, link, said: "" });
}

// follow opens a link in the place of this page.
export function follow(link: string): void {
  store.edit(null);
  location.hash = link;
}

function takeText(text: string, where: string): void {
  const link = linkIn(text);
  if (link) return openLink(link);
  if (!isScenario(text)) return store.toast(words.nothing);
  const bytes = bytesOf(unified(text));
  if (bytes > MOST) return store.toast(words.large(where, bytes, MOST));
  openText(unified(text), where);
}

// listenToFiles makes the whole page a place to drop on and to paste into.
export function listenToFiles(): void {
  const inField = (e: Event) => e.target instanceof Element && e.target.closest(FIELDS) !== null;
  const ours = (e: DragEvent) => e.dataTransfer !== null && (e.dataTransfer.types.includes("Files") || (e.dataTransfer.types.includes("text/plain") && !inField(e)));
  addEventListener("dragover", (e) => {
    if (!ours(e)) return;
    e.preventDefault();
    if (!store.dropping.peek()) store.holdOver(true);
  });
  addEventListener("dragleave", (e) => e.relatedTarget === null && store.holdOver(false));
  addEventListener("drop", (e) => {
    store.holdOver(false);
    if (!ours(e)) return;
    e.preventDefault();
    const { files } = e.dataTransfer!;
    if (files.length > 0) void takeFiles(files);
    else takeText(e.dataTransfer!.getData("text/plain"), words.dropped);
  });
  addEventListener("paste", (e) => {
    if (inField(e) || !e.clipboardData || document.querySelector("dialog[open]")) return;
    e.preventDefault();
    if (e.clipboardData.files.length > 0) void takeFiles(e.clipboardData.files);
    else if (e.clipboardData.getData("text/plain").trim()) takeText(e.clipboardData.getData("text/plain"), words.pasted);
  });
  addEventListener("hashchange", () => {
    const { room, key, run } = parse(location.hash).fragment;
    if (run || !room) location.reload();
    else if (room !== store.world.peek()?.room) actions.enter(room, key, false);
  });
  effect(() => (store.draft.value === null ? undefined : warning()));
}

// warning has the browser ask before the page is left with an edited text.
function warning(): () => void {
  const warn = (e: BeforeUnloadEvent) => e.preventDefault();
  addEventListener("beforeunload", warn);
  return () => removeEventListener("beforeunload", warn);
}
