// Where the page shows what its third script brings about who else is in the room. That is fetched once there is company,
// or when the panel that shares is opened.
import { effect, signal } from "@preact/signals";
import { notices } from "./panel_words";
import { loadCompany, type Company } from "./shared";
import * as store from "./store";

const brought = signal<Company | null>(null);

// company fetches it when it is needed. A page in a frame only shows, and follows nobody.
export function company(): void {
  if (document.documentElement.dataset.bare) return;
  effect(() => {
    if (brought.value || !store.world.value || !(store.accompanied.value || store.sharing.value)) return;
    loadCompany().then(
      (c) => (brought.value = c),
      () => {
        if (!store.sharing.peek()) return;
        store.share(false);
        store.toast(notices.unfetched);
      },
    );
  });
  effect(() => void (document.documentElement.dataset.right = store.right.value));
}

// Of is one part of it, once that is there.
export function Of({ part }: { part: keyof Company }) {
  const Part = brought.value?.[part];
  return Part ? <Part /> : null;
}

// Line keeps its place before its content comes, so that nothing moves.
export function Line() {
  if (!store.world.value || !store.lined.value) return null;
  return (
    <div class="company">
      <Of part="Line" />
    </div>
  );
}

export const Here = () => (!store.lined.value && store.accompanied.value ? <Of part="Here" /> : null);

export const Share = () => <Of part="Share" />;
