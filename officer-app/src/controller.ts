/** Joins the store and the sync queue to the screens: the one place where capture, outbox, store and sync meet. */
import type { Capture, ItemBody, Kind } from './capture/capture';
import { copyCrimeForm, emptyCrimeForm, type CrimeForm } from './capture/crime';
import type { EncounterForm } from './capture/encounter';
import { newId } from './capture/ids';
import type { ItemForm } from './capture/item';
import { findSet, NO_SETS, type SetName } from './capture/question-sets';
import * as statements from './capture/statement';
import type { PersonDetails, StatementForm } from './capture/statement';
import { londonYear, toLocalInput } from './capture/times';
import type { QuestionSet } from './forms/question-set';
import { AppLock } from './lock/app-lock';
import { OpenDrafts, STORE_CLOSED } from './open-drafts';
import { Sealer } from './sealer';
import type { CrimeCard } from './store/card';
import { NoNumberLeft, type Store } from './store/store';
import type { Api, CrimeLine, FoundPlace, Me } from './sync/api';
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
import type { Signal, SyncQueue } from './sync/sync-queue';
import type { AppController, CrimeDetail, OpenDraft, View } from './ui/controller';
import { buildView, emptyView, toCrimeDetail } from './view-model';

const SEND_EVERY_MS = 15_000;
const PREFETCH_EVERY_MS = 300_000;
const RETRY_SAVE_EVERY_MS = 3_000;
const LOW_NUMBERS = 10;
const WAIT_FOR_NUMBERS_MS = 3_000;

