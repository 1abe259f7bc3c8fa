/** Joins the store and the sync queue to the screens: the one place where capture, outbox, store and sync meet. */
import type { Kind } from './capture/capture';
import { clockOffset, deviceNow, now, setClockOffset } from './capture/clock';
import { RISK_SET } from './capture/assessment';
import type { CrimeForm } from './capture/crime';
import { kindOf } from './capture/encounter';
import { findSet, NO_SETS, type SetName } from './capture/question-sets';
import * as statements from './capture/statement';
import { londonYear } from './capture/times';
import type { QuestionSet } from './forms/question-set';
import { DraftOpener } from './draft-opener';
import { AppLock } from './lock/app-lock';
import { OpenDrafts } from './open-drafts';
import { APP_VERSION, Sealer } from './sealer';
import type { CrimeCard } from './store/card';
import { NoNumberLeft, type Store } from './store/store';
import type { Api, Me } from './sync/api';
import {
  getDeviceStatus,
  getLastOfficer,
  getLists,
  type Lists,
  prefetch,
  saveDeviceStatus,
  SIGN_OUT_PENDING,
  type DeviceStatus,
} from './sync/prefetch';
import { StreetFinder } from './sync/street-list';
import type { Signal, SyncQueue } from './sync/sync-queue';
import type { AppController, CrimeDetail, View } from './ui/controller';
import type { PhoneFilesControl } from './outbox/saved-queue';
import type { Change } from './store/tab-events';
import { ShownView } from './shown-view';
import { AppUpdates } from './updates';

const SEND_EVERY_MS = 15_000;
const PREFETCH_EVERY_MS = 300_000;
const RETRY_SAVE_EVERY_MS = 3_000;
const LOW_NUMBERS = 10;
const WAIT_FOR_NUMBERS_MS = 3_000;

