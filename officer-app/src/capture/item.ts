/** A file taken at the scene: hashed the moment it exists, described with others of its series, then sealed. */
import { replaceHalfCharacters } from './canonical';
import type { FieldError, FileBody, ItemBody, Place } from './capture';
import { countFamilies, FAMILY_LABELS, familyOf } from './media-kind';

/** From how near a photo was taken. A scene needs an overview; a mark needs a close-up without and with a scale. */
export const SHOTS = [
  { value: 'overview', label: 'Overview' },
  { value: 'close-up', label: 'Close-up' },
  { value: 'scale', label: 'With a scale' },
] as const;

export type Shot = (typeof SHOTS)[number]['value'];

/** Where the phone was, and when: by the satellites, and beside it by the phone's own clock at that moment. */
export type FileFix = Pick<Place, 'latitude' | 'longitude' | 'accuracy_m'> & {
  gps_at?: string;
  gps_device_at?: string;
};

export interface ItemForm {
  crimeId: string;
  filename: string;
  mediaType: string;
  size: number;
  sha256: string;
  capturedAt: string;
  description: string;
  fix: FileFix;
  /** Missing or empty where nobody said. */
  shot?: Shot | '';
  /** Its words are not those of the series. */
  hasOwnWords?: boolean;
  /** Missing or empty for what is no exhibit. */
  exhibitReference?: string;
  sealNumber?: string;
}

/** One file of a series that is not sealed yet. */
export interface SeriesItem {
  id: string;
  form: ItemForm;
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

/** The field of a file's own words on the screen. */
export function ownWordsField(id: string): string {
  return `words-${id}`;
}

/** The words that stand for the files that have none of their own. */
export function seriesWords(items: readonly SeriesItem[]): string {
  return items.find(({ form }) => form.hasOwnWords !== true)?.form.description ?? '';
}

/** Whether a file has its own words to type: it was asked for, and there are others that it differs from. */
export function validateSeries(items: readonly SeriesItem[]): FieldError[] {
  const errors: FieldError[] = [];
  const isMissing = ({ form }: SeriesItem): boolean => form.description.trim() === '';
  const common = items.filter(({ form }) => form.hasOwnWords !== true);
  if (common.some(isMissing))
    errors.push({
      field: 'description',
      message: items.length === 1 ? 'Enter what it shows' : 'Enter what they show',
    });
  for (const [index, item] of items.entries())
    if (item.form.hasOwnWords === true && isMissing(item))
      errors.push({
        field: ownWordsField(item.id),
        message: `Enter what number ${String(index + 1)} shows`,
      });
  return errors;
}

/** Which of overview, close-up and scale a series does not have yet, once somebody began to say. */
export function missingShots(items: readonly SeriesItem[]): string[] {
  const there = items.map(({ form }) => form.shot ?? '').filter(Boolean);
  if (there.length === 0) return [];
  return SHOTS.filter(({ value }) => !there.includes(value)).map(({ label }) =>
    label.toLowerCase(),
  );
}

/** "3 photos and 1 video"; of one alone, "Photo". */
export function describeSeries(items: readonly SeriesItem[]): string {
  const types = items.map(({ form }) => form.mediaType);
  return types.length === 1 ? FAMILY_LABELS[familyOf(types[0] ?? '')] : countFamilies(types);
}

export function itemBody({ id, form }: { id: string; form: ItemForm }): ItemBody {
  const reference = form.exhibitReference ?? '';
  const seal = replaceHalfCharacters((form.sealNumber ?? '').trim());
  return {
    item_id: id,
    crime_id: form.crimeId,
    ...fileBody(form),
    ...(reference === '' ? {} : { exhibit_reference: reference }),
    ...(reference === '' || seal === '' ? {} : { seal_number: seal }),
  };
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
    ...(form.shot ? { shot: form.shot } : {}),
    ...form.fix,
  };
}
