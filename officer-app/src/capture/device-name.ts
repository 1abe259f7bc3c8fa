/** What an officer may call this phone: suggested in plain words from what the browser says it is. */

const KINDS: [RegExp, string][] = [
  [/iPad/, 'iPad'],
  [/iPhone/, 'iPhone'],
  [/Android(?!.*Mobile)/, 'Android tablet'],
  [/Android/, 'Android phone'],
  [/Windows/, 'Windows computer'],
  [/CrOS/, 'Chromebook'],
  [/Macintosh/, 'Mac'],
  [/Linux/, 'Linux computer'],
];

/** `Ada’s Android phone`, from an officer’s name and the browser’s user agent. */
export function suggestDeviceName(officerName: string, userAgent: string): string {
  const kind = KINDS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'phone';
  const first = officerName.trim().split(/\s+/)[0] ?? '';
  if (first === '') return `Work ${kind}`;
  return `${first}’${first.endsWith('s') ? '' : 's'} ${kind}`;
}
