// The list of databases: what each preset is modelled after, and all stories of documented behaviours. It is where presets
// are compared from, too.
import { useEffect, useRef, useState } from "preact/hooks";
import * as actions from "./actions";
import { holdFocus } from "./dialogs";
import { controls } from "./panel_words";
import { About, Levels, Rows, scenarioAt, Simplified } from "./preset_info";
import { presetOf } from "./presets";
import { databases as words } from "./preset_words";
import * as store from "./store";
import type { Catalog, DatabaseView } from "./wire";

// DatabasesButton opens the list; beside it, where there is room, stands the way to the page that measures them all.
export function DatabasesButton() {
  return (
    <>
      <button type="button" class="text" data-action="databases" aria-label={words.open} title={words.open} aria-haspopup="dialog" onClick={() => store.openDatabases(true)}>
        <svg viewBox="0 0 24 24" class="lines" aria-hidden="true">
          <path d="M5 6.5c0-1.7 3.1-3 7-3s7 1.3 7 3-3.1 3-7 3-7-1.3-7-3zV17.5c0 1.7 3.1 3 7 3s7-1.3 7-3V6.5M5 12c0 1.7 3.1 3 7 3s7-1.3 7-3" />
        </svg>
        <span>{words.open}</span>
      </button>
      <a class="text" href="/which" data-action="which">
        {words.whichOne}
      </a>
    </>
  );
}

export function Databases() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = store.databasesOpen.value;
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!open) return dialog.current?.close();
    dialog.current?.showModal();
    setFailed(false);
    actions.fetchCatalog().catch(() => setFailed(true));
  }, [open]);
  const catalog = store.catalog.value;
  return (
    <dialog class="help databases" ref={dialog} tabIndex={-1} onMouseDown={holdFocus} aria-labelledby="databases-title" onClose={() => store.openDatabases(false)}>
      <div class="help-head">
        <h2 id="databases-title">{words.title}</h2>
        <button type="button" class="text" onClick={() => store.openDatabases(false)}>
          {controls.close}
        </button>
      </div>
      {open && (catalog ? <List catalog={catalog} /> : <p role="status">{failed ? words.none : words.loading}</p>)}
    </dialog>
  );
}

function List({ catalog }: { catalog: Catalog }) {
  const compared = catalog.compared ?? [];
  return (
    <>
      <p class="intro">{words.intro}</p>
      <section>
        <h3>{words.compare}</h3>
        <ul class="compared">
          {compared.map((s) => (
            <li>
              <a href={scenarioAt(s.id)} data-row={s.id} lang="en">
                {s.title}
              </a>
            </li>
          ))}
          <li>
            <a href="/which">{words.which}</a>
          </li>
        </ul>
      </section>
      {(catalog.databases ?? []).map((d) => (
        <Database key={d.product} of={d} catalog={catalog} />
      ))}
    </>
  );
}

function Database({ of, catalog }: { of: DatabaseView; catalog: Catalog }) {
  return (
    <section data-database={of.product}>
      <h3 lang="en">{of.product}</h3>
      {(of.presets ?? []).map((name) => {
        const preset = presetOf(catalog, name);
        return (
          preset && (
            <div key={name} data-preset={name}>
              <About preset={preset} />
              <Levels preset={preset} />
              <Simplified preset={preset} />
            </div>
          )
        );
      })}
      <Rows of={of} />
    </section>
  );
}
