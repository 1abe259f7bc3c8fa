/** Photos of a visit to an applicant for firearms: what is sealed of them. */
import { describe, expect, it } from 'vitest';
import { seal } from '../src/capture/seal';
import { visitKey, visitPhotoBody, visitReference } from '../src/capture/visit';

const FORM = {
  crimeId: visitKey('FA-7QK2-M9XD'),
  filename: 'photo-20260303-161500.jpg',
  mediaType: 'image/jpeg',
  size: 12,
  sha256: 'a'.repeat(64),
  capturedAt: '2026-03-03T16:15:00+00:00',
  description: '  Cabinet: bolted to the wall ',
  fix: { latitude: 51.47, longitude: -0.07, accuracy_m: 8 },
};

describe('a photo of a visit', () => {
  it('names its application, and never a crime', () => {
    const reference = visitReference(FORM.crimeId);
    expect(reference).toBe('FA-7QK2-M9XD');
    const body = visitPhotoBody({ id: 'photo-id', reference: reference ?? '', form: FORM });
    expect(body).toEqual({
      photo_id: 'photo-id',
      reference: 'FA-7QK2-M9XD',
      filename: 'photo-20260303-161500.jpg',
      media_type: 'image/jpeg',
      size: 12,
      sha256: 'a'.repeat(64),
      captured_at: '2026-03-03T16:15:00+00:00',
      description: 'Cabinet: bolted to the wall',
      latitude: 51.47,
      longitude: -0.07,
      accuracy_m: 8,
    });
  });

  it('travels as what it is, and is sent like any other file', async () => {
    const sealed = await seal({
      id: 'photo-id',
      kind: 'visit-photo',
      device_id: 'd',
      device_at: '2026-03-03T16:20:00+00:00',
      made_at: '2026-03-03T16:15:00+00:00',
      app: 'test',
      body: visitPhotoBody({ id: 'photo-id', reference: 'FA-7QK2-M9XD', form: FORM }),
    });
    expect(sealed.kind).toBe('item');
    const sent = JSON.parse(new TextDecoder().decode(sealed.bytes)) as Record<string, unknown>;
    expect(sent).toMatchObject({
      kind: 'visit-photo',
      device_at: '2026-03-03T16:20:00+00:00',
      made_at: '2026-03-03T16:15:00+00:00',
    });
  });

  it('is told apart from a photo of a crime', () => {
    expect(visitReference('01a2212a-bafd-70ba-824b-3064765bc4ba')).toBeNull();
  });
});
