/** Opens what is on this phone: crimes, photos, and drafts of each kind, begun or new and filled in with what is known. */
import { RISK_SET, type AssessmentForm } from './capture/assessment';
import { newAddition, type AdditionForm } from './capture/addition';
import type { Capture, ItemBody } from './capture/capture';
import { copyCrimeForm, emptyCrimeForm, type CrimeForm } from './capture/crime';
import { hasReceipt, kindOf, newCopySecret, type EncounterForm } from './capture/encounter';
import { isEncounterKind, type EncounterKind } from './capture/encounter-kinds';
import { LARGEST_SHOWN, toShowable } from './capture/heic';
import { newId } from './capture/ids';
import type { ItemForm } from './capture/item';
import { familyOf } from './capture/media-kind';
import type { SetName } from './capture/question-sets';
import * as statements from './capture/statement';
import type { StatementForm } from './capture/statement';
import {
  correctionForm,
  emptyTaskForm,
  doneTasksKey,
  openTasks,
  tasksKey,
  type DoneTasks,
  type TaskForm,
  type TaskLine,
} from './capture/tasks';
import { toLocalInput } from './capture/times';
import type { QuestionSet } from './forms/question-set';
import type { OpenDrafts } from './open-drafts';
import type { Store } from './store/store';
import type { CrimeLine } from './sync/api';
import type { CrimeDetail, OpenDraft } from './ui/controller';
import { toCrimeDetail } from './view-model';

export interface Known {
  now: () => Date;
  findQuestionSet: (name: SetName) => QuestionSet;
  /** Whether the force gives a receipt for a stop and account too. */
  givesStopReceipts: () => boolean;
  officerId: () => string;
}

export class DraftOpener {
  constructor(
    private readonly store: Store,
    private readonly openDrafts: OpenDrafts,
    private readonly known: Known,
  ) {}

  /** What the phone and the server know of a crime; null where neither knows it. */
  async getCrime(id: string): Promise<CrimeDetail | null> {
    const officerId = this.known.officerId();
    const card = await this.store.findReadableCard(id);
    const lines = await this.store.getCached<CrimeLine[]>(`crimes:${officerId}`);
    return toCrimeDetail(
      // A colleague's crime on the same phone is theirs, also where its address is in the history.
      card?.officerId === officerId ? card : null,
      lines?.find((line) => line.id === id),
      statements.emptyPerson(),
    );
  }

  openCrime(id: string, copyFromId: string): Promise<OpenDraft<CrimeForm> | null> {
    return this.openDrafts.openOrCreate('crime', id, async () => {
      const source = copyFromId === '' ? null : await this.getCrime(copyFromId);
      const blank = emptyCrimeForm({
        personId: newId(),
        contactId: newId(),
        occurredFrom: toLocalInput(this.known.now()),
      });
      const { version } = this.known.findQuestionSet('scene');
      return { ...(source === null ? blank : copyCrimeForm(blank, source)), version };
    });
  }

  /** With a task, the correction that it asks for; null where that is done, or no longer asked. */
  openEncounter(
    id: string,
    kind: EncounterKind,
    taskId = '',
  ): Promise<OpenDraft<EncounterForm> | null> {
    if (taskId !== '') return this.openCorrection(taskId);
    const { version } = this.known.findQuestionSet(kind);
    return this.openDrafts.openOrCreate(
      'encounter',
      id,
      () => ({
        kind,
        version,
        texts: {},
        ...(hasReceipt(kind, this.known.givesStopReceipts())
          ? { copySecret: newCopySecret() }
          : {}),
      }),
      ({ form }) =>
        kindOf(form as EncounterForm) === kind && (form as EncounterForm).corrects === undefined,
    );
  }

  /** What is still to be done of this id. */
  private async findTask(taskId: string): Promise<TaskLine | undefined> {
    const officerId = this.known.officerId();
    const tasks = (await this.store.getCached<TaskLine[]>(tasksKey(officerId))) ?? [];
    const done = (await this.store.getCached<DoneTasks>(doneTasksKey(officerId))) ?? {};
    return openTasks(tasks, done, await this.store.listEntries()).find(({ id }) => id === taskId);
  }

  /** Open what was begun of a task, by the id of either, or begin it; null where it is done or no longer asked. */
  async openTask(id: string): Promise<OpenDraft<TaskForm> | null> {
    const begun = await this.openDrafts.find<TaskForm>(
      'task',
      (draft) => draft.id === id || (draft.form as TaskForm).task.id === id,
    );
    if (begun !== null) return begun;
    const task = await this.findTask(id);
    return task === undefined
      ? null
      : this.openDrafts.openOrCreate('task', newId(), () => emptyTaskForm(task, this.known.now()));
  }

