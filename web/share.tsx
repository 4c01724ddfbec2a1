// The panel that makes links: to a copy of the run, at the moment looked at and with the view, where that is wanted; to
// watch the room; and to act in it.
import { useEffect, useRef, useState } from "preact/hooks";
import * as actions from "./actions";
import { holdFocus } from "./dialogs";
import { script } from "./drawer_words";
import { nowhere, print, type Scene } from "./fragment";
import { controls } from "./panel_words";
import { kinds } from "./rights_words";
import { save } from "./save";
import { commandsOf, engineOf } from "./script_text";
import { share as words, viewOf } from "./share_words";
import { address, opened, sceneNow, standing } from "./sharing";
import * as store from "./store";
import type { Script } from "./wire";

type Kind = "run" | "view" | "control";

const KEPT = "at."; // what a link's run begins with that the server keeps

export function Share() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = store.sharing.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog class="help share" ref={dialog} tabIndex={-1} onMouseDown={holdFocus} aria-labelledby="share-title" onClose={() => store.share(false)}>
      <div class="help-head">
        <h2 id="share-title">{words.title}</h2>
        <button type="button" class="text" onClick={() => store.share(false)}>
          {controls.close}
        </button>
      </div>
      {open && <Body />}
    </dialog>
  );
}

// Body offers the kinds of links. The one to act is for those who have come by it.
function Body() {
  const [kind, setKind] = useState<Kind>("run");
  const key = kind === "view" ? store.viewKey.value : store.controlKey.value;
  const list: Kind[] = ["run", ...(store.viewKey.value ? (["view"] as const) : []), ...(store.controlKey.value ? (["control"] as const) : [])];
  return (
    <>
      <fieldset class="link-kinds">
        <legend class="unseen">{kinds.label}</legend>
        {list.map((k) => (
          <label key={k}>
            <input type="radio" name="share-kind" data-kind={k} checked={k === kind} onChange={() => setKind(k)} />
            <span>
              <b>{kinds[k].name}</b>
              <small>{kinds[k].does}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {kind === "run" ? <Run /> : <Copying key={kind} link={`${location.origin}/#${print({ ...nowhere, room: store.world.value?.room ?? "", key })}`} />}
    </>
  );
}

// Run asks for the link anew each time that it is shown.
function Run() {
  const [scene] = useState(sceneNow);
  const [made, setMade] = useState<Script | "none" | null>(null);
  const ask = () => {
    setMade(null);
    void actions.share().then((s) => setMade(s?.link ? s : "none"));
  };
  useEffect(ask, []);
  if (made === null) return <p role="status">{words.loading}</p>;
  if (made !== "none") return <RunLink made={made} scene={scene} />;
  return (
    <p role="status">
      {words.failed}{" "}
      <button type="button" class="link" onClick={ask}>
        {words.again}
      </button>
    </p>
  );
}

// Copying shows a link and copies it.
function Copying({ link, note = "\u00a0", select = false }: { link: string; note?: string; select?: boolean }) {
  const [said, setSaid] = useState({ of: "", text: "" });
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      setSaid({ of: link, text: words.copied });
    } catch {
      field.current?.select();
      setSaid({ of: link, text: words.byHand });
    }
  };
  useEffect(() => void (select && field.current?.select()), []);
  return (
    <>
      <div class="copying">
        <input type="text" readOnly ref={field} data-action="link" aria-label={words.link} spellcheck={false} value={link} onFocus={(e) => e.currentTarget.select()} />
        <button type="button" class="primary" data-action="copy-link" onClick={() => void copy()}>
          {words.copy}
        </button>
      </div>
      <p class="said" role="status">
        {(said.of === link && said.text) || note}
      </p>
    </>
  );
}

function RunLink({ made, scene }: { made: Script; scene: Scene }) {
  const what = viewOf(scene.lane, scene.why === null, scene.tab, scene.why !== null);
  const [moment, setMoment] = useState(standing);
  const [view, setView] = useState(what !== "" && opened(scene));
  const change = (set: (on: boolean) => void) => (e: { currentTarget: HTMLInputElement }) => set(e.currentTarget.checked);
  const link = address(made.link!, scene, moment, view);
  return (
    <>
      <Copying link={link} note={words.size(link.length)} select={document.activeElement?.matches("[name=share-kind]") !== true} />
      <label>
        <input type="checkbox" data-action="share-moment" checked={moment} onChange={change(setMoment)} /> {words.moment(scene.at ?? 0)}
      </label>
      <label>
        <input type="checkbox" data-action="share-view" checked={view} disabled={what === ""} onChange={change(setView)} /> {what ? words.view(what) : words.noView}
      </label>
      <Holds made={made} />
      {store.draft.value !== null && <p class="holds">{words.draft}</p>}
    </>
  );
}

// Holds says what the link holds, or that the server does.
function Holds({ made }: { made: Script }) {
  const commands = commandsOf(made.text);
  if (!made.link?.startsWith(KEPT)) return <p class="holds">{words.whole(commands, engineOf(made.text))}</p>;
  return (
    <p class="holds">
      {words.kept(commands)}{" "}
      <button type="button" class="link" data-action="share-file" onClick={() => save(new Blob([made.text], { type: "text/plain" }), script.file)}>
        {words.file}
      </button>
    </p>
  );
}
