/** Opens a form beside the map by the id of its summary, and goes to its first field. */
export function openForm(id: string): void {
  const details = document.getElementById(id)?.closest("details");
  if (!details) return;
  details.open = true;
  details.querySelector<HTMLElement>("input, select")?.focus();
}
