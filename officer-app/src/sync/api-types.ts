/** What the server's API answers. */
import type { QuestionSet } from '../forms/question-set';
import type { Lease } from '../store/store';
import type { PhoneFileKey } from './phone-file';

export interface Me {
  id: string;
  name: string;
  collar: string;
  rank: string;
  force: string;
  force_name: string;
  unit: string;
  initials: string;
  server_time: string;
  challenge: string;
  /** A text for each list, which changes when the list does. Missing from an older server. */
  editions?: Record<string, string>;
  /** Where the public's pages are; missing from an older server. */
  public_url?: string;
  /** The phone may keep nothing until it has a lock. Missing from an older server. */
  lock_required?: boolean;
  /** False for staff of firearms licensing, who only make visits. Missing from an older server. */
  records_crimes?: boolean;
  /** Visits to applicants for firearms are theirs to make. Missing from an older server. */
  makes_visits?: boolean;
  /** The maker of the browser may hear what is dictated. Missing from an older server. */
  cloud_dictation?: boolean;
  /** The force gives a receipt for a stop and account too. Missing from an older server. */
  stop_receipts?: boolean;
  /** The officer may have the maker of a statement sent a copy. Missing from an older server. */
  statement_copies?: boolean;
  /** What a file is encrypted for in which the phone saves what waits. Missing from an older server. */
  phone_file_key?: PhoneFileKey;
  /** This phone as it stands for the officer; null where they have not enrolled it. */
  device: Device | null;
}

export interface Device {
  state: 'enrolled' | 'blocked';
  name: string;
  /** Why it is blocked, and what to do. */
  message: string;
}

/** An officer's numbers on this phone. `notice` says why they are fewer than were wanted. */
export interface LeaseList {
  leases: Lease[];
  notice: string;
}

export interface CrimeLine {
  id: string;
  number: string;
  offence: string;
  place: string;
  recorded_at: string;
  victim_name: string;
  /** Whose crime it is; missing from an older server. */
  victim_kind?: 'person' | 'business' | 'state' | 'not-known';
  /** The person record, so that a statement can name the same one. */
  victim_person_id?: string | null;
  /** Answers of the report that it was made from; missing from an older server. */
  report_answers?: { label: string; lines: string[] }[];
  /** Plates, serial and telephone numbers that it is found by; missing from an older server. */
  number_keys?: string[];
}

/** The question sets in force. `edition` changes when one of them does. */
export interface QuestionSetList {
  edition: string;
  sets: QuestionSet[];
}

export interface FoundPlace {
  postcode: string;
  easting: number;
  northing: number;
  latitude: number;
  longitude: number;
  borough: string;
}
