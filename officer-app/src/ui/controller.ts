/** What the screens may ask for. They know no network and no database; src/controller.ts implements this. */
import type { FoundStreet } from '../capture/streets';
import type { Kind } from '../capture/capture';
import type { AdditionForm } from '../capture/addition';
import type { AssessmentForm } from '../capture/assessment';
import type { CrimeForm } from '../capture/crime';
import type { RecordedAnswer } from '../capture/recorded';
import type { EncounterForm } from '../capture/encounter';
import type { EncounterKind } from '../capture/encounter-kinds';
import type { ItemForm } from '../capture/item';
import type { LookUpResult } from '../capture/look-up';
import type { Offence } from '../capture/offences';
import type { SetName } from '../capture/question-sets';
import type { PersonDetails, StatementForm } from '../capture/statement';
import type { TaskForm, TaskLine } from '../capture/tasks';
import type { VisitLine } from '../capture/visit';
import type { QuestionSet } from '../forms/question-set';
import type { State } from '../outbox/outbox';
import type { PhoneFilesControl } from '../outbox/saved-queue';
import type { LockControl } from './lock-types';

export type SignalState =
  'unknown' | 'good' | 'none' | 'busy' | 'portal' | 'signed-out' | 'device-refused';

export interface Officer {
  id: string;
  name: string;
  collar: string;
  rank: string;
  force_name: string;
  unit: string;
  /** False for staff who only make visits; missing from an older server. */
  records_crimes?: boolean;
  /** Where the public's pages are; missing from an older server. */
  public_url?: string;
  /** The maker of the browser may hear what is dictated; missing from an older server. */
  cloud_dictation?: boolean;
  /** The officer may have the maker of a statement sent a copy; missing from an older server. */
  statement_copies?: boolean;
}

export interface QueueLine {
  id: string;
  kind: Kind;
  crimeId: string;
  label: string;
  /** The crime that it belongs to, as a heading over what belongs to it. */
  group: string;
  /** Which kind of encounter it is; null for anything else. */
  encounter: EncounterKind | null;
  /** What ends the link that whoever was searched is given; empty where there is none. */
  copySecret: string;
  /** How that link is sent to them; null where they get it by the QR code alone. */
  receiptMeans: 'text' | 'email' | null;
  /** What the photo shows, or whose statement it is. */
  description: string;
  /** How much of a file the server has; null where there is none, or nothing was sent yet. */
  progress: { percent: number; label: string } | null;
  /** "Not sent since 9:15am": how long something has kept it; empty while nothing does. */
  since: string;
  canReopen: boolean;
  state: State;
  stateLabel: string;
  hashStart: string;
  problem: string | null;
  /** By how much this phone's clock was fast, as the server says; empty where it was not. */
  clockNotice: string;
  sealedAt: string;
}

export interface CrimeSummary {
  id: string;
  number: string;
  offence: string;
  place: string;
  victimName: string;
  recordedAt: string;
  /** Plates, serial and telephone numbers that it is found by. */
  keys?: readonly string[];
  isOnPhoneOnly: boolean;
}

export interface DraftLine {
  id: string;
  kind: Kind;
  crimeId: string;
  label: string;
}

export interface View {
  isReady: boolean;
  me: Officer | null;
  /** Signed out on this phone; the server is told as soon as there is signal. */
  isSignOutPending: boolean;
  signal: SignalState;
  /** "2 items waiting to send", "All sent at 4:15pm". */
  queueSummary: string;
  waiting: number;
  blocked: number;
  othersWaiting: number;
  numbersLeft: number;
  /** The next number is of last year: this phone has had no signal since. */
  isNumberOfLastYear: boolean;
  queue: QueueLine[];
  crimes: CrimeSummary[];
  /** Visits to applicants for firearms that are planned for the officer, the next one first. */
  visits: readonly VisitLine[];
  /** What the officer is asked to do, the first that is due first. */
  tasks: readonly TaskLine[];
  /** Victims whose number came after the officer had left, and who still have to be told. */
  victimsToTell: { id: string; number: string; name: string; phone: string; isUnsafe: boolean }[];
  drafts: DraftLine[];
  offences: Offence[];
  clockWarning: string | null;
  isStorageAtRisk: boolean;
  /** Why what was typed is on the screen only and not yet saved; null when all is saved. */
  saveError: string | null;
  /** A new version of the app is on the phone, and waits. */
  isUpdateReady: boolean;
  /** A newer version of the app changed what is on this phone: this one only sends it, or saves a copy. */
  isStoreTooNew: boolean;
  /** How this phone stands for the officer, why it is blocked, and a name to suggest for it. */
  device: {
    state: 'unknown' | 'not-enrolled' | 'enrolled' | 'blocked';
    message: string;
    suggestedName: string;
  };
  /** Whether a secret outside the browser protects the store, and whether the force wants that. */
  lock: { isSet: boolean; isRequired: boolean };
  /** Why there are fewer crime numbers than wanted; empty where there are enough. */
  leaseNotice: string;
  /** "1 crime and 2 photos or files": what has not been sent. */
  waitingLabel: string;
  /** How many things on this phone can't be read any more. */
  unreadableCount: number;
}

export interface OpenDraft<F> {
  id: string;
  form: F;
  isRestored: boolean;
}

