// Who else is here: how many, for everybody; and for whoever has control who asks for it, who was handed it, and presenting.
import { useEffect, useRef } from "preact/hooks";
import * as actions from "./actions";
import { copy } from "./copying";
import { Drop } from "./drop";
import { present } from "./presenting";
import { here as words, watching } from "./rights_words";
import * as store from "./store";
import type { Guest } from "./wire";

export function Here() {
  const a = store.audience.value;
  const asks = store.watching.value ? [] : (a?.asks ?? []);
  useNews(asks);
  if (!a) return null;
  const face = (
    <>
      {store.presenting.value && <i class="on" aria-hidden="true" />}
      <span>{words.count(a.viewers)}</span>{" "}
      {asks.length > 0 && <b>{words.asked(asks.length)}</b>}
      <svg viewBox="0 0 24 24" class="glyph" aria-hidden="true">
        <path d="M6 9l6 6 6-6" />
      </svg>
    </>
  );
  const label = [words.label(a.viewers, asks.length), store.presenting.value ? watching.presenting : ""].filter(Boolean).join(", ");
  return (
    <Drop class="here" action="audience" label={label} face={face}>
      {(close) => (
        <>
          <p>{words.all(a.viewers)}</p>
          {store.watching.value ? <Wishes close={close} /> : <Command asks={asks} hands={a.hands ?? []} />}
        </>
      )}
    </Drop>
  );
}

// useNews tells of the first who asks; of others the button has the number.
function useNews(asks: readonly Guest[]): void {
  const first = asks[0];
  useEffect(() => {
    if (first) store.toast(words.asking(first.name || words.somebody));
  }, [first === undefined]);
}

// Command is for whoever has control.
function Command({ asks, hands }: { asks: readonly Guest[]; hands: readonly Guest[] }) {
  const hand = (to: string, on: boolean) => void actions.send({ type: "hand", to, on });
  const [on, a] = [store.presenting.value, store.audience.value!];
  return (
    <>
      <label class="switch">
        <input type="checkbox" role="switch" data-action="present" checked={on} onChange={(e) => present(e.currentTarget.checked)} /> {words.present}
      </label>
      <p class="note">{a.presenter && !on ? words.other : words.presents}</p>
      <List name={words.asks} none={words.nobody} list={asks} action="hand-over" face={words.hand} says={words.handTo} act={(to) => hand(to, true)} />
      <List name={words.hands} none="" list={hands} action="take-back" face={words.take} says={words.takeFrom} act={(to) => hand(to, false)} />
    </>
  );
}

interface ListProps {
  name: string;
  none: string; // what is said of an empty list; "" to leave it out
  list: readonly Guest[];
  action: string;
  face: string;
  says(who: string): string;
  act(guest: string): void;
}

function List({ name, none, list, action, face, says, act }: ListProps) {
  const id = `${action}-list`;
  if (list.length === 0) return none ? <p class="note">{none}</p> : null;
  return (
    <>
      <p class="of" id={id}>
        {name}
      </p>
      <ul aria-labelledby={id}>
        {list.map(({ guest, name }) => (
          <li key={guest}>
            <span>{name || words.somebody}</span>
            <button type="button" class="link" data-action={action} data-guest={guest} aria-label={says(name || words.somebody)} onClick={() => act(guest)}>
              {face}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

// Wishes is for whoever watches.
function Wishes({ close }: { close(): void }) {
  const name = useRef<HTMLInputElement>(null);
  const ask = (on: boolean) => {
    if (actions.send({ type: "ask", on, ...(on ? { name: name.current?.value.trim() ?? "" } : {}) }) > 0) store.askFor(on);
  };
  const asking = store.asking.value;
  return (
    <>
      <button type="button" class="item" data-action="own-copy" onClick={() => (close(), void copy())}>
        {watching.copy}
      </button>
      {asking ? (
        <p role="status">
          {watching.asked}{" "}
          <button type="button" class="link" data-action="ask-no-more" onClick={() => ask(false)}>
            {watching.withdraw}
          </button>
        </p>
      ) : (
        <form
          class="wish"
          onSubmit={(e) => {
            e.preventDefault();
            ask(true);
          }}
        >
          <label for="ask-name">{watching.name}</label>
          <input id="ask-name" ref={name} type="text" maxLength={40} autocomplete="off" data-action="ask-name" />
          <button type="submit" data-action="ask">
            {watching.ask}
          </button>
        </form>
      )}
    </>
  );
}
