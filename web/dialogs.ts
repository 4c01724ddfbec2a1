// What all dialogs have in common.

// holdFocus keeps the focus where it is when a hand presses beside what a dialog holds, or beside the dialog.
export function holdFocus(e: MouseEvent): void {
  if (e.target === e.currentTarget) e.preventDefault();
}
