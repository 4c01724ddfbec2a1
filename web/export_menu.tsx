// The menu that saves what the stages show: pictures, and the last seconds as a video; and the histories of lanes.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Drop, Item } from "./drop";
import { fileName, pngOf, save, svgOf } from "./export";
import { historyOf, whyNot } from "./histories";
import { exports as words } from "./lane_words";
import { canRecord, record, SECONDS } from "./record";
import { forms, histories, type Form } from "./share_words";
import * as store from "./store";
import { laneName } from "./words";

const ofOneLane: readonly Form[] = ["jepsen", "porcupine"];

export function ExportMenu() {
  const world = store.world.value;
  const lane = useSignal("");
  const recording = useSignal<AbortController | null>(null);
  const replaying = useSignal<AbortController | null>(null);
  useFocus(Boolean(recording.value || replaying.value));
  if (!world) return null;
  const names = world.lanes.map((l) => l.name);
  const chosen = names.includes(lane.value) ? [lane.value] : names;
  const indexes = () => chosen.map((n) => names.indexOf(n)).filter((i) => i >= 0);
  const picture = async (kind: "svg" | "png") => {
    const name = fileName(shownOf(chosen), store.playback.now, kind);
    const svg = svgOf(indexes());
    if (!svg) return store.toast(words.hidden);
    try {
      save(name, kind === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await pngOf(svg));
    } catch {
      store.toast(words.failed);
    }
  };
  const video = async () => {
    if (store.playback.now <= 0) return store.toast(words.soon);
    const name = (kind: string, at = store.playback.now) => fileName(shownOf(chosen), at, kind);
    const at = store.playback.now;
    recording.value = new AbortController();
    try {
      const made = await record(indexes(), recording.value.signal);
      if (made) save(name(made.kind, at), made.data);
      else store.toast(words.hidden);
    } catch {
      store.toast(words.failed);
    }
    recording.value = null;
  };
  const history = async (form: Form) => {
    const stop = (replaying.value = new AbortController());
    const made = await historyOf(form, chosen.length === 1 ? chosen[0]! : "", stop.signal);
    if (made && "file" in made) save(made.name, made.file);
    else if (made) store.toast(whyNot(made.reason));
    replaying.value = null;
  };
  if (recording.value) return <Stop stop={() => recording.value?.abort()} face={words.recordingShort} title={words.recording} action="stop-recording" />;
  if (replaying.value) return <Stop stop={() => replaying.value?.abort()} face={histories.busy} title={histories.stop} action="stop-history" />;
  return (
    <Drop class="export" action="export" label={words.menu} face={words.menu}>
      {(close) => (
        <>
          <label>
            <span>{words.lane}</span>
            <select data-action="export-lane" value={chosen.length === 1 ? chosen[0] : ""} onChange={(e) => (lane.value = e.currentTarget.value)}>
              <option value="">{words.all}</option>
              {names.map((n) => (
                <option value={n}>{laneName(n)}</option>
              ))}
            </select>
          </label>
          <Item action="export-svg" text={words.svg} onClick={() => (close(), void picture("svg"))} />
          <Item action="export-png" text={words.png} onClick={() => (close(), void picture("png"))} />
          {canRecord() ? <Item action="export-video" text={words.video(SECONDS)} onClick={() => (close(), void video())} /> : <p>{words.noVideo}</p>}
          <p class="part">{histories.title}</p>
          {forms.map((f) => (
            <Item key={f} action={`export-${f}`} text={histories.forms[f]} off={chosen.length > 1 && ofOneLane.includes(f)} onClick={() => (close(), void history(f))} />
          ))}
          {chosen.length > 1 && <p>{histories.oneLane}</p>}
        </>
      )}
    </Drop>
  );
}

// shownOf leaves out lanes for which there is no room now.
function shownOf(names: readonly string[]): string[] {
  return names.filter((n) => (document.querySelector(`section.lane[data-lane="${CSS.escape(n)}"]`)?.clientWidth ?? 0) > 0);
}

// useFocus hands the focus on when the menu gives way to the button that stops, and back.
function useFocus(busy: boolean): void {
  const was = useRef(busy);
  useEffect(() => {
    if (busy !== was.current && document.activeElement === document.body) document.querySelector<HTMLElement>('[data-action="export"], .recording')?.focus();
    was.current = busy;
  }, [busy]);
}

interface StopProps {
  stop: () => void;
  face: string;
  title: string;
  action: string;
}

function Stop({ stop, face, title, action }: StopProps) {
  return (
    <button type="button" class="recording" data-action={action} title={title} onClick={stop}>
      <svg class="glyph" viewBox="0 0 12 12" aria-hidden="true">
        <circle cx="6" cy="6" r="4.5" />
      </svg>
      {face}
    </button>
  );
}
