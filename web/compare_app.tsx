// The entry of the page that shows two runs side by side, at the same moment: each is the usual page in a frame, and
// this page tells both where to go, and each in what it differs from the other.
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { compare as words, letter } from "./compare_words";
import { conduct, follow, order, parting, ready, rooms, shown, wanted } from "./compare_run";
import type { Note } from "./differ";
import { controls } from "./panel_words";
import { speedsWith } from "./speeds";
import { transport } from "./time_words";
import { laneName, seconds } from "./words";

const STEP = 50_000; // what an arrow key moves the thumb by, in microseconds
const MOST = 12; // messages that are named

function Compare() {
  const runs = rooms.value;
  if (!runs) return <p class="empty">{words.missing}</p>;
  return (
    <>
      <Bar />
      <div class="pair" data-space={wanted.value.space ? "1" : "0"}>
        {runs.map((r, i) => (
          <Side key={`${r.room} ${i}`} index={i} room={r.room} secret={r.key} />
        ))}
      </div>
      <Differences />
    </>
  );
}

function Side({ index, room, secret }: { index: number; room: string; secret: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const name = words.names[index]!;
  const hash = `#${new URLSearchParams({ room, key: secret })}`;
  useEffect(() => follow(index, () => frame.current?.contentWindow ?? null), []);
  return (
    <section class="side" aria-labelledby={`side-${index}`}>
      <div class="side-head">
        <h2 id={`side-${index}`}>{words.frame(name)}</h2>
        <a href={`/${hash}`} aria-label={`${words.open}: ${words.frame(name)}`}>
          {words.open}
        </a>
      </div>
      <iframe ref={frame} data-side={index} title={words.frame(name)} src={`/?bare=1&lang=${document.documentElement.lang}${hash}`} />
    </section>
  );
}

function Bar() {
  const { playing, lane, space } = wanted.value;
  const { at, edge, lanes, speed } = shown.value;
  const off = !ready.value;
  return (
    <div class="transport" role="group" aria-label={controls.time}>
      <button type="button" class="play" data-action="play" disabled={off} aria-pressed={playing} aria-label={controls.play} onClick={() => order({ playing: !playing })}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={playing ? "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" : "M8 4.5v15l12-7.5z"} />
        </svg>
      </button>
      <select data-action="speed" disabled={off} aria-label={transport.speed} title={transport.speed} value={String(speed)} onChange={(e) => order({ speed: Number(e.currentTarget.value) })}>
        {speedsWith(speed).map((s) => (
          <option value={String(s)}>{transport.speedOf(s)}</option>
        ))}
      </select>
      <div class="track">
        <div class="rail" aria-hidden="true">
          <i class="played" style={{ width: `${edge > 0 ? (100 * at) / edge : 0}%` }} />
        </div>
        <input type="range" data-action="seek" disabled={off} aria-label={controls.time} aria-valuetext={seconds(at)} min={0} max={edge} step={STEP} value={at} onChange={(e) => order({ playing: false, at: Math.min(Number(e.currentTarget.value), edge) })} />
      </div>
      <span class="clock">
        <output aria-live="off">{seconds(at)}</output>
      </span>
      {parting.value !== null && (
        <button type="button" data-action="part" disabled={off} onClick={() => order({ playing: false, at: parting.value! })}>
          {words.part}
        </button>
      )}
      <label class="choice">
        <span>{words.lane}</span>
        <select data-action="lane" aria-label={words.lane} value={lane} onChange={(e) => order({ lane: e.currentTarget.value })}>
          {lanes.map((l) => (
            <option key={l} value={l}>
              {laneName(l)}
            </option>
          ))}
        </select>
      </label>
      <button type="button" data-action="space" aria-pressed={space} onClick={() => order({ space: !space })}>
        {words.space}
      </button>
    </div>
  );
}

// Differences says in words what is lit in the frames.
function Differences() {
  const { difference: d, exact, ended } = shown.value;
  const [a, b] = words.names;
  useEffect(() => {
    if (exact) document.body.dataset.ready = "1";
  }, [exact]);
  const both = ([x, y]: [string, string]) => (
    <>
      {a} {x || words.none} <span class="versus">≠</span> {b} {y || words.none}
    </>
  );
  const none = d && d.nodes.length + d.scores.length + d.only[0].length + d.only[1].length === 0;
  return (
    <section class="differs" aria-labelledby="differs-title" data-exact={exact ? "1" : "0"}>
      <h2 id="differs-title">{words.differs}</h2>
      {ended && <p>{words.ended}</p>}
      {(!d || !exact) && <p class="legend">{d && wanted.value.playing ? words.playing : words.waiting}</p>}
      {d && none && exact && <p>{words.nothing}</p>}
      {d && !none && (
        <ul>
          {d.nodes.map((n) => (
            <li key={n.name} data-differs={n.name}>
              <b>{n.name}</b> {n.value && <span>{words.holds}: {both(n.value)}</span>} {n.role && <span>{words.role}: {both(n.role)}</span>}
            </li>
          ))}
          {d.scores.map((s) => (
            <li key={`score ${s.name}`} data-score={s.name}>
              <b>{s.name || words.verdict}</b> {both(s.text)}
            </li>
          ))}
          {d.only.map((list, i) => list.length > 0 && <Only key={`only ${i}`} name={words.names[i]!} list={list} side={i} />)}
        </ul>
      )}
    </section>
  );
}

function Only({ name, list, side }: { name: string; list: readonly Note[]; side: number }) {
  return (
    <li data-only={side} data-count={list.length}>
      <details>
        <summary>{words.only(name, list.length)}</summary>
        <ul>
          {list.slice(-MOST).map((n) => (
            <li key={n.id}>{letter(n.is, n.sent)}</li>
          ))}
          {list.length > MOST && <li>{words.more(list.length - MOST)}</li>}
        </ul>
      </details>
    </li>
  );
}

conduct();
document.title = `${words.title} – Netsplit`;
const title = document.getElementById("title");
if (title) title.textContent = words.title;
render(<Compare />, document.getElementById("compare")!);
