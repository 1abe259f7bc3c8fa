/** The address of a screen: `#/name/part/part`. A part may have a slash in it, as the reference of an application has. */

/** What the browser calls each screen. */
export const TITLES: Record<string, string> = {
  '': 'Home',
  record: 'Record a crime',
  crime: 'Crime number',
  add: 'Add to a crime',
  risk: 'Assess the risk',
  'look-up': 'Look up',
  statement: 'Take a statement',
  photo: 'Photos and files',
  visit: 'Visit',
  queue: 'Waiting to send',
  carry: 'Send a colleague’s file',
  search: 'Stop and search',
  encounter: 'Encounter',
  correct: 'Correct a record',
  task: 'Do a task',
  tasks: 'What you’re asked to do',
  receipt: 'Stop and search reference',
  lock: 'Lock this app',
  'change-pin': 'Change your PIN',
};

/** Return the parts of an address, decoded. What nobody could have encoded is left as it is. */
export function readRoute(hash: string): string[] {
  return hash
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
}

/** Return the address of a screen, without its `#`. */
export function routeTo(name: string, ...parts: string[]): string {
  return ['', name, ...parts.map(encodeURIComponent)].join('/');
}
