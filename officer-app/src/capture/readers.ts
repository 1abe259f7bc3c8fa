/** Readers of what people type, with the meaning of the server's (`kernel/contact.py`, `kernel/datetime_input.py`, `records/reference`). */

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
const INVISIBLE = /\u00ad|\u061c|[\u200b-\u200f]|\u2060|\ufeff|[\u202a-\u202e]|[\u2066-\u2069]/g;
const LINK_PREFIX = /^(?:tel|sms|mailto):\s*/i;
const MAX_CONTACT = { phone: 40, email: 254 };
const MAX_VRM = 11;

/** For what machines read: invisible characters go, and look-alikes become what they look like (Unicode NFKC). */
export function plainCharacters(text: string): string {
  const plain = text.replace(DASHES, '-').normalize('NFKC');
  return plain.replace(DASHES, '-').replace(INVISIBLE, '').trim();
}

export function alphanumericUpper(text: string): string {
  return plainCharacters(text)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
}

const POSTCODE =
  /^(GIR(?=0AA$)|[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[ABCDEFGHJKPSTUW]|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRVWXY])(\d[ABD-HJLNP-UW-Z]{2})$/;

/** A postcode as Royal Mail writes it; null where the text has not the shape of one. */
export function parsePostcode(text: string): string | null {
  const parts = POSTCODE.exec(alphanumericUpper(text));
  return parts === null ? null : `${parts[1] ?? ''} ${parts[2] ?? ''}`;
}

/** A registration without spaces; null where it is none. */
export function parseVrm(text: string): string | null {
  const vrm = alphanumericUpper(text);
  return vrm.length >= 1 && vrm.length <= MAX_VRM ? vrm : null;
}

/** The date of three fields as `YYYY-MM-DD`. The month may be a name; a year of one or two digits is of this century. */
export function parseDateParts(day: string, month: string, year: string): string | null {
  const named = MONTHS.indexOf(month.trim().toLowerCase().slice(0, 3)) + 1;
  const parts = [year.trim(), named > 0 ? String(named) : month.trim(), day.trim()];
  if (!parts.every((part) => /^[0-9]{1,4}$/.test(part))) return null;
  const [typedYear = 0, m = 0, d = 0] = parts.map(Number);
  const y = year.trim().length <= 2 ? typedYear + 2000 : typedYear;
  const date = new Date(Date.UTC(y, m - 1, d));
  const isReal = date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
  return y >= 1800 && y <= 2199 && isReal ? date.toISOString().slice(0, 10) : null;
}

/** A time of day as people write it, as `HH:MM`: `16:15`, `4.15 p.m.`, `4pm`, `1430`, `14h30`, `9`, `noon`. */
export function parseClockTime(text: string): string | null {
  const bare = text.replace(/\s/g, '').toLowerCase();
  if (bare === 'midnight') return '00:00';
  if (bare === 'midday' || bare === 'noon') return '12:00';
  const parts = /^([0-9]{1,2})(?:[:.h]?([0-9]{2}))?(?:([ap])\.?m\.?|h)?$/.exec(bare);
  if (parts === null) return null;
  const [, hours, minutes = '00', half] = parts;
  let hour = Number(hours);
  if (half !== undefined && (hour < 1 || hour > 12)) return null;
  if (half !== undefined) hour = (hour % 12) + (half === 'p' ? 12 : 0);
  return hour < 24 && Number(minutes) < 60 ? `${String(hour).padStart(2, '0')}:${minutes}` : null;
}

const asciiDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => {
    // Each script's ten digits stand together, from a multiple of its zero.
    let zero = digit.codePointAt(0) ?? 0;
    while (
      /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1)) &&
      (digit.codePointAt(0) ?? 0) - zero < 9
    )
      zero -= 1;
    return String((digit.codePointAt(0) ?? 0) - zero);
  });

/** A phone number as it is stored: in plain characters, spaced as it was typed. */
export function cleanPhone(text: string): string {
  const plain = asciiDigits(plainCharacters(text)).replace(LINK_PREFIX, '');
  const extension = /[\s,;]*(?:extension|extn|ext|x)[\s.:]*(?=\d+\s*$)/gi;
  return plain.replace(extension, ' x').trim().split(/\s+/).join(' ');
}

const UK_NUMBER = /^\+44(7[0-9]{9}|[1-689][0-9]{8,9}|8001111|845464[0-9])$/;

/** A phone number as it is stored; null where nobody could dial it. */
export function parsePhone(text: string): string | null {
  const cleaned = cleanPhone(text);
  if (cleaned.length > MAX_CONTACT.phone) return null;
  if (!/^\+?[\d\s()./-]+(x\s*\d+\s*)?$/i.test(cleaned)) return null;
  const main = cleaned.replace(/x\s*\d+\s*$/i, '');
  const digits = main.replace(/\D/g, '');
  const international = main.startsWith('+')
    ? digits
    : digits.startsWith('00')
      ? digits.slice(2)
      : digits.startsWith('0')
        ? `44${digits.slice(1)}`
        : /^7[0-9]{9}$/.test(digits)
          ? `44${digits}`
          : digits.length >= 11
            ? digits
            : '';
  const number = `+${international.replace(/^440+/, '44')}`;
  if (number.length < 8 || number.length > 16 || number.startsWith('+0')) return null;
  return number.startsWith('+44') && !UK_NUMBER.test(number) ? null : cleaned;
}

/** An email address as it is stored; null where nothing can be sent to it (the rule of GOV.UK Notify). */
export function parseEmail(text: string): string | null {
  const plain = plainCharacters(text.replace(/[\u2018\u2019\u02bc\u2032\u00b4`]/g, "'"));
  const email = plain.replace(LINK_PREFIX, '');
  const [, local = '', typedHost = ''] = /^(.*)@([^@]*)$/s.exec(email) ?? [];
  let host = typedHost;
  try {
    // A host in another script, as it is sent.
    if (/[^\0-\x7f]/.test(host)) host = new URL(`http://${host}`).hostname;
  } catch {
    return null;
  }
  const parts = host.split('.');
  const isValid =
    email.length <= MAX_CONTACT.email &&
    !email.includes('..') &&
    /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+$/i.test(local) &&
    parts.length > 1 &&
    parts.every((part) => part.length <= 63 && /^(xn|[a-z0-9]+)(-?-[a-z0-9]+)*$/i.test(part)) &&
    /^([a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+)$/i.test(parts.at(-1) ?? '');
  return isValid ? email : null;
}

export const PHONE_INVALID =
  'Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192';
export const EMAIL_INVALID = 'Enter an email address in the correct format, like name@example.com';
