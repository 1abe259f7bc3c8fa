/** Seals what the officer made: builds the capture's bytes and puts them in the store's outbox. */
import type { CaptureKind } from './capture/capture';
import {
  additionBody,
  additionSet,
  correctedFacts,
  describeAddition,
  type AdditionForm,
  type Correctable,
} from './capture/addition';
import { assessmentBody, GRADES, type AssessmentForm } from './capture/assessment';
import { deviceNow } from './capture/clock';
import { crimeBody, type CrimeForm } from './capture/crime';
import { DeviceError, getRoom } from './capture/devices';
import * as encounters from './capture/encounter';
import type { EncounterForm } from './capture/encounter';
import { newId } from './capture/ids';
import { itemBody, photoFilename, type ItemForm } from './capture/item';
import { detectType, HEAD_BYTES } from './capture/media-kind';
import { formatBytes } from './capture/sizes';
import type { Offence } from './capture/offences';
import { listRecorded } from './capture/recorded';
import { sceneAnswers, toSceneTexts } from './capture/scene';
import { seal } from './capture/seal';
import {
  formatContactPage,
  formatUnsignedAccount,
  statementBody,
  type StatementForm,
} from './capture/statement';
import {
  answerBody,
  contactBody,
  doneTasksKey,
  isContact,
  taskTitle,
  type DoneTasks,
  type TaskForm,
} from './capture/tasks';
import { formatDate, isoOfDevice, isoWithOffset, londonYear } from './capture/times';
import type { QuestionSet } from './forms/question-set';
import { visitPhotoBody, visitReference } from './capture/visit';
import { withSaveErrors, type OpenDrafts } from './open-drafts';
import { saveFile } from './save-file';
import { buildCrimeCard, type CrimeCard } from './store/card';
import type { Store } from './store/store';
import type { OpenDraft } from './ui/controller';

export const APP_VERSION = `bluelamp-officer/${__APP_VERSION__}`;

/** What a file may not take: text and signatures must always find room. */
const SPARE_BYTES = 50_000_000;

export class Sealer {
  /** `now` is the true time: the phone's clock, corrected by what the server last said. */
  constructor(
    private readonly store: Store,
    private readonly openDrafts: OpenDrafts,
    private readonly now: () => Date,
  ) {}

  private async sealCapture(
    id: string,
    kind: CaptureKind,
    body: Parameters<typeof seal>[0]['body'],
  ) {
    return seal({
      id,
      kind,
      device_id: this.store.deviceId,
      // The device's own clock, even when it is wrong, and beside it the time as the app corrects it.
      device_at: isoOfDevice(deviceNow()),
      made_at: isoWithOffset(this.now()),
      app: APP_VERSION,
      body,
    });
  }

  /**
   * Seal a crime with the next number on this phone. Throws `NoNumberLeft` where there is none, unless `mayWait`: then
   * it is sealed without one, and the server's receipt brings it.
   */
  async sealCrime(
    id: string,
    form: CrimeForm,
    {
      offences,
      set,
      mayWait,
    }: { offences: readonly Offence[]; set: QuestionSet; mayWait: boolean },
  ): Promise<CrimeCard> {
    const officerId = await this.openDrafts.prepareToSeal(id);
    const at = this.now();
    const answers = sceneAnswers(set, form, at);
    // Sealed before without a number and corrected since: the victim was promised that the number follows.
    const mustTellVictim =
      (await this.store.getCard(id))?.number === '' && form.victimKind !== 'state';
    const offence =
      offences.find(({ code }) => code === form.offenceCode)?.short ?? form.offenceTyped;
    return withSaveErrors(
      this.store.sealCrime({
        id,
        officerId,
        year: londonYear(at),
        at: at.getTime(),
        mayWait,
        make: async (reserved) => {
          const number = reserved?.number ?? null;
          const leaseId = reserved?.leaseId ?? null;
          return {
            sealed: await this.sealCapture(
              id,
              'crime',
              crimeBody({ id, form, number, leaseId, answers }),
            ),
            card: buildCrimeCard({
              id,
              number,
              offence,
              at,
              officerId,
              mustTellVictim,
              form,
              recorded: listRecorded(set, toSceneTexts(form), at, { offence }),
            }),
          };
        },
      }),
    );
  }

