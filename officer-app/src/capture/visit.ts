/** A visit to an applicant for firearms: what the phone keeps of it, and the photos that are taken there. */
import type { FileBody } from './capture';
import { fileBody, type ItemForm } from './item';

/** A visit that is planned for the officer, as the server says. `reference` is that of the application. */
export interface VisitLine {
  reference: string;
  planned_at: string;
  applicant: string;
  address: string;
  phone: string;
}

export interface VisitPhotoBody extends FileBody {
  photo_id: string;
  reference: string;
}

/** What to photograph: how guns and ammunition are kept, and how the place is shut. */
export const VISIT_PROMPTS = [
  'Cabinet, and how it is fixed',
  'Ammunition, and where the keys are kept',
  'Alarm',
  'Doors and windows',
] as const;

const PREFIX = 'visit:';

/** What a photo of a visit has where another one has the id of its crime. */
export function visitKey(reference: string): string {
  return `${PREFIX}${reference}`;
}

/** The application's reference; null for the id of a crime. */
export function visitReference(key: string): string | null {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : null;
}

export function visitPhotoBody({
  id,
  reference,
  form,
}: {
  id: string;
  reference: string;
  form: ItemForm;
}): VisitPhotoBody {
  return { photo_id: id, reference, ...fileBody(form) };
}
