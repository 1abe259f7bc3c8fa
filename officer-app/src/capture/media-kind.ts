/**
 * What a file is, by its first bytes: a name's ending may say anything. The server looks again, and further into it
 * (records/evidence/media/detection.py); where this is not sure, it says nothing.
 */

/** As many bytes as `detectType` looks at. */
export const HEAD_BYTES = 512;

export type Family = 'photo' | 'video' | 'sound' | 'document' | 'file';

const UNKNOWN = 'application/octet-stream';

/** Beginnings of files, in Latin-1, with where they stand. */
const BEGINNINGS: readonly (readonly [text: string, type: string, at?: number])[] = [
  ['\xff\xd8\xff', 'image/jpeg'],
  ['\x89PNG\r\n', 'image/png'],
  ['GIF8', 'image/gif'],
  ['WEBP', 'image/webp', 8],
  ['II*\0', 'image/tiff'],
  ['MM\0*', 'image/tiff'],
  ['\x1a\x45\xdf\xa3', 'video/webm'],
  ['AVI ', 'video/x-msvideo', 8],
  ['\0\0\x01\xba', 'video/mpeg'],
  ['WAVE', 'audio/wav', 8],
  ['ID3', 'audio/mpeg'],
  ['\xff\xfb', 'audio/mpeg'],
  ['\xff\xf3', 'audio/mpeg'],
  ['\xff\xf1', 'audio/aac'],
  ['OggS', 'audio/ogg'],
  ['fLaC', 'audio/flac'],
  ['#!AMR', 'audio/amr'],
  ['%PDF-', 'application/pdf'],
  ['{\\rtf', 'application/rtf'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'application/msword'],
  ['PK\x03\x04', 'application/zip'],
];

/** Brands of ISO/IEC 14496-12 files (`ftyp`): an MP4, a QuickTime film and an iPhone's picture are one container. */
const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^(heic|heix|heim|heis|hevc|hevx)/, 'image/heic'],
  [/^(mif1|msf1)/, 'image/heif'],
  [/^avi[fs]/, 'image/avif'],
  [/^qt {2}/, 'video/quicktime'],
  [/^3g/, 'video/3gpp'],
  [/^M4[AB] /, 'audio/mp4'],
];

const OFFICE_ENDINGS: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

function ending(filename: string): string {
  return /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
}

/** The media type of a file by its first bytes. The name only tells office documents apart, which are all ZIP files. */
export function detectType(head: Uint8Array, filename = ''): string {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  if (text.startsWith('ftyp', 4)) {
    // The brand that it was made for comes first, and those that it also keeps to after four bytes of version.
    const brand = text.slice(8, 12);
    const found = BRANDS.find(([pattern]) => pattern.test(brand))?.[1] ?? 'video/mp4';
    return found === 'image/heif' && /avif/.test(text.slice(16, 64)) ? 'image/avif' : found;
  }
  const type = BEGINNINGS.find(([beginning, , at = 0]) => text.startsWith(beginning, at))?.[1];
  if (type === 'application/zip') return OFFICE_ENDINGS[ending(filename)] ?? type;
  if (type !== undefined) return type;
  return text !== '' && isText(head) ? 'text/plain' : UNKNOWN;
}

/** Text has no control characters but tabs and ends of lines. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}

export function familyOf(mediaType: string): Family {
  const [kind = ''] = mediaType.split('/');
  if (kind === 'image') return 'photo';
  if (kind === 'video') return 'video';
  if (kind === 'audio') return 'sound';
  return mediaType === UNKNOWN || mediaType === 'application/zip' ? 'file' : 'document';
}

export const FAMILY_LABELS: Readonly<Record<Family, string>> = {
  photo: 'Photo',
  video: 'Video',
  sound: 'Sound recording',
  document: 'Document',
  file: 'File',
};

/** "2 photos and 1 video": what a series is made of. */
export function countFamilies(mediaTypes: readonly string[]): string {
  const parts = (Object.keys(FAMILY_LABELS) as Family[]).flatMap((family) => {
    const count = mediaTypes.filter((type) => familyOf(type) === family).length;
    const label = FAMILY_LABELS[family].toLowerCase();
    return count === 0 ? [] : [`${String(count)} ${label}${count === 1 ? '' : 's'}`];
  });
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}