  /** Seal what was added to a crime or corrected. Its card on this phone says so at once. */
  async sealAddition(id: string, form: AdditionForm, scene: QuestionSet): Promise<void> {
    const officerId = await this.openDrafts.prepareToSeal(id);
    const at = this.now();
    const description = describeAddition(form, at, scene);
    const sealed = await this.sealCapture(id, 'addition', additionBody(id, form, at, scene));
    await withSaveErrors(
      this.store.seal({
        sealed,
        crimeId: form.crimeId,
        officerId,
        fileSha256: null,
        at: at.getTime(),
        description,
      }),
    );
    const note = form.note.trim();
    const added = listRecorded(additionSet(scene), form.texts, at);
    const facts = correctedFacts(form);
    await this.store.updateCard(form.crimeId, (card) => ({
      ...card,
      recorded: [
        ...(card.recorded ?? []).map((answer) =>
          facts !== null && answer.lines.join('\n') === card.summary
            ? { ...answer, lines: facts.summary.split('\n') }
            : answer,
        ),
        ...added,
        ...(note === '' ? [] : [{ label: 'Note', lines: note.split('\n') }]),
      ],
      ...(facts === null ? {} : correctCard(card, facts)),
    }));
  }

  async sealAssessment(id: string, form: AssessmentForm, set: QuestionSet): Promise<void> {
    const officerId = await this.openDrafts.prepareToSeal(id);
    const at = this.now();
    await withSaveErrors(
      this.store.seal({
        sealed: await this.sealCapture(id, 'assessment', assessmentBody(id, set, form, at)),
        crimeId: form.crimeId,
        officerId,
        fileSha256: null,
        at: at.getTime(),
        description: GRADES.find(({ value }) => value === form.grade)?.label ?? '',
      }),
    );
  }

  /**
   * Seal an encounter. Its line says until when the person can have a copy, with the secret of their link and how it is
   * sent; that of another kind, or of a correction, has its reference, which says its kind.
   */
  async sealEncounter(id: string, form: EncounterForm, set: QuestionSet): Promise<void> {
    const officerId = await this.openDrafts.prepareToSeal(id);
    const at = this.now();
    const kind = encounters.kindOf(form);
    const until = `Copy available until ${formatDate(encounters.copyUntil(encounters.searchedAt(set, form, at)))}`;
    const reference = encounters.encounterReference(id, kind);
    const { copySecret = '' } = form;
    const means = encounters.receiptMeans(form) ?? '';
    const description = (
      kind === 'stop-search' && form.corrects === undefined
        ? [until, copySecret, means]
        : [reference, ...(copySecret === '' ? [] : [copySecret, means, until])]
    )
      .join('\n')
      .trim();
    if (form.corrects !== undefined) await this.noteDone(form.corrects.taskId, id, officerId);
    await withSaveErrors(
      this.store.seal({
        sealed: await this.sealCapture(
          id,
          'encounter',
          encounters.encounterBody(id, set, form, at),
        ),
        crimeId: id,
        officerId,
        fileSha256: null,
        at: at.getTime(),
        description,
      }),
    );
  }

  /** Note which capture does a task, before it is sealed: it counts as done once that capture is in the outbox. */
  private async noteDone(taskId: string, captureId: string, officerId: string): Promise<void> {
    const key = doneTasksKey(officerId);
    const done = (await this.store.getCached<DoneTasks>(key)) ?? {};
    await withSaveErrors(this.store.setCached(key, { ...done, [taskId]: captureId }));
  }

  /** Seal what does a task: the answer to a question, or a contact with a victim. */
  async sealTask(id: string, form: TaskForm): Promise<void> {
    const officerId = await this.openDrafts.prepareToSeal(id);
    const { task } = form;
    const sealed = isContact(form)
      ? await this.sealCapture(id, 'contact', contactBody(id, form))
      : await this.sealCapture(id, 'answer', answerBody(id, form));
    await this.noteDone(task.id, id, officerId);
    await withSaveErrors(
      this.store.seal({
        sealed,
        crimeId: task.crime_id ?? '',
        officerId,
        fileSha256: null,
        at: this.now().getTime(),
        description: taskTitle(task),
      }),
    );
  }

