/**
 * A Capture: what an officer made at a scene, sealed once and never changed afterwards.
 *
 * Comes in: what the officer typed, drew or photographed. Goes out: a `Sealed` capture, which is the exact bytes that
 * travel and their SHA-256. A correction is a new capture, never an edit of an old one.
 */
import type { Json } from './canonical';
import type { VisitPhotoBody } from './visit';

export type Kind =
  'crime' | 'addition' | 'assessment' | 'statement' | 'item' | 'encounter' | 'task';

export interface Place {
  address: string;
  postcode: string;
  easting?: number;
  northing?: number;
  latitude?: number;
  longitude?: number;
  accuracy_m?: number;
}

/** Answers to a question set, at the version that they were given on. */
export interface AnswersBody {
  question_set: string;
  version: number;
  values: Record<string, Json | undefined>;
}

export interface CrimeBody {
  crime_id: string;
  /** Null, like the lease, when no number was left on the phone: the receipt brings one. */
  number: string | null;
  lease_id: string | null;
  offence_code: string;
  occurred_from: string;
  occurred_to: string | null;
  summary: string;
  location: Place;
  /** Null when the State is the only victim. */
  victim: {
    person_id: string;
    given_name: string;
    family_name: string;
    born_on: string | null;
    phone: string;
    email: string;
    address_same: boolean;
    /** For a business. Names, phone and email are then those of the person who speaks for it. */
    business_name?: string;
    contact_id?: string;
    /** False when whoever hurt them might see a message. */
    safe_to_contact: boolean | null;
    /** What was filled in from the record: what differs was changed, and corrects it. */
    known?: { born_on: string | null; phone: string; email: string };
  } | null;
  related_number: string | null;
  /** Answers to questions of the scene's set that have no field above. */
  answers?: AnswersBody;
}

/** What was learnt later about a crime, and what the record should say where it was wrong. */
export interface AdditionBody {
  addition_id: string;
  crime_id: string;
  note: string;
  answers: AnswersBody | null;
  summary: string | null;
  person: {
    person_id: string;
    given_name: string;
    family_name: string;
    born_on: string | null;
    phone: string;
    email: string;
  } | null;
  /** The collar number or name of the colleague who takes the crime over; `note` is then the reason. */
  hand_over_to?: string;
}

/** The risk to a victim, as the officer judges it. */
export interface AssessmentBody {
  assessment_id: string;
  /** The id that the assessment gets on the server. */
  encounter_id: string;
  crime_id: string;
  person_id: string;
  answers: AnswersBody;
  grade: string;
  grade_reason: string;
}

/** A stop and search, or whatever else the question set says. */
export interface EncounterBody {
  encounter_id: string;
  copy_secret?: string;
  /** The reference of the record that this corrects, and why. */
  corrects?: string;
  correction_reason?: string;
  /** The mobile number or email address that was given for the link to the record only. */
  receipt_to?: string;
  receipt_language?: 'en' | 'cy';
  answers: AnswersBody;
}

export interface Point {
  x: number;
  y: number;
  /** Milliseconds since the first stroke began. */
  t: number;
}

export interface Signature {
  width: number;
  height: number;
  strokes: Point[][];
}

export type StatementKind =
  'statement' | 'victim-personal-statement' | 'impact-statement-for-business';

export interface StatementBody {
  statement_id: string;
  crime_id: string;
  person_id: string;
  maker_name: string;
  maker_confirmed: boolean;
  statement_kind: StatementKind;
  /** The language they spoke, where it was not English, with their words in it. */
  original_language: string;
  original_text: string;
  interpreter_name: string;
  over_18: boolean;
  age: number | null;
  occupation: string;
  text: string;
  declaration: string;
  pages: number;
  read_over: boolean;
  signed_at: string;
  signature: Signature;
  /** That of the officer who saw them sign. */
  officer_signature: Signature;
  taken_at_place: string;
  back: {
    address: string;
    postcode: string;
    phone: string;
    email: string;
    dates_not_available: string;
    willing_to_attend: boolean;
    special_measures_needed: boolean;
    vps: 'offered' | 'made' | 'declined';
    ensure_attendance: string;
    particular_needs: string;
    guardian_name: string;
    guardian_contact: string;
    vps_leaflet_given: boolean | null;
    consent_medical_records: boolean | null;
    consent_defence: boolean | null;
    consent_civil_proceedings: boolean | null;
    consent_support: boolean | null;
  };
  /** How the maker is sent a copy; missing where they want none. */
  copy_means?: 'sms' | 'email';
  copy_language?: 'en' | 'cy';
}

/** A file that is announced before its bytes are sent, and what is said of it. */
export interface FileBody {
  filename: string;
  media_type: string;
  size: number;
  sha256: string;
  captured_at: string;
  description: string;
  latitude?: number;
  longitude?: number;
  accuracy_m?: number;
  /** The satellites' time when the phone knew where it was, and the phone's own clock at that moment. */
  gps_at?: string;
  gps_device_at?: string;
  shot?: 'overview' | 'close-up' | 'scale';
}

export interface ItemBody extends FileBody {
  item_id: string;
  crime_id: string;
  /** The officer's initials and a number, as on the bag or the label, and the seal of the bag. */
  exhibit_reference?: string;
  seal_number?: string;
}

/** What came of a question, or of something that the officer was asked to do. */
export interface AnswerBody {
  answer_id: string;
  action_id: string;
  text: string;
}

/** A contact with a victim that the Victims' Code wants. */
export interface ContactBody {
  contact_id: string;
  crime_id: string;
  person_id: string;
  trigger: string;
  way: string;
  made_at: string;
  note: string;
}

/** The kind of a capture: a photo of a visit is a file like any other to the outbox, and an answer does a task. */
export type CaptureKind = Kind | 'visit-photo' | 'answer' | 'contact';

export interface Capture<
  B =
    | CrimeBody
    | AdditionBody
    | AssessmentBody
    | StatementBody
    | ItemBody
    | VisitPhotoBody
    | EncounterBody
    | AnswerBody
    | ContactBody,
> {
  id: string;
  kind: CaptureKind;
  device_id: string;
  /** The device's own clock, ISO 8601 with its offset; the server adds its own time on receipt. */
  device_at: string;
  /** The same moment by the corrected clock (clock.ts). Missing in a capture of an earlier version of the app. */
  made_at?: string;
  app: string;
  body: B;
}

/** The exact bytes that travel, and their SHA-256 in lower-case hexadecimal. */
export interface Sealed {
  id: string;
  kind: Kind;
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
}

/** What is wrong with one field, in a sentence shown beside it. */
export interface FieldError {
  field: string;
  message: string;
}
