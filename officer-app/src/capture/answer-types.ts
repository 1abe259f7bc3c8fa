/** The types of answers that need the readers of this folder: places, vehicles, codes. Importing it adds them to the engine. */
import {
  fieldName,
  parsed,
  readText,
  registerAnswerType,
  textType,
  Wrong,
  type AnswerType,
} from '../forms/answer-types';
import { IDENTIFIER_SENTENCES, parseIdentifier, type IdentifierScheme } from './identifiers';
import { parsePostcode, parseVrm } from './readers';

const POSITION = ['easting', 'northing', 'latitude', 'longitude'] as const;
const MAX_ADDRESS = 400;

/** A postcode in its one form, or what is known of one in capitals. */
function normalisePostcode(text: string): string {
  return parsePostcode(text) ?? text.toUpperCase().split(/\s+/).join(' ').slice(0, 8).trim();
}

/** The address and postcode as typed, and the position that the phone or the postcode gave. */
const place: AnswerType = {
  part: 'address',
  read: ({ question, text }) => {
    const part = (name: string): string => text(fieldName(question, name));
    const number = (name: string): number | null => (part(name) === '' ? null : Number(part(name)));
    const field = fieldName(question, 'address');
    const value: Record<string, string | number | null> = {
      address: readText({ ...question, most: MAX_ADDRESS }, part('address'), MAX_ADDRESS, field),
      postcode: part('postcode') === '' ? '' : normalisePostcode(part('postcode')),
      detail: part('place_detail'),
      ...Object.fromEntries(POSITION.map((name) => [name, number(name)])),
    };
    const isAnswered = Object.values(value).some((one) => one !== '' && one !== null);
    const accuracy = number('accuracy_m');
    if (!isAnswered) return undefined;
    return accuracy === null ? value : { ...value, accuracy_m: accuracy };
  },
  write: (question, value: Record<string, string | number | null | undefined>) => {
    const parts = ['address', 'postcode', 'detail', ...POSITION, 'accuracy_m'].flatMap((part) => {
      const written = String(value[part] ?? '');
      const field = fieldName(question, part === 'detail' ? 'place_detail' : part);
      return written === '' ? [] : [[field, written] as const];
    });
    return Object.fromEntries(parts);
  },
};

/** What is not quite a postcode passes: people often know only half of one. */
const postcode: AnswerType = parsed(normalisePostcode, '', '');

/** A maker's number. What its check digit does not prove is an error, with the scheme's own sentence. */
const identifier: AnswerType = {
  ...textType(60),
  read: ({ question, text }) => {
    const typed = text(question.id);
    if (typed === '') return undefined;
    const reading = parseIdentifier(question.options?.scheme as IdentifierScheme, typed);
    if ('value' in reading) return reading.value;
    throw new Wrong(question.id, IDENTIFIER_SENTENCES[reading.problem] ?? 'Check this number');
  },
};

registerAnswerType('identifier', identifier);
registerAnswerType('place', place);
registerAnswerType('postcode', postcode);
registerAnswerType('code', { ...textType(60), missing: 'Select' });
registerAnswerType(
  'registration',
  parsed(parseVrm, 'vrm_too_long', 'Registration number must be 11 characters or fewer'),
);
