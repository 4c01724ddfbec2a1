// What the visitor must be told about the page itself: refusals, and a missing connection. And the help.
import { useEffect, useRef, useState } from "preact/hooks";
import * as actions from "./actions";
import { Of } from "./company";
import { holdFocus } from "./dialogs";
import { forks } from "./fork_words";
import { forkAnd } from "./forking";
import { keysHelp } from "./menu_words";
import { LegendButton } from "./legend";
import { controls, definitions, help, notices, tools } from "./panel_words";
import { ExportMenu } from "./export_menu";
import { LinkTrouble } from "./link_trouble";
import { Restarted } from "./restarted";
import { incoming, link, shareOpen } from "./share_words";
import * as store from "./store";
import { speak } from "./language";
import { nextTheme, theme } from "./theme";

export function Notices() {
  return (
    <div class="notices" role="status" aria-label={notices.label} data-alone={store.world.value ? "0" : "1"}>
      <Connection />
      <Restarted />
      <LinkTrouble />
      <Of part="Notice" />
      {store.bound.value !== null && <p class="toast quiet late">{link.bound(store.bound.value)}</p>}
      {store.toasts.value.map((t) => (
        <p class="toast" data-toast key={t.id}>
          <span>{t.text}</span>
          {t.behind && (
            <button type="button" class="link" onClick={actions.live}>
              {controls.live}
            </button>
          )}
          {t.refused.length > 0 && (
            <button type="button" class="link" data-action="fork-and" onClick={() => (store.dismiss(t.id), void forkAnd(t.refused))}>
              {forks.forkAnd}
            </button>
          )}
          {t.undo && (
            <button type="button" class="link" data-action="undo" onClick={() => (store.dismiss(t.id), t.undo?.())}>
              {controls.undo}
            </button>
          )}
          <button type="button" class="link" onClick={() => store.dismiss(t.id)}>
            {controls.dismiss}
          </button>
        </p>
      ))}
      {store.dropping.value && <p class="dropping">{incoming.drop}</p>}
    </div>
  );
}

function Connection() {
  const { state, retryIn, reason } = store.connection.value;
  if (state === "open" || (state === "opening" && store.world.value)) return null;
  if (state === "opening") return <p class="toast quiet">{notices.connecting}</p>;
  if (state === "closed") return <Retry key={store.connection.value} seconds={retryIn} reason={reason} />;
  return (
    <p class="toast">
      <span>{notices.refusedRoom(reason)}</span>
      <a href="/">{notices.anew}</a>
    </p>
  );
}

// Retry says why there is no connection, and counts down to the next attempt.
function Retry({ seconds, reason }: { seconds: number; reason: string }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft((n) => Math.max(n - 1, 0)), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="toast">
      <span>
        {reason ? notices.waits(reason) : notices.lost} <span role="timer">{notices.retry(left)}</span>
      </span>
      <button type="button" class="link" data-action="retry" onClick={actions.retry}>
        {notices.retryNow}
      </button>
    </p>
  );
}

function ShareButton() {
  if (!store.world.value) return null;
  return (
    <button type="button" class="text" data-action="share" aria-haspopup="dialog" aria-keyshortcuts="s" onClick={() => store.share(true)}>
      {shareOpen}
    </button>
  );
}

// Tools are the buttons at the right of the header.
export function Tools() {
  return (
    <>
      <ShareButton />
      <ExportMenu />
      <button type="button" class="text" data-action="language" lang={tools.other} aria-label={`${tools.other.toUpperCase()}: ${tools.otherName}`} title={tools.otherName} onClick={() => speak(tools.other)}>
        {tools.other.toUpperCase()}
      </button>
      <button type="button" class="icon" data-action="theme" aria-label={tools.theme[theme.value]} title={tools.theme[theme.value]} onClick={nextTheme}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="8" class="ring" />
          <path d={theme.value === "light" ? "" : theme.value === "dark" ? "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16" : "M12 4a8 8 0 0 1 0 16z"} />
        </svg>
      </button>
      <button type="button" class="icon" data-action="keys" aria-label={keysHelp.title} title={keysHelp.title} onClick={() => store.openKeys(true)}>
        <svg viewBox="0 0 24 24" class="lines" aria-hidden="true">
          <path d="M3.5 6.5h17v11h-17zM7 10h.1M10.3 10h.1M13.6 10h.1M17 10h.1M8 14h8" />
        </svg>
      </button>
      <LegendButton />
      <button type="button" class="text" data-action="help" onClick={() => store.openHelp(true)}>
        {tools.help}
      </button>
    </>
  );
}

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = store.helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog class="help" ref={dialog} tabIndex={-1} onMouseDown={holdFocus} aria-labelledby="help-title" onClose={() => store.openHelp(false)}>
      <div class="help-head">
        <h2 id="help-title">{help.title}</h2>
        <button type="button" class="text" onClick={() => store.openHelp(false)}>
          {controls.close}
        </button>
      </div>
      {open && <Explained />}
    </dialog>
  );
}

// Explained is what the help says.
function Explained() {
  return (
    <>
      <p>{help.intro}</p>
      <ul>
        {help.steps.map((s) => (
          <li>{s}</li>
        ))}
      </ul>
      <h3>{help.packets}</h3>
      <p>
        {help.legend}{" "}
        <button
          type="button"
          class="link"
          onClick={() => {
            store.openHelp(false);
            store.openLegend(true);
          }}
        >
          {help.openLegend}
        </button>
      </p>
      <h3>{help.terms}</h3>
      <dl>
        {definitions.map(([name, text]) => (
          <>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
    </>
  );
}
