/** What was typed in a form, as changes of its fields: two tabs that type in one draft lose nothing of each other. */

type Fields = Readonly<Record<string, unknown>>;

/** The fields that changed, with their new values; fields of an object inside the form are changes of their own. */
export type Changes = ReadonlyMap<string, unknown>;

const REMOVED = Symbol('removed');

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Say which fields differ. What is no object of fields, such as the strokes of a signature, is one value. */
export function findChanges(before: unknown, after: unknown): Changes {
  const changes = new Map<string, unknown>();
  if (!isFields(before) || !isFields(after)) return changes;
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (was === is) continue;
    if (isFields(was) && isFields(is)) {
      const inner = findChanges(was, is);
      if (inner.size > 0) changes.set(name, inner);
    } else if (!(name in after)) changes.set(name, REMOVED);
    else if (JSON.stringify(was) !== JSON.stringify(is)) changes.set(name, is);
  }
  return changes;
}

/** Return the form with the changes made in it. */
export function applyChanges(form: unknown, changes: Changes): unknown {
  if (!isFields(form)) return form;
  const next: Record<string, unknown> = { ...form };
  for (const [name, value] of changes)
    if (value === REMOVED) Reflect.deleteProperty(next, name);
    else
      next[name] =
        value instanceof Map
          ? applyChanges(isFields(next[name]) ? next[name] : {}, value as Changes)
          : value;
  return next;
}

/** Join changes with later ones, which win. */
export function joinChanges(first: Changes, later: Changes): Changes {
  const joined = new Map(first);
  for (const [name, value] of later) {
    const before = joined.get(name);
    if (!(value instanceof Map)) joined.set(name, value);
    else if (before instanceof Map)
      joined.set(name, joinChanges(before as Changes, value as Changes));
    // The object itself came with the first change, and the later one changed some of its fields.
    else joined.set(name, isFields(before) ? applyChanges(before, value as Changes) : value);
  }
  return joined;
}
