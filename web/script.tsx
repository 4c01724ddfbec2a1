// The drawer's script: the text of this very run, which grows as one acts, and can be edited and run again.
import { useEffect, useRef, useState } from "preact/hooks";
import * as actions from "./actions";
import { reasonAt, script } from "./drawer_words";
import { save } from "./save";
import { bytesOf, caretAt, linesOf, type Mistake } from "./script_text";
import * as store from "./store";
import { seconds } from "./words";

const MOST = 64 << 10; // bytes of a text, as sim.MaxScenarioSize: the server ends a connection that sends far more

export function Script() {
  const [own, setOwn] = useOwn();
  const draft = store.draft.value;
  const [mistake, setMistake] = useState<Mistake | null>(null);
  const [pending, setPending] = useState<{ text: string | null } | null>(null); // what would take the place of the edited text
  const [running, setRunning] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const goOn = useRef<HTMLInputElement>(null);
  const text = draft ?? own ?? "";
  const change = (to: string | null) => {
    store.edit(to === own ? null : to);
    setMistake(null);
    setPending(null);
  };
  const replace = (to: string | null) => (draft === null ? change(to) : setPending({ text: to }));
  const refuse = (m: Mistake) => {
    setMistake(m);
    if (m.line > 0) show(field.current!, m);
  };
  const run = async () => {
    if (running || own === null) return;
    if (bytesOf(text) > MOST) return refuse({ line: 0, column: 0, reason: script.tooLong(bytesOf(text), MOST) });
    setRunning(true);
    const no = await actions.runScript(text, goOn.current?.checked ? actions.present() : 0);
    setRunning(false);
    if (no) refuse({ line: no.line ?? 0, column: no.column ?? 0, reason: reasonAt(no.reason) });
    else if (store.draft.peek() === draft) {
      setOwn(text);
      change(null);
    }
  };
  const take = (files: FileList | null | undefined) => void files?.[0]?.text().then((t) => replace(t.replace(/\r\n?/g, "\n")));
  useLeaving();
  if (own === null && draft === null) return <p class="empty">{script.loading}</p>;
  return (
    <div class="script" onDragOver={(e) => e.preventDefault()} onDrop={(e) => (e.preventDefault(), take(e.dataTransfer?.files))}>
      <div class="script-head">
        <button type="button" data-action="run-script" aria-keyshortcuts={script.shortcut} title={script.shortcut} disabled={running} onClick={() => void run()}>
          {script.run}
        </button>
        <label>
          <input type="checkbox" ref={goOn} data-action="go-on" /> <GoOn />
        </label>
        {draft !== null && (
          <button type="button" class="link" data-action="discard" onClick={() => setPending({ text: null })}>
            {script.discard}
          </button>
        )}
        <span class="files">
          <label class="file">
            {script.open}
            <input type="file" accept=".txt,text/plain" onChange={(e) => (take(e.currentTarget.files), (e.currentTarget.value = ""))} />
          </label>
          <button type="button" class="link" data-action="download" onClick={() => save(new Blob([text], { type: "text/plain" }), script.file)}>
            {script.download}
          </button>
        </span>
      </div>
      {pending && <Ask onYes={() => change(pending.text)} onNo={() => setPending(null)} />}
      <Editor field={field} text={text} mistake={mistake} onInput={change} onRun={() => void run()} />
      <p id="script-said" class="said" role="status" data-wrong={mistake ? "1" : "0"}>
        {running ? script.running : mistake ? script.wrong(mistake.line, mistake.reason) : draft === null ? script.own : script.edited}
      </p>
    </div>
  );
}

// useOwn has the run's own text, and again when a command is added to it.
function useOwn(): [string | null, (text: string) => void] {
  const [own, setOwn] = useState<string | null>(null);
  useEffect(() => {
    let over = false;
    void actions.text().then((s) => s && !over && setOwn(s.text));
    return () => {
      over = true;
    };
  }, [store.commands.value, store.world.value?.run, store.connection.value.state]);
  return [own, setOwn];
}

// useLeaving has the browser ask before the page is left with an edited text.
function useLeaving(): void {
  const edited = store.draft.value !== null;
  useEffect(() => {
    const warn = (e: BeforeUnloadEvent) => e.preventDefault();
    if (edited) addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [edited]);
}

// GoOn tells how far the new run would be played at once: it changes all the time, alone.
function GoOn() {
  return <>{script.goOn(seconds(store.clock.value.edge, 1))}</>;
}

function Ask({ onYes, onNo }: { onYes(): void; onNo(): void }) {
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => yes.current?.focus(), []);
  return (
    <p class="ask" role="alert">
      <span>{script.ask}</span>
      <button type="button" data-action="discard-now" ref={yes} onClick={onYes}>
        {script.discardNow}
      </button>
      <button type="button" onClick={onNo}>
        {script.keep}
      </button>
    </p>
  );
}

interface EditorProps {
  field: { current: HTMLTextAreaElement | null };
  text: string;
  mistake: Mistake | null;
  onInput(text: string): void;
  onRun(): void;
}

// Editor is a plain text field with the lines' numbers at its side, and the wrong line marked behind it.
function Editor({ field, text, mistake, onInput, onRun }: EditorProps) {
  const beside = useRef<HTMLDivElement>(null);
  const follow = () => beside.current && (beside.current.style.transform = `translateY(${-(field.current?.scrollTop ?? 0)}px)`);
  useEffect(() => void follow(), [text]);
  return (
    <div class="editor">
      <div class="beside" ref={beside} aria-hidden="true">
        {Array.from({ length: linesOf(text) }, (_, i) => (
          <span key={i} data-wrong={mistake?.line === i + 1 ? "1" : "0"}>
            {i + 1}
          </span>
        ))}
      </div>
      <textarea
        ref={field}
        data-action="script"
        aria-label={script.label}
        aria-describedby="script-said"
        aria-invalid={mistake !== null}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        wrap="off"
        value={text}
        onInput={(e) => onInput(e.currentTarget.value)}
        onScroll={follow}
        onKeyDown={(e) => {
          if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) onRun();
        }}
      />
    </div>
  );
}

// show moves the caret to a mistake, and the field to the caret.
function show(field: HTMLTextAreaElement, m: Mistake): void {
  const at = caretAt(field.value, m.line, m.column);
  field.focus();
  field.setSelectionRange(at, at);
  field.scrollTop = Math.max(0, (m.line - 1) * parseFloat(getComputedStyle(field).lineHeight) - field.clientHeight / 2);
}
