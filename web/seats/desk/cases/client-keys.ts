/**
 * Keys for writes (data rule 10): the same content gets the same key for as long as the form is open, so that a second click
 * or a repeat after a lost answer does nothing twice; other content gets another key.
 */
export function clientKeys(): (content: unknown) => string {
  const keys = new Map<string, string>();
  return (content) => {
    const text = JSON.stringify(content);
    const known = keys.get(text);
    if (known) return known;
    const made = crypto.randomUUID();
    keys.set(text, made);
    return made;
  };
}
