/** A photo taken at the scene: hashed the moment it exists, described, then sealed. */
import { replaceHalfCharacters } from './canonical';
import type { FieldError, FileBody, ItemBody, Place } from './capture';

/** The largest file this app takes. It is hashed, encrypted and sent in parts. */
export const MAX_BYTES = 16 * 1024 ** 3;

export interface ItemForm {
  crimeId: string;
  filename: string;
  mediaType: string;
  size: number;
  sha256: string;
  capturedAt: string;
  description: string;
  fix: Pick<Place, 'latitude' | 'longitude' | 'accuracy_m'>;
}

/** A file name like `photo-20260303-161500.jpg`: it sorts by time and holds no personal data. */
export function photoFilename(capturedAt: string, mediaType: string): string {
  const stamp = capturedAt.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const endings: Record<string, string> = {
    'image/png': 'png',
    'image/heic': 'heic',
    'image/heif': 'heif',
    'image/webp': 'webp',
  };
  return `photo-${stamp}.${endings[mediaType] ?? 'jpg'}`;
}

export function validateItem(form: ItemForm): FieldError[] {
  return form.description.trim() === ''
    ? [{ field: 'description', message: 'Enter what the photo shows' }]
    : [];
}

export function itemBody({ id, form }: { id: string; form: ItemForm }): ItemBody {
  return { item_id: id, crime_id: form.crimeId, ...fileBody(form) };
}

/** What every file says of itself. */
export function fileBody(form: ItemForm): FileBody {
  return {
    filename: replaceHalfCharacters(form.filename),
    media_type: form.mediaType,
    size: form.size,
    sha256: form.sha256,
    captured_at: form.capturedAt,
    description: replaceHalfCharacters(form.description.trim()),
    ...form.fix,
  };
}