export class DeviceController implements AppController {
  view: View = emptyView();
  private readonly listeners: (() => void)[] = [];
  private readonly otherTabListeners: (() => void)[] = [];
  private me: Me | null = null;
  private signal: Signal = 'unknown';
  private device: DeviceStatus = { state: 'unknown', message: '' };
  private leaseNotice = '';
  private clockOffByMs = 0;
  private isStorageAtRisk = false;
  private lists: Lists = { offences: [], questionSets: NO_SETS };
  private saveError: string | null = null;
  readonly lock: AppLock;
  private readonly openDrafts: OpenDrafts;
  private readonly sealer: Sealer;
  private refreshTimer: ReturnType<typeof setTimeout> | null = null;
  private prefetching: Promise<void> | null = null;
  /** How often somebody has signed out here. An answer that was asked for before the last sign-out is dropped. */
  private signOutCount = 0;

  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly syncQueue: SyncQueue,
  ) {
    this.openDrafts = new OpenDrafts(
      store,
      () => this.requireOfficerId(),
      (message) => {
        this.saveError = message;
        this.scheduleRefresh();
      },
    );
    this.sealer = new Sealer(store, this.openDrafts, () => this.now());
    this.lock = new AppLock(store, () => this.openDrafts.flush());
  }

  async start(): Promise<void> {
    this.me = await getLastOfficer(this.store, this.api);
    this.lists = await getLists(this.store);
    this.clockOffByMs = (await this.store.getCached<{ offByMs: number }>('clock'))?.offByMs ?? 0;
    if (this.me !== null) this.device = await getDeviceStatus(this.store, this.me.id);
    this.store.tabs.on('change', () => {
      this.scheduleRefresh();
    });
    this.store.tabs.on('other-tab', () => void this.handleOtherTabChange());
    this.lock.start();
    // Somebody else may just have signed in: then nothing is shown until the server has said who.
    if (this.me !== null || (await this.store.getCached<Me>('me')) === null) await this.refresh();
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
      if (this.openDrafts.hasUnsavedChanges && this.saveError !== null) event.preventDefault();
    });
    setInterval(() => void this.retrySaving(), RETRY_SAVE_EVERY_MS);
    addEventListener('online', () => void this.prefetch());
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

  onChange(callback: () => void): void {
    this.listeners.push(callback);
  }

  onOtherTabChange(callback: () => void): void {
    this.otherTabListeners.push(callback);
  }

  /** Another tab saved something: somebody may have signed in, or changed the draft that is open here. */
  private async handleOtherTabChange(): Promise<void> {
    const before = this.me?.id;
    this.me = await this.store.getCached<Me>('me');
    if (this.me !== null) this.device = await getDeviceStatus(this.store, this.me.id);
    if (this.me?.id !== before) void this.prefetch();
    for (const callback of this.otherTabListeners) callback();
  }

  /** The true time: the phone's clock, corrected by what the server last said. */
  now(): Date {
    return new Date(Date.now() - this.clockOffByMs);
  }

  findQuestionSet(name: SetName, version?: number): QuestionSet {
    return findSet(this.lists.questionSets, name, version);
  }

  private setSignal(signal: Signal): void {
    if (signal !== 'unknown') this.signal = signal;
    this.scheduleRefresh();
  }

  private scheduleRefresh(): void {
    this.refreshTimer ??= setTimeout(() => {
      this.refreshTimer = null;
      void this.refresh();
    }, 100);
  }

  /** Save what could not be saved before. The browser may have closed the database since: then open it again. */
  private async retrySaving(): Promise<void> {
    if (this.saveError !== null) await this.store.reconnect();
    else if (this.view.saveError !== null) this.scheduleRefresh();
    this.openDrafts.retrySaving();
  }

  private async refresh(): Promise<void> {
    const { store, me, signal, device, leaseNotice, clockOffByMs } = this;
    const { offences } = this.lists;
    const { isStorageAtRisk, saveError } = this;
    const facts = { me, signal, device, leaseNotice, offences, clockOffByMs, isStorageAtRisk };
    const view = await buildView({ store, ...facts, saveError, now: this.now() }).catch(
      (): View => {
        // The store can't be read: what was on the screen stays, and the warning must not wait for it.
        void this.store.reconnect();
        return { ...this.view, saveError: saveError ?? STORE_CLOSED };
      },
    );
    this.view = view;
    for (const listener of this.listeners) listener();
  }

  private prefetch(): Promise<void> {
    this.prefetching ??= (async () => {
      const { signOutCount } = this;
      const { signal, me, clockOffByMs, device, leaseNotice } = await prefetch(
        this.store,
        this.api,
        () => signOutCount !== this.signOutCount,
      );
      this.me = me;
      this.clockOffByMs = clockOffByMs;
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
    const signal = await this.syncQueue.sendDue(this.me.id);
    this.setSignal(signal);
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

  checkDevice(): Promise<void> {
    return this.prefetch();
  }

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

  // ---- drafts

  openCrime(id: string, copyFromId: string): Promise<OpenDraft<CrimeForm> | null> {
    return this.openDrafts.openOrCreate('crime', id, async () => {
      const source = copyFromId === '' ? null : await this.getCrime(copyFromId);
      const blank = emptyCrimeForm({
        personId: newId(),
        contactId: newId(),
        occurredFrom: toLocalInput(this.now()),
      });
      const { version } = this.findQuestionSet('scene');
      return { ...(source === null ? blank : copyCrimeForm(blank, source)), version };
    });
  }

  openEncounter(id: string): Promise<OpenDraft<EncounterForm> | null> {
    const { version } = this.findQuestionSet('stop-search');
    return this.openDrafts.openOrCreate('encounter', id, () => ({ version, texts: {} }));
  }

  async sealEncounter(id: string, form: EncounterForm): Promise<void> {
    await this.sealer.sealEncounter(id, form, this.findQuestionSet('stop-search', form.version));
    void this.sendDue();
  }

  getDraftFromOtherTab(id: string): Promise<{ form: unknown } | 'sealed' | null> {
    return this.openDrafts.getFromOtherTab(id);
  }

  async openStatement(crimeId: string): Promise<OpenDraft<StatementForm> | null> {
    const draft = await this.openDrafts.find<StatementForm>(
      'statement',
      (d) => d.crimeId === crimeId,
    );
    if (draft !== null) return draft;
    const crime = await this.getCrime(crimeId);
    if (crime === null) return null;
    // Without a named victim, each statement is by somebody new.
    const person = crime.person.name === '' ? statements.emptyPerson() : crime.person;
    const form = statements.emptyStatementForm({
      crimeId,
      person,
      place: crime.place,
      at: this.now(),
    });
    return this.openDrafts.track({ id: newId(), form, isRestored: false });
  }

  async openPhoto(crimeId: string): Promise<(OpenDraft<ItemForm> & { photo: Blob }) | null> {
    const draft = await this.openDrafts.find<ItemForm>('item', (d) => d.crimeId === crimeId);
    const bytes = draft === null ? null : await this.store.getFile(draft.id);
    if (draft === null || bytes === null) return null;
    return { ...draft, photo: new Blob([bytes], { type: draft.form.mediaType }) };
  }

  saveDraft(draft: { id: string; kind: Kind; crimeId: string; form: unknown }): void {
    this.openDrafts.save(draft);
  }

  discardDraft(id: string): Promise<void> {
    return this.openDrafts.discard(id);
  }

  // ---- sealing

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

  async sealStatement(id: string, form: StatementForm): Promise<void> {
    await this.sealer.sealStatement(id, form);
    void this.sendDue();
  }

  async sealPhoto(id: string, form: ItemForm): Promise<void> {
    await this.sealer.sealPhoto(id, form);
    void this.sendDue();
  }

  async sealUnsignedAccount(id: string, form: StatementForm): Promise<void> {
    await this.sealer.sealUnsignedAccount(id, form);
    void this.sendDue();
  }

  async markVictimTold(id: string): Promise<void> {
    await this.store.updateCard(id, (card) => ({ ...card, mustTellVictim: false }));
  }

  async getCrime(id: string): Promise<CrimeDetail | null> {
    const officerId = this.requireOfficerId();
    const card = await this.store.getCard(id);
    const lines = await this.store.getCached<CrimeLine[]>(`crimes:${officerId}`);
    return toCrimeDetail(
      // A colleague's crime on the same phone is theirs, also where its address is in the history.
      card?.officerId === officerId ? card : null,
      lines?.find((line) => line.id === id),
      statements.emptyPerson(),
    );
  }

  newPerson(): PersonDetails {
    return statements.emptyPerson();
  }

  takePhoto(crimeId: string, photo: Blob, filename: string): Promise<OpenDraft<ItemForm>> {
    return this.sealer.savePhoto(crimeId, photo, filename, this.requireOfficerId());
  }

  async getPhoto(id: string): Promise<Blob | null> {
    if (await this.store.isOthers(id, this.requireOfficerId())) return null;
    const [sealed, file] = await Promise.all([
      this.store.getSealedBytes(id),
      this.store.getFile(id),
    ]);
    if (sealed === null || file === null) return null;
    const { body } = JSON.parse(new TextDecoder().decode(sealed)) as Capture<ItemBody>;
    return body.media_type.startsWith('image/')
      ? new Blob([file], { type: body.media_type })
      : null;
  }

  // ---- the queue

  async reopenCapture(id: string): Promise<boolean> {
    if (await this.store.isOthers(id, this.requireOfficerId())) return false;
    return this.store.reopen(id, Date.now());
  }

  async retrySending(id: string | null): Promise<void> {
    const officerId = this.requireOfficerId();
    for (const entry of await this.store.listEntries())
      if (entry.officerId === officerId && (id === null || entry.id === id))
        await this.store.applyEvent(entry.id, { type: 'retry' });
    await this.prefetch();
  }

  lookUpPostcode(postcode: string): Promise<FoundPlace | null> {
    return this.api.lookUpPostcode(postcode);
  }
}
