// The drawer's script: the text of this very run, which grows as one acts, and can be edited and run again.
import { useEffect, useRef, useState } from "preact/hooks";
import * as actions from "./actions";
import { reasonAt, script } from "./drawer_words";
import * as incoming from "./incoming";
import { save } from "./save";
import { bytesOf, caretAt, endOf, linesOf, MOST, type Mistake } from "./script_text";
import { micros } from "./setup";
import { trace } from "./share_words";
import * as store from "./store";
import type { Script as Answer } from "./wire";
import { seconds } from "./words";

export function Script() {
  const [answer, setOwn] = useOwn();
  const own = answer?.text ?? null;
  const draft = store.draft.value;
  const [found, setFound] = useState<{ in: string | null; mistake: Mistake } | null>(null);
  const [running, setRunning] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const goOn = useRef<HTMLInputElement>(null);
  const text = draft ?? own ?? "";
  const mistake = found && found.in === draft ? found.mistake : null; // of the text as it is
  const change = (to: string | null) => store.edit(to === own ? null : to);
  const offered = store.offered.value;
  const accept = () => {
    if (offered?.link) return incoming.follow(offered.link);
    store.edit(offered?.text ?? null, offered?.said);
  };
  const refuse = (m: Mistake) => {
    setFound({ in: draft, mistake: m });
    if (m.line > 0 && field.current && store.draft.peek() === draft) show(field.current, m);
  };
  const run = async () => {
    if (running) return;
    if (bytesOf(text) > MOST) return refuse({ line: 0, column: 0, reason: script.tooLong(bytesOf(text), MOST) });
    setRunning(true);
    setFound(null);
    const no = await actions.runScript(text, goOn.current?.checked ? actions.present() : 0);
    setRunning(false);
    if (no) refuse({ line: no.line ?? 0, column: no.column ?? 0, reason: reasonAt(no.reason) });
    else if (store.draft.peek() === draft) {
      setOwn(text);
      change(null);
    }
  };
  const take = (files: FileList | null) => void (files && incoming.takeFiles([...files]));
  const button = useRef<HTMLButtonElement>(null);
  const loading = own === null && draft === null;
  useEffect(() => void (store.origin.value && button.current?.focus()), [store.origin.value, loading]);
  if (loading) return <p class="empty">{script.loading}</p>;
  return (
    <div class="script">
      <div class="script-head">
        <button type="button" ref={button} data-action="run-script" aria-keyshortcuts={script.shortcut} title={script.shortcut} disabled={running} onClick={() => void run()}>
          {script.run}
        </button>
        <label>
          <input type="checkbox" ref={goOn} data-action="go-on" /> <GoOn />
        </label>
        {draft !== null && (
          <button type="button" class="link" data-action="discard" onClick={() => store.offer({ text: null, link: "", said: "" })}>
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
      {offered && <Ask onYes={accept} onNo={() => store.offer(null)} />}
      <Editor field={field} text={text} mistake={mistake} onInput={change} onRun={() => void run()} />
      <p id="script-said" class="said" role="status" data-wrong={mistake ? "1" : "0"}>
        {running ? script.running : mistake ? script.wrong(mistake.line, mistake.reason) : draft === null ? script.own : store.origin.value || script.edited}
        {draft === null && !mistake && answer && <Trace answer={answer} />}
      </p>
    </div>
  );
}

// useOwn has the run's own text, and again when a command is added to it.
function useOwn(): [Answer | null, (text: string) => void] {
  const [own, setOwn] = useState<Answer | null>(null);
  useEffect(() => {
    let over = false;
    void actions.text().then((s) => s && !over && setOwn(s));
    return () => {
      over = true;
    };
  }, [store.commands.value, store.world.value?.run, store.connection.value.state]);
  return [own, (text) => setOwn((s) => s && { ...s, text, trace: "" })];
}

// Trace is what a headless run of the text comes to, where the run has come to the text's end.
function Trace({ answer }: { answer: Answer }) {
  if (!answer.trace || micros(endOf(answer.text)) !== answer.at) return null;
  return (
    <span class="trace" title={trace.about}>
      {" "}
      {trace.at(answer.at)} <code>{answer.trace}</code>
    </span>
  );
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
