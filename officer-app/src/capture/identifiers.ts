/** The numbers that makers put on things, read as the server reads them (`records/reference/rules/serials.py`). */

import { plainCharacters } from './readers';

export type IdentifierScheme = 'imei' | 'vin' | 'frame' | 'serial';
export type IdentifierReading = { value: string } | { problem: string };

const MAX_LENGTH = 35;
const MIN_LENGTH = 3;
// Python counts the separators of ASCII and the next-line character as spaces too.
const PUNCTUATION = /[\s\x1c-\x1f\x85./\\_:#-]/g;
/** What is printed before the number, and copied with it. */
const LABELS: Record<IdentifierScheme, RegExp> = {
  imei: /^IMEI(?:\s*(?:SIM\s*)?[12]\s*:)?[\s:.#]*/,
  vin: /^(?:VIN|CHASSIS)\b(?:\s*(?:NUMBER|NO)\b)?[\s:.#]*/,
  frame: /^FRAME\b(?:\s*(?:NUMBER|NO)\b)?[\s:.#]*/,
  serial: /^(?:S\/N\b|SN\s*[:#]|SERIAL\b)(?:\s*(?:NUMBER|NO)\b)?[\s:.#]*/,
};
/** First digits of payment cards, by how many digits there are. */
const CARD =
  /^(?:3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}(?:\d\d)?|4\d{12}(?:\d{3}){0,2}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|6(?:011|5\d\d|4[4-9]\d|2\d\d)\d{12}(?:\d{3})?)$/;
/** JCB's numbers look as those of phones do. */
const JCB_CARD = /^35(?:2[89]|[3-8]\d)\d{12}$/;
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const VIN_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const VIN_LETTER_VALUES = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9];

/** What people read for each problem; the server's `reference` messages. */
export const IDENTIFIER_SENTENCES: Record<string, string> = {
  imei_missing: 'Enter an IMEI number',
  imei_length: 'IMEI number must be 15 digits, like 490154203237518',
  imei_invalid: 'Check the IMEI number because a digit is wrong',
  vin_missing: 'Enter a vehicle identification number (VIN)',
  vin_length: 'Vehicle identification number (VIN) must be 17 letters and numbers',
  vin_invalid: 'Check the vehicle identification number (VIN) because a character is wrong',
  frame_missing: 'Enter a frame number',
  frame_invalid: 'Frame number must be at least 3 letters and numbers',
  frame_too_long: `Frame number must be ${String(MAX_LENGTH)} characters or fewer`,
  serial_missing: 'Enter a serial number',
  serial_invalid: 'Serial number must be at least 3 letters and numbers',
  serial_too_long: `Serial number must be ${String(MAX_LENGTH)} characters or fewer`,
  card_number: 'Do not enter a bank card number',
};

/** The one form in which an identifier is stored and compared, or the code of what is wrong with it. */
export function parseIdentifier(scheme: IdentifierScheme, text: string): IdentifierReading {
  const typed = plainCharacters(text)
    .toUpperCase()
    .replace(LABELS[scheme], '')
    .replace(PUNCTUATION, '');
  if (typed === '') return { problem: `${scheme}_missing` };
  const value = replaceLookalikes(scheme, typed);
  const code =
    scheme === 'imei' ? checkImei(value) : scheme === 'vin' ? checkVin(value) : checkSerial(value);
  if (code === null) return { value };
  return { problem: code === 'card' ? 'card_number' : `${scheme}_${code}` };
}

/** Letters that stand where only digits can. */
function replaceLookalikes(scheme: IdentifierScheme, typed: string): string {
  if (scheme === 'imei') return typed.replace(/[IL]/g, '1').replace(/[OQ]/g, '0');
  // ISO 3779 leaves I, O and Q out because people read them as digits.
  if (scheme === 'vin') return typed.replace(/I/g, '1').replace(/[OQ]/g, '0');
  return typed;
}

function passesLuhn(digits: string): boolean {
  const doubled = Array.from(digits)
    .reverse()
    .map((digit, place) => Number(digit) * (1 + (place % 2)));
  return doubled.reduce((sum, n) => sum + Math.floor(n / 10) + (n % 10), 0) % 10 === 0;
}

function isOneCharacter(value: string): boolean {
  return new Set(value).size === 1;
}

function checkImei(digits: string): string | null {
  if (!/^[0-9]{14,16}$/.test(digits)) return 'length';
  if (CARD.test(digits) && passesLuhn(digits)) return 'card';
  // Fifteen zeros pass the sum, and are what some broken phones show.
  if (isOneCharacter(digits) || (digits.length === 15 && !passesLuhn(digits))) return 'invalid';
  return null;
}

function checkVin(vin: string): string | null {
  if (!/^[A-Z0-9]{17}$/.test(vin)) return 'length';
  if (isOneCharacter(vin)) return 'invalid';
  // 1 to 5 are the makers of North America; elsewhere the ninth place has any character.
  if (!/^[1-5]/.test(vin)) return null;
  const total = Array.from(vin).reduce((sum, character, place) => {
    const letter = VIN_LETTERS.indexOf(character);
    const value = letter < 0 ? Number(character) : (VIN_LETTER_VALUES[letter] ?? 0);
    return sum + value * (VIN_WEIGHTS[place] ?? 0);
  }, 0);
  return vin[8] === '0123456789X'[total % 11] ? null : 'invalid';
}

function checkSerial(serial: string): string | null {
  if (!/^[A-Z0-9]+$/.test(serial) || serial.length < MIN_LENGTH) return 'invalid';
  if ((CARD.test(serial) || JCB_CARD.test(serial)) && passesLuhn(serial)) return 'card';
  return serial.length > MAX_LENGTH ? 'too_long' : null;
}
