// The list of keys and gestures.
import { useEffect, useRef } from "preact/hooks";
import { holdFocus } from "./dialogs";
import { keysHelp as words } from "./menu_words";
import { controls } from "./panel_words";
import * as store from "./store";

export function KeyList() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = store.keysOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog class="help keys" ref={dialog} tabIndex={-1} onMouseDown={holdFocus} aria-labelledby="keys-title" onClose={() => store.openKeys(false)}>
      <div class="help-head">
        <h2 id="keys-title">{words.title}</h2>
        <button type="button" class="text" onClick={() => store.openKeys(false)}>
          {controls.close}
        </button>
      </div>
      {(open ? words.groups : []).map(([name, list]) => (
        <section>
          <h3>{name}</h3>
          <dl>
            {list.map(([key, does]) => (
              <div>
                <dt>{key}</dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </dialog>
  );
}