  private async openCorrection(taskId: string): Promise<OpenDraft<EncounterForm> | null> {
    const task = await this.findTask(taskId);
    const kind = task?.question_set ?? '';
    if (task === undefined || !isEncounterKind(kind)) return null;
    const form = correctionForm(task, this.known.findQuestionSet(kind));
    return this.openDrafts.openOrCreate(
      'encounter',
      '',
      () => form as EncounterForm,
      (draft) => (draft.form as EncounterForm).corrects?.taskId === taskId,
    );
  }

  /** Null where the crime is not known on this phone. */
  async openAddition(crimeId: string): Promise<OpenDraft<AdditionForm> | null> {
    const crime = await this.getCrime(crimeId);
    if (crime === null) return null;
    const { version } = this.known.findQuestionSet('scene');
    return this.openDrafts.openOrCreate(
      'addition',
      '',
      () => newAddition(crime, version),
      (draft) => draft.crimeId === crimeId,
    );
  }

  /** Null where the crime is not known on this phone, or nobody in it is a victim. */
  async openAssessment(crimeId: string): Promise<OpenDraft<AssessmentForm> | null> {
    const crime = await this.getCrime(crimeId);
    if (crime === null || crime.person.name === '' || crime.business !== undefined) return null;
    const { personId, phone, email } = crime.person;
    const { version } = this.known.findQuestionSet(RISK_SET);
    return this.openDrafts.openOrCreate(
      'assessment',
      '',
      () => ({
        crimeId,
        personId,
        encounterId: newId(),
        version,
        texts: { phone, email },
        grade: '',
        reason: '',
      }),
      (draft) => draft.crimeId === crimeId,
    );
  }

  /** Null where the crime is not on this phone, or the statement is sealed already. */
  async openStatement(crimeId: string, id: string): Promise<OpenDraft<StatementForm> | null> {
    const crime = await this.getCrime(crimeId);
    if (crime === null) return null;
    return this.openDrafts.openOrCreate(
      'statement',
      id,
      async () => {
        // Without a named victim, and beside the victim's own statement, each is by somebody new.
        const { person } = crime;
        const isNew = person.name === '' || (await this.hasBegun(crimeId, person.personId));
        return statements.emptyStatementForm({
          crimeId,
          person: isNew ? statements.emptyPerson() : person,
          place: crime.place,
          at: this.known.now(),
        });
      },
      (draft) => draft.crimeId === crimeId,
    );
  }

  private async hasBegun(crimeId: string, personId: string): Promise<boolean> {
    const drafts = await this.store.listDrafts(this.known.officerId());
    return drafts.some(
      ({ kind, crimeId: of, form }) =>
        kind === 'statement' && of === crimeId && (form as StatementForm).personId === personId,
    );
  }

  /** The files of a crime or a visit that are on this phone and not sealed yet, the oldest first. */
  async openFiles(crimeId: string): Promise<OpenDraft<ItemForm>[]> {
    const drafts = await this.openDrafts.findAll<ItemForm>('item', (d) => d.crimeId === crimeId);
    const sizes = await Promise.all(drafts.map(({ id }) => this.store.files.size(id)));
    return drafts.filter((_, i) => sizes[i] !== null);
  }

  /** A file of a draft, to look at; null where it is too large to be decrypted for that, or no picture or film. */
  async getDraftFile(id: string, { mediaType, size }: ItemForm): Promise<Blob | null> {
    if (!['photo', 'video'].includes(familyOf(mediaType)) || size > LARGEST_SHOWN) return null;
    return showable(await this.store.files.blob(id, mediaType));
  }

  /** A photo that is still on this phone; null once the server has it, or for a file that is no picture. */
  async getPhoto(id: string): Promise<Blob | null> {
    if (await this.store.isOthers(id, this.known.officerId())) return null;
    const sealed = await this.store.getSealedBytes(id);
    if (sealed === null) return null;
    const { body } = JSON.parse(new TextDecoder().decode(sealed)) as Capture<ItemBody>;
    const isShown = body.media_type.startsWith('image/') && body.size <= LARGEST_SHOWN;
    return isShown ? showable(await this.store.files.blob(id, body.media_type)) : null;
  }
}

async function showable(file: Blob | null): Promise<Blob | null> {
  return file === null ? null : toShowable(file);
}
