// Who else is here: how many, for everybody; and for whoever has control who asks for it, who was handed it, and presenting.
import { useEffect, useRef } from "preact/hooks";
import * as actions from "./actions";
import { answerTo } from "./asking";
import { copy } from "./copying";
import { Drop } from "./drop";
import { notices } from "./panel_words";
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
      {store.presenting.value && (
        <>
          <i class="on" aria-hidden="true" />
          <span class="long">{watching.presenting} ·</span>
        </>
      )}
      <span>{words.count(a.viewers)}</span>{" "}
      {asks.length > 0 && (
        <b>
          {asks.length}
          <span class="long"> {words.asked(asks.length)}</span>
        </b>
      )}
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
  const host = useRef<HTMLLabelElement>(null);
  const hand = (to: string, on: boolean) => void actions.send({ type: "hand", to, on });
  const [on, a] = [store.presenting.value, store.audience.value!];
  // The button that was pressed has gone with its line: the focus stays in the list.
  useEffect(() => {
    if (document.activeElement === document.body) host.current?.querySelector("input")?.focus();
  }, [asks.length, hands.length]);
  return (
    <>
      <label class="switch" ref={host}>
        <input type="checkbox" role="switch" data-action="present" checked={on} onChange={(e) => present(e.currentTarget.checked)} /> {words.present}
      </label>
      <p class="note">{a.presenter && !on ? words.other : words.presents}</p>
      <List name={words.asks} none={words.nobody} list={asks} action="hand-over" face={words.hand} says={words.handTo} act={(to) => hand(to, true)} />
      <List name={words.hands} none="" list={hands} action="take-back" face={words.take} says={words.takeFrom} act={(to) => hand(to, false)} own={{ name: words.you, face: words.give }} />
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
  own?: { name: string; face: string }; // what is said of the visitor itself
}

function List({ name, none, list, action, face, says, act, own }: ListProps) {
  const id = `${action}-list`;
  const me = store.audience.value?.guest;
  if (list.length === 0) return none ? <p class="note">{none}</p> : null;
  return (
    <>
      <p class="of" id={id}>
        {name}
      </p>
      <ul aria-labelledby={id}>
        {list.map(({ guest, name }) => {
          const who = name || words.somebody;
          const mine = guest === me ? own : undefined;
          return (
            <li key={guest}>
              <bdi>{mine?.name ?? who}</bdi>
              <button type="button" class="link" data-action={action} data-guest={guest} aria-label={mine?.face ?? says(who)} onClick={() => act(guest)}>
                {mine?.face ?? face}
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}

// plain leaves out of a name what cannot be seen, but for the joiners that scripts and emoji need.
const plain = (name: string): string =>
  name
    .replace(/\s+/gu, " ")
    .replace(/(?![\u200c\u200d])\p{C}/gu, "")
    .trim();

// Wishes is for whoever watches.
function Wishes({ close }: { close(): void }) {
  const name = useRef<HTMLInputElement>(null);
  const ask = (on: boolean) => {
    const seq = actions.send({ type: "ask", on, ...(on ? { name: plain(name.current?.value ?? "") } : {}) });
    if (seq === 0) return;
    store.askFor(on);
    // It is answered only when it is refused.
    void answerTo(seq).then((a) => {
      if (a?.type !== "reject") return;
      store.askFor(false);
      store.toast(notices.rejected(a.reason));
    });
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
