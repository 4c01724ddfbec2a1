// One of a few, with a label: a field of the drawer's tabs.

export function Choice({ label, value, of, set }: { label: string; value: string; of: readonly [string, string][]; set(value: string): void }) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={(e) => set(e.currentTarget.value)}>
        {of.map(([v, text]) => (
          <option key={v} value={v}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
