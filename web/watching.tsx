// What a page that watches or follows says: the line under the header, and one notice when something is out of reach.
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Here } from "./audience";
import { copy } from "./copying";
import { back } from "./following";
import { controls } from "./panel_words";
import { watching as words } from "./rights_words";
import * as store from "./store";

const STAYS = 12_000; // milliseconds that the notice stays

// Line says how the visitor is here.
export function Line() {
  const stray = store.led.value ? store.strayed.value : store.left.value !== null;
  const follows = store.following.value;
  const parted = store.parted.value && !stray;
  return (
    <section class="company-line" aria-label={words.label} data-follows={follows ? "1" : "0"} data-apart={stray ? "1" : "0"}>
      {store.watching.value && <p>{words.line}</p>}
      <Here />
      <p role="status">
        {follows ? words.following : stray ? words.strayed : parted ? words.parted : ""}
        {parted && <span class="long"> {words.alone}</span>}
      </p>
      {parted && (
        <button type="button" class="link" data-action="parted" onClick={store.part}>
          {controls.dismiss}
        </button>
      )}
      {stray && (
        <button type="button" class="link" data-action="return" aria-keyshortcuts="p" aria-label={words.back} title={words.back} onClick={back}>
          <span class="long">{words.back}</span>
          <span class="short" aria-hidden="true">
            {words.backShort}
          </span>
        </button>
      )}
      {store.watching.value && <Ways />}
    </section>
  );
}

// Ways are the two ways out of only watching. On telephones they are in the list of who is here, too.
function Ways() {
  return (
    <div class="outs">
      <button type="button" class="link" onClick={() => void copy()}>
        {words.copy}
      </button>
      <button type="button" class="link" data-action="wish" onClick={wish}>
        {store.asking.value ? words.asked : words.ask}
      </button>
    </div>
  );
}

// wish opens the list of who is here where one asks for control.
function wish(): void {
  const button = document.querySelector<HTMLElement>('[data-action="audience"]');
  if (button?.getAttribute("aria-expanded") === "false") button.click();
  requestAnimationFrame(() => (document.querySelector<HTMLElement>('[data-action="ask-name"], [data-action="ask-no-more"]') ?? button)?.focus());
}

// Notice says once why nothing happens, however often somebody tries.
export function Notice() {
  const tries = store.withheld.value;
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (tries === 0) return;
    const timer = setTimeout(() => host.current?.contains(document.activeElement) || store.withhold(false), STAYS);
    return () => clearTimeout(timer);
  }, [tries]);
  if (tries === 0) return null;
  return (
    <div class="toast" data-watching ref={host}>
      <p>{words.notice}</p>
      <div class="outs">
        <button type="button" class="link" data-action="notice-copy" onClick={() => (store.withhold(false), void copy())}>
          {words.copy}
        </button>
        <button type="button" class="link" data-action="notice-ask" onClick={() => (store.withhold(false), wish())}>
          {words.ask}
        </button>
        <button type="button" class="link" onClick={() => store.withhold(false)}>
          {controls.dismiss}
        </button>
      </div>
    </div>
  );
}

// listenToRight tells when control was given, or taken back: of both, what was last.
export function listenToRight(): void {
  let [room, right] = ["", ""];
  effect(() => {
    const [r, now] = [store.world.value?.room ?? "", store.right.value];
    if (r !== room) hush(words.copying, words.given, words.taken);
    else if (right !== now) {
      hush(words.given, words.taken);
      store.toast(now === "control" ? words.given : words.taken);
    }
    [room, right] = [r, now];
  });
}

// listenToFloor tells whoever presented that somebody else does now.
export function listenToFloor(): void {
  let mine = false;
  effect(() => {
    if (mine && store.led.value) store.toast(words.overtaken);
    mine = store.presenting.value;
  });
}

// hush takes back what holds no longer.
function hush(...texts: string[]): void {
  for (const t of store.toasts.peek()) if (texts.includes(t.text)) store.dismiss(t.id);
}
