// A minimal script that breaks a promise: to be read, and to be opened.
import * as incoming from "./incoming";
import { OpenLink } from "./luck_open";
import * as words from "./luck_words";
import type { FoundView } from "./wire";

export function Found({ found: f }: { found: FoundView }) {
  if (!f.found || f.text === "") return null;
  return (
    <div class="luck-found">
      <pre tabIndex={0} role="region" aria-label={words.luck.script} lang="en">
        {f.text}
      </pre>
      <p class="opening">
        <button type="button" data-action="draft-found" onClick={() => incoming.openText(f.text, words.luck.found)}>
          {words.luck.draft}
        </button>
        <OpenLink text={f.text} at={f.at} lane={f.lane} where={words.luck.found}>
          {words.luck.open}
        </OpenLink>
      </p>
    </div>
  );
}