  async sealStatement(id: string, form: StatementForm): Promise<void> {
    const officerId = await this.openDrafts.prepareToSeal(id);
    const sealed = await this.sealCapture(id, 'statement', statementBody({ id, form }));
    await withSaveErrors(
      this.store.seal({
        sealed,
        crimeId: form.crimeId,
        officerId,
        fileSha256: null,
        at: this.now().getTime(),
        description: form.makerName.trim(),
      }),
    );
  }

  /**
   * Hash a file and save it as a draft to be described. The limit is the phone's room. Throws `DeviceError` for an empty
   * file, and for one that there is no room for.
   */
  async savePhoto(
    crimeId: string,
    photo: Blob,
    filename: string,
    officerId: string,
    onProgress?: (savedBytes: number) => void,
  ): Promise<OpenDraft<ItemForm>> {
    if (photo.size === 0)
      throw new DeviceError(`${filename === '' ? 'That file' : filename} is empty.`);
    const room = await getRoom();
    if (room !== null && photo.size + SPARE_BYTES > room)
      throw new DeviceError(
        `${filename === '' ? 'That file' : filename} is ${formatBytes(photo.size)}, and this phone has room for ${formatBytes(Math.max(0, room - SPARE_BYTES))}. Delete photos or apps you don’t need, or hand it in at the desk.`,
      );
    const id = newId();
    const capturedAt = isoWithOffset(this.now());
    const head = new Uint8Array(await photo.slice(0, HEAD_BYTES).arrayBuffer());
    const mediaType = detectType(head, filename);
    const described = {
      crimeId,
      filename: filename === '' ? photoFilename(capturedAt, mediaType) : filename,
      mediaType,
      size: photo.size,
      capturedAt,
      description: '',
      fix: {},
    };
    const form = await withSaveErrors(
      saveFile(
        this.store.files,
        id,
        photo,
        async (sha256) => {
          const form: ItemForm = { ...described, sha256 };
          const draft = { id, kind: 'item' as const, crimeId, officerId, changedAt: deviceNow() };
          await this.store.saveDraft({ ...draft, form });
          return form;
        },
        onProgress,
      ),
    );
    return this.openDrafts.track({ id, form, isRestored: false });
  }

  async sealPhoto(id: string, form: ItemForm): Promise<void> {
    const officerId = await this.openDrafts.prepareToSeal(id);
    const reference = visitReference(form.crimeId);
    const sealed =
      reference === null
        ? await this.sealCapture(id, 'item', itemBody({ id, form }))
        : await this.sealCapture(id, 'visit-photo', visitPhotoBody({ id, reference, form }));
    await withSaveErrors(
      this.store.seal({
        sealed,
        crimeId: form.crimeId,
        officerId,
        fileSha256: form.sha256,
        at: this.now().getTime(),
        description: `${form.exhibitReference ? `${form.exhibitReference}, ` : ''}${form.description.trim()}`,
      }),
    );
  }

  /**
   * Seal an unsigned account as text files among the evidence: without a signature it is no statement. Contact details
   * go in a file of their own, because they are for the police only.
   */
  async sealUnsignedAccount(id: string, form: StatementForm): Promise<void> {
    const officerId = await this.openDrafts.prepareToSeal(id);
    const maker = form.makerName.trim();
    const files = [
      {
        name: 'unsigned-account',
        description: `Unsigned account of ${maker}`,
        text: formatUnsignedAccount(form, this.now()),
      },
      {
        name: 'contact',
        description: `Contact details for an unsigned account, for the police only: ${maker}`,
        text: formatContactPage(form),
      },
    ];
    const day = isoWithOffset(this.now()).slice(0, 10);
    for (const { name, description, text } of files) {
      if (text === '') continue;
      const blob = new Blob([text], { type: 'text/plain' });
      const item = await this.savePhoto(form.crimeId, blob, `${name}-${day}.txt`, officerId);
      await this.sealPhoto(item.id, { ...item.form, description });
    }
    await this.openDrafts.discard(id);
  }
}

function correctCard(card: CrimeCard, facts: Correctable): Partial<CrimeCard> {
  const { summary, givenName, familyName, bornOn, phone, email } = facts;
  const name = `${givenName.trim()} ${familyName.trim()}`.trim();
  const isVictim = card.victimName === card.person.name;
  return {
    summary: summary.trim(),
    person: { ...card.person, name, bornOn, phone: phone.trim(), email: email.trim() },
    ...(isVictim ? { victimName: name } : {}),
  };
}