export interface CrimeDetail {
  id: string;
  /** Empty until the server gives one. */
  number: string;
  mustTellVictim?: boolean;
  isUnsafe?: boolean;
  victimName: string;
  /** Nobody but the State is the victim. */
  isAgainstState: boolean;
  business?: { id: string; name: string; isThere: boolean };
  offence: string;
  place: string;
  postcode: string;
  person: PersonDetails;
  occurredFrom: string;
  occurredTo: string;
  /** What was recorded on this phone, to be read again; empty where it was recorded elsewhere. */
  recorded?: readonly RecordedAnswer[];
  summary?: string;
  isDomestic?: boolean;
  /** Answers of the report that it was made from. */
  reportAnswers?: readonly { label: string; lines: readonly string[] }[];
}

export interface AppController {
  readonly view: View;
  readonly lock: LockControl;
  readonly phoneFiles: PhoneFilesControl;
  onChange(callback: () => void): void;
  /** Call back after another tab of this app saved something. */
  onOtherTabChange(callback: () => void): void;
  /**
   * Open the draft of this id, or the last one where the id is empty, or a new one. A new one copies the place and time
   * of `copyFromId`. Null when the crime is sealed already.
   */
  openCrime(wanted: string, copyFromId: string): Promise<OpenDraft<CrimeForm> | null>;
  /** A question set in the version that a draft was begun on; without one, the version in force. */
  findQuestionSet(name: SetName, version?: number): QuestionSet;
  /**
   * Open the draft of this id, or the last one where the id is empty, or a new one; with a task, the correction that it
   * asks for. Null when it is sealed already.
   */
  openEncounter(
    id: string,
    kind: EncounterKind,
    taskId?: string,
  ): Promise<OpenDraft<EncounterForm> | null>;
  /** Open what was begun of a task, by the id of either, or begin it; null where it is done or no longer asked. */
  openTask(id: string): Promise<OpenDraft<TaskForm> | null>;
  sealTask(id: string, form: TaskForm): Promise<void>;
  sealEncounter(id: string, form: EncounterForm): Promise<void>;
  /**
   * Open the statement of this id, or the last unfinished one of the crime where the id is empty, or a new one. A crime
   * can have several, one for each witness. Null where the crime is not here, or the statement is sealed already.
   */
  /** The draft of an addition to a crime, or a new one; null where the crime is not known here. */
  /** The draft of an assessment of the risk to the victim, or a new one; null where there is nobody to assess. */
  openAssessment(crimeId: string): Promise<OpenDraft<AssessmentForm> | null>;
  sealAssessment(id: string, form: AssessmentForm): Promise<void>;
  openAddition(crimeId: string): Promise<OpenDraft<AdditionForm> | null>;
  sealAddition(id: string, form: AdditionForm): Promise<void>;
  openStatement(crimeId: string, id?: string): Promise<OpenDraft<StatementForm> | null>;
  /** The files of a crime or a visit that are on this phone and not sealed yet, the oldest first. */
  openFiles(crimeId: string): Promise<OpenDraft<ItemForm>[]>;
  /** A file of a draft, to look at; null where it is too large for that, or no picture or film. */
  getDraftFile(id: string, form: ItemForm): Promise<Blob | null>;
  /** The form as another tab saved it, where that is newer; `sealed` where another tab sealed it. */
  getDraftFromOtherTab(id: string): Promise<{ form: unknown } | 'sealed' | null>;
  saveDraft(draft: { id: string; kind: Kind; crimeId: string; form: unknown }): void;
  discardDraft(id: string): Promise<void>;
  /** Seal a crime with the next number on this phone, or without one when none is left and there is no signal. */
  recordCrime(id: string, form: CrimeForm): Promise<CrimeDetail | null>;
  /** Note that the victim has been given the number that came late. */
  markVictimTold(id: string): Promise<void>;
  getCrime(id: string): Promise<CrimeDetail | null>;
  newPerson(): PersonDetails;
  /** The true time: the phone's clock, corrected by what the server last said. */
  now(): Date;
  /** Seal an unsigned account as a text file among the evidence: without a signature it is no statement. */
  sealUnsignedAccount(id: string, form: StatementForm): Promise<void>;
  sealStatement(id: string, form: StatementForm): Promise<void>;
  /** The exhibit reference of an item, the next one of this phone; null where none is left without signal. */
  takeExhibitReference(itemId: string): Promise<string | null>;
  /** Hash a file and save it, as a draft that is still to be described. `onProgress` hears of every saved part. */
  takeFile(
    crimeId: string,
    file: Blob,
    filename: string,
    onProgress?: (savedBytes: number) => void,
  ): Promise<OpenDraft<ItemForm>>;
  /** A photo that is still on this phone; null once the server has it, or for a file that is no picture. */
  getPhoto(id: string): Promise<Blob | null>;
  sealPhoto(id: string, form: ItemForm): Promise<void>;
  /** Make a draft again of what the server did not accept, to correct it; false where that is not possible. */
  reopenCapture(id: string): Promise<boolean>;
  /** Enrol this phone to the officer, under the name that they give it. */
  enrolDevice(name: string): Promise<void>;
  /** Ask the server again whether this phone can be used. */
  checkDevice(): Promise<void>;
  /** Sign out, with or without signal: nothing of the officer's is shown any more. */
  signOut(): Promise<void>;
  retrySending(id: string | null): Promise<void>;
  /** Save everything typed and start the new version of the app. */
  applyUpdate(): Promise<void>;
  /** Look up who or what the words mean, for a reason that goes on record. Throws without signal. */
  lookUp(words: string, reason: string): Promise<LookUpResult>;
  /** The streets that an address may mean, from the list on this phone: none before it has come. */
  findStreets(address: string): Promise<readonly FoundStreet[]>;
  /** Null without signal, or when nobody knows the postcode. */
  lookUpPostcode(
    postcode: string,
  ): Promise<{ borough: string; easting: number; northing: number } | null>;
}