export class DeviceController implements AppController {
  private readonly otherTabListeners: (() => void)[] = [];
  private me: Me | null = null;
  private signal: Signal = 'unknown';
  private device: DeviceStatus = { state: 'unknown', message: '' };
  private leaseNotice = '';
  private isStorageAtRisk = false;
  private lists: Lists = { offences: [], questionSets: NO_SETS };
  private readonly shown: ShownView;
  private readonly updates = new AppUpdates(() => {
    this.scheduleRefresh();
  });
  readonly lock: AppLock;
  private readonly openDrafts: OpenDrafts;
  private readonly drafts: DraftOpener;
  private readonly sealer: Sealer;
  private readonly streets: StreetFinder;
  private prefetching: Promise<void> | null = null;
  /** How often somebody has signed out here. An answer that was asked for before the last sign-out is dropped. */
  private signOutCount = 0;

  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly syncQueue: SyncQueue,
    readonly phoneFiles: PhoneFilesControl,
  ) {
    this.openDrafts = new OpenDrafts(
      store,
      () => this.requireOfficerId(),
      (message) => {
        this.shown.setSaveError(message);
      },
      () => {
        this.showOtherTabsWords();
      },
    );
    this.shown = new ShownView(store, () => ({
      me: this.me,
      signal: this.signal,
      device: this.device,
      leaseNotice: this.leaseNotice,
      offences: this.lists.offences,
      clockOffByMs: clockOffset(),
      isStorageAtRisk: this.isStorageAtRisk,
      isUpdateReady: this.updates.isReady,
      now: now(),
    }));
    this.drafts = new DraftOpener(store, this.openDrafts, {
      now,
      officerId: () => this.requireOfficerId(),
      findQuestionSet: (name) => this.findQuestionSet(name),
      givesStopReceipts: () => this.me?.stop_receipts === true,
    });
    this.streets = new StreetFinder(store);
    this.sealer = new Sealer(store, this.openDrafts, () => this.now());
    this.lock = new AppLock(store, () => this.openDrafts.flush());
  }

  async start(): Promise<void> {
    this.me = await getLastOfficer(this.store, this.api);
    this.lists = await getLists(this.store);
    setClockOffset((await this.store.getCached<{ offByMs: number }>('clock'))?.offByMs ?? 0);
    if (this.me !== null) this.device = await getDeviceStatus(this.store, this.me.id);
    this.store.tabs.onChange(() => {
      this.scheduleRefresh();
    });
    this.store.tabs.on('other-tab', (change) => void this.handleOtherTabChange(change));
    void this.updates.start();
    this.lock.start();
    // Somebody else may just have signed in: then nothing is shown until the server has said who.
    if (this.me !== null || (await this.store.getCached<Me>('me')) === null)
      await this.shown.refresh();
    // Some browsers ask the person, who may never answer, so nothing waits for this.
    void navigator.storage.persist().then(
      (isKept) => {
        this.isStorageAtRisk = !isKept;
      },
      () => {
        this.isStorageAtRisk = true;
      },
    );
    addEventListener('beforeunload', (event) => {
      if (this.openDrafts.hasUnsavedChanges && this.shown.saveError !== null)
        event.preventDefault();
    });
    setInterval(() => void this.retrySaving(), RETRY_SAVE_EVERY_MS);
    addEventListener('online', () => void this.syncQueue.endWaits().then(() => this.prefetch()));
    addEventListener('offline', () => {
      this.setSignal('none');
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.prefetch();
    });
    setInterval(() => void this.sendDue(), SEND_EVERY_MS);
    setInterval(() => void this.prefetch(), PREFETCH_EVERY_MS);
    await this.prefetch();
  }

  get view(): View {
    return this.shown.view;
  }

  onChange(callback: () => void): void {
    this.shown.onChange(callback);
  }

  onOtherTabChange(callback: () => void): void {
    this.otherTabListeners.push(callback);
  }

  /** Another tab saved something: somebody may have signed in, or changed the draft that is open here. */
  private async handleOtherTabChange({ table }: Change): Promise<void> {
    if (table === 'cache' || table === 'all') {
      const before = this.me?.id;
      this.me = await this.store.getCached<Me>('me');
      if (this.me !== null) this.device = await getDeviceStatus(this.store, this.me.id);
      if (this.me?.id !== before) void this.prefetch();
    }
    this.showOtherTabsWords();
  }

  private showOtherTabsWords(): void {
    for (const callback of this.otherTabListeners) callback();
  }

  /** The true time: the phone's clock, corrected by what the server last said. */
  now(): Date {
    return now();
  }

  findQuestionSet(name: SetName, version?: number): QuestionSet {
    return findSet(this.lists.questionSets, name, version);
  }

  private setSignal(signal: Signal): void {
    // An answer that was under way when the line went says nothing about now.
    if (signal === 'good' && !navigator.onLine) this.signal = 'none';
    else if (signal !== 'unknown') this.signal = signal;
    this.scheduleRefresh();
  }

  private scheduleRefresh(): void {
    this.shown.schedule();
  }

  /** Save what could not be saved before. The browser may have closed the database since: then open it again. */
  private async retrySaving(): Promise<void> {
    if (this.shown.saveError !== null) await this.store.reconnect();
    else if (this.view.saveError !== null) this.scheduleRefresh();
    this.openDrafts.retrySaving();
  }

  private prefetch(): Promise<void> {
    this.prefetching ??= (async () => {
      const { signOutCount } = this;
      const { signal, me, device, leaseNotice, isWiped } = await prefetch(
        this.store,
        this.api,
        () => signOutCount !== this.signOutCount,
        APP_VERSION,
      );
      if (isWiped === true) {
        location.reload();
        return;
      }
      this.me = me;
      this.device = device;
      this.leaseNotice = leaseNotice;
      this.lists = await getLists(this.store);
      this.setSignal(signal);
      if (signal === 'good') await this.sendDue();
    })().finally(() => {
      this.prefetching = null;
    });
    return this.prefetching;
  }

  private async sendDue(): Promise<void> {
    if (this.me === null) {
      if (this.view.isSignOutPending) await this.prefetch();
      return;
    }
    // It would be refused. What the server says of the phone is asked again every few minutes.
    if (this.device.state === 'blocked' || this.device.state === 'not-enrolled') return;
    const before = this.signal;
    const officerId = this.me.id;
    const signal = await this.syncQueue.sendDue(officerId);
    this.setSignal(signal);
    const wait = await this.syncQueue.nextDueIn(officerId);
    // What failed a moment ago is tried again soon, not at the next round.
    if (wait !== null && wait < SEND_EVERY_MS) setTimeout(() => void this.sendDue(), wait + 100);
    // When signal comes back, fetch more numbers too. When signed out, somebody else may have signed in.
    if (
      (signal === 'good' && before !== 'good') ||
      (signal === 'signed-out' && before !== 'signed-out') ||
      signal === 'device-refused'
    )
      void this.prefetch();
  }

  /** Enrol this phone to the officer, under the name they give it, and send what waits. */
  async enrolDevice(name: string): Promise<void> {
    const officerId = this.requireOfficerId();
    const { state, message } = await this.api.enrolDevice(name.trim(), officerId);
    this.device = await saveDeviceStatus(this.store, officerId, { state, message });
    await this.prefetch();
  }

  readonly checkDevice: AppController['checkDevice'] = () => this.prefetch();

  /** Sign out. What was not sent stays, encrypted, until the same officer signs in here again. */
  async signOut(): Promise<void> {
    await this.openDrafts.flush();
    // Saved first, so that a phone that stops in the middle still tells the server later.
    await this.store.setCached(SIGN_OUT_PENDING, { session: this.api.sessionId() });
    this.signOutCount += 1;
    this.me = null;
    await this.store.deleteCached('me');
    this.openDrafts.clear();
    await this.api.signOut().then(
      () => this.store.deleteCached(SIGN_OUT_PENDING),
      () => undefined,
    );
    this.setSignal('signed-out');
  }

  private requireOfficerId(): string {
    if (this.me === null) throw new Error('Nobody has signed in on this phone yet');
    return this.me.id;
  }

  /** Save everything typed and start the new version of the app. */
  async applyUpdate(): Promise<void> {
    await this.openDrafts.flush();
    await this.updates.apply();
  }

  readonly openCrime: AppController['openCrime'] = (id, copyFromId) =>
    this.drafts.openCrime(id, copyFromId);

  readonly openEncounter: AppController['openEncounter'] = (id, kind, taskId) =>
    this.drafts.openEncounter(id, kind, taskId);

  private async sealAndSend(sealing: Promise<void>): Promise<void> {
    await sealing;
    void this.sendDue();
  }

  readonly openTask: AppController['openTask'] = (id) => this.drafts.openTask(id);

  readonly sealTask: AppController['sealTask'] = (id, form) =>
    this.sealAndSend(this.sealer.sealTask(id, form));

  readonly openAssessment: AppController['openAssessment'] = (id) => this.drafts.openAssessment(id);

  readonly sealAssessment: AppController['sealAssessment'] = (id, form) =>
    this.sealAndSend(
      this.sealer.sealAssessment(id, form, this.findQuestionSet(RISK_SET, form.version)),
    );

  readonly openAddition: AppController['openAddition'] = (id) => this.drafts.openAddition(id);

  readonly sealAddition: AppController['sealAddition'] = (id, form) =>
    this.sealAndSend(
      this.sealer.sealAddition(id, form, this.findQuestionSet('scene', form.version)),
    );

  readonly openStatement: AppController['openStatement'] = (crimeId, id = '') =>
    this.drafts.openStatement(crimeId, id);

  readonly openFiles: AppController['openFiles'] = (id) => this.drafts.openFiles(id);

  readonly getDraftFile: AppController['getDraftFile'] = (id, form) =>
    this.drafts.getDraftFile(id, form);

  readonly sealEncounter: AppController['sealEncounter'] = (id, form) =>
    this.sealAndSend(
      this.sealer.sealEncounter(id, form, this.findQuestionSet(kindOf(form), form.version)),
    );

  readonly getDraftFromOtherTab: AppController['getDraftFromOtherTab'] = (id) =>
    this.openDrafts.getFromOtherTab(id);

  saveDraft(draft: { id: string; kind: Kind; crimeId: string; form: unknown }): void {
    this.openDrafts.save(draft);
  }

  discardDraft(id: string): Promise<void> {
    return this.openDrafts.discard(id);
  }

  async recordCrime(id: string, form: CrimeForm): Promise<CrimeDetail | null> {
    const set = this.findQuestionSet('scene', form.version);
    const sealCrime = (mayWait: boolean): Promise<CrimeCard> =>
      this.sealer.sealCrime(id, form, { offences: this.lists.offences, set, mayWait });
    const card = await sealCrime(false).catch(async (error: unknown) => {
      if (!(error instanceof NoNumberLeft)) throw error;
      // Ask the server for more numbers, but do not keep the victim waiting for a bad signal.
      await Promise.race([
        this.prefetch(),
        new Promise((resolve) => setTimeout(resolve, WAIT_FOR_NUMBERS_MS)),
      ]);
      return sealCrime(true);
    });
    const unused = await this.store.unusedNumbers(card.officerId, londonYear(this.now()));
    if (unused.length < LOW_NUMBERS) void this.prefetch();
    void this.sendDue();
    return this.getCrime(card.id);
  }

  readonly sealStatement: AppController['sealStatement'] = (id, form) =>
    this.sealAndSend(this.sealer.sealStatement(id, form));

  readonly sealPhoto: AppController['sealPhoto'] = (id, form) =>
    this.sealAndSend(this.sealer.sealPhoto(id, form));

  readonly sealUnsignedAccount: AppController['sealUnsignedAccount'] = (id, form) =>
    this.sealAndSend(this.sealer.sealUnsignedAccount(id, form));

  async markVictimTold(id: string): Promise<void> {
    await this.store.updateCard(id, (card) => ({ ...card, mustTellVictim: false }));
  }

  readonly getCrime: AppController['getCrime'] = (id) => this.drafts.getCrime(id);

  readonly newPerson: AppController['newPerson'] = () => statements.emptyPerson();

  readonly takeExhibitReference: AppController['takeExhibitReference'] = (itemId) =>
    this.store.exhibits.take(this.requireOfficerId(), itemId);

  readonly takeFile: AppController['takeFile'] = (crimeId, file, filename, onProgress) =>
    this.sealer.savePhoto(crimeId, file, filename, this.requireOfficerId(), onProgress);

  readonly getPhoto: AppController['getPhoto'] = (id) => this.drafts.getPhoto(id);

  // ---- the queue

  async reopenCapture(id: string): Promise<boolean> {
    if (await this.store.isOthers(id, this.requireOfficerId())) return false;
    return this.store.reopen(id, deviceNow());
  }

  async retrySending(id: string | null): Promise<void> {
    const officerId = this.requireOfficerId();
    for (const entry of await this.store.listEntries())
      if (entry.officerId === officerId && (id === null || entry.id === id))
        await this.store.applyEvent(entry.id, { type: 'retry' });
    await this.prefetch();
  }

  readonly lookUp: AppController['lookUp'] = (words, reason) =>
    this.api.lookUp(words, reason, this.requireOfficerId());

  readonly lookUpPostcode: AppController['lookUpPostcode'] = (typed) =>
    this.api.lookUpPostcode(typed);

  readonly findStreets: AppController['findStreets'] = (typed) => this.streets.find(typed);
}
