// What is wrong with the link that the page was opened by. It stays until it is dismissed.
import { openText } from "./incoming";
import { controls } from "./panel_words";
import { link as words } from "./share_words";
import * as store from "./store";

const SHOWN = 5; // parts that are named
const LONGEST = 40; // characters of a part

export function LinkTrouble() {
  const t = store.trouble.value;
  if (!t) return null;
  const bad = t.bad.slice(0, SHOWN).map((part) => (part.length > LONGEST ? `${part.slice(0, LONGEST)}…` : part));
  return (
    <div class="toast" data-link>
      <div>
        {(t.lead || t.reason) && (
          <p>
            {t.lead} {t.reason && <span lang="en">{t.reason}</span>} {t.instead && words.instead}
          </p>
        )}
        {bad.length > 0 && <p>{words.bad(t.bad.length > SHOWN ? [...bad, "…"] : bad)}</p>}
        {t.saved && (
          <button
            type="button"
            class="link"
            data-action="open-saved"
            onClick={() => {
              store.complain(null);
              openText(t.saved, words.saved);
            }}
          >
            {words.save}
          </button>
        )}
      </div>
      <button type="button" class="link" data-action="dismiss-link" onClick={() => store.complain(null)}>
        {controls.dismiss}
      </button>
    </div>
  );
}
