// At which level a client asks: a word of the lane's protocol. Of a database it is said in the words that all share and in the
// product's own, with what it promises.
import { clientMenu } from "./menu_words";
import { Level } from "./preset_info";
import { levelGroups } from "./preset_words";
import { isShared, levelText, protocolOf } from "./presets";
import * as store from "./store";

interface LevelFieldProps {
  protocol: string;
  level: string;
  set(level: string): void;
}

export function LevelField({ protocol, level, set }: LevelFieldProps) {
  const view = protocolOf(store.catalog.value, protocol);
  const levels = (view?.levels ?? []).filter(Boolean);
  if ((view?.levels ?? []).length === 0) return null;
  const usual = <option value="">{clientMenu.levels[""]}</option>;
  return (
    <label data-wide={view?.preset ? "1" : undefined}>
      <span>{clientMenu.level}</span>
      <select data-action="level" value={level} aria-describedby={view?.preset && level ? "level-about" : undefined} onChange={(e) => set(e.currentTarget.value)}>
        {usual}
        {view?.preset ? <Groups protocol={protocol} /> : levels.map((l) => <option value={l}>{clientMenu.levels[l] ?? l}</option>)}
      </select>
    </label>
  );
}

function Groups({ protocol }: { protocol: string }) {
  const preset = protocolOf(store.catalog.value, protocol)!.preset!;
  const all = preset.levels ?? [];
  const option = (l: (typeof all)[number]) => <option value={l.name}>{levelText(l)}</option>;
  const [shared, own] = [all.filter((l) => isShared(l.name)), all.filter((l) => l.name && !isShared(l.name))];
  return (
    <>
      <optgroup label={levelGroups.shared}>{shared.map(option)}</optgroup>
      {own.length > 0 && <optgroup label={levelGroups.own(preset.product)}>{own.map(option)}</optgroup>}
    </>
  );
}

// LevelAbout says what the chosen level of a database comes to.
export function LevelAbout({ protocol, level }: { protocol: string; level: string }) {
  const found = protocolOf(store.catalog.value, protocol)?.preset?.levels?.find((l) => l.name === level);
  if (!found || !level) return null;
  return (
    <p class="levels" id="level-about">
      <Level level={found} />
    </p>
  );
}
