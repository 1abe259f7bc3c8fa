/** Joins the store and the sync to the screens: the one place where capture, outbox, store and sync meet. */
import type { Kind } from './capture/capture';
import { crimeBody, emptyCrimeForm, tidyPostcode, type CrimeForm } from './capture/crime';
import { sha256Hex } from './capture/hash';
import { newId } from './capture/ids';
import { itemBody, MOST_BYTES, photoName, type ItemForm } from './capture/item';
import { DeviceRefused } from './capture/devices';
import type { Offence } from './capture/offences';
import { seal } from './capture/seal';
import { emptyStatementForm, statementBody, type KnownPerson, type StatementForm } from './capture/statement';
import { isoWithOffset, localField, londonYear } from './capture/times';
import { NoNumberLeft, type Store } from './store/store';
import type { Api, CrimeLine, Me } from './sync/api';
import type { Drain, Signal } from './sync/drain';
import { warmUp } from './sync/warm';
import { look, nothingYet } from './look';
import type { CrimeInHand, OpenDraft, PocketBook, View } from './ui/pocket-book';

const APP = `bluelamp-officer/${__APP_VERSION__}`;
const DRAIN_EVERY_MS = 15_000;
const WARM_EVERY_MS = 300_000;
const ENOUGH_NUMBERS = 10;

const nobody = (): KnownPerson => ({ personId: newId(), name: '', bornOn: '', address: '', postcode: '', phone: '', email: '' });

export class DevicePocketBook implements PocketBook {
  view: View = nothingYet();
  private readonly listeners: (() => void)[] = [];
  private me: Me | null = null;
  private signal: Signal = 'unknown';
  private clockOffByMs = 0;
  private mayBeCleared = false;
  private offences: Offence[] = [];
  private saving: Promise<unknown> = Promise.resolve();
  private refreshing: ReturnType<typeof setTimeout> | null = null;
  private warming: Promise<void> | null = null;

  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly drain: Drain,
  ) {}

  async start(): Promise<void> {
    this.me = await this.store.kept<Me>('me');
    this.offences = (await this.store.kept<{ offences: Offence[] }>('offences'))?.offences ?? [];
    this.store.onChange(() => { this.refreshSoon(); });
    await this.refresh();
    const persisted = await navigator.storage.persist().catch(() => false);
    this.mayBeCleared = !persisted;
    addEventListener('online', () => void this.warm());
    addEventListener('offline', () => { this.heard('none'); });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.warm();
    });
    setInterval(() => void this.send(), DRAIN_EVERY_MS);
    setInterval(() => void this.warm(), WARM_EVERY_MS);
    await this.warm();
  }

  onChange(callback: () => void): void {
    this.listeners.push(callback);
  }

  private heard(signal: Signal): void {
    if (signal !== 'unknown') this.signal = signal;
    this.refreshSoon();
  }

  private refreshSoon(): void {
    this.refreshing ??= setTimeout(() => {
      this.refreshing = null;
      void this.refresh();
    }, 100);
  }

  private async refresh(): Promise<void> {
    const { store, me, signal, offences, clockOffByMs, mayBeCleared } = this;
    this.view = await look({ store, me, signal, offences, clockOffByMs, mayBeCleared, now: new Date() });
    for (const listener of this.listeners) listener();
  }

  private warm(): Promise<void> {
    this.warming ??= (async () => {
      const { signal, me, clockOffByMs } = await warmUp(this.store, this.api);
      this.me = me;
      this.clockOffByMs = clockOffByMs;
      this.offences = (await this.store.kept<{ offences: Offence[] }>('offences'))?.offences ?? [];
      this.heard(signal);
      if (signal === 'good') await this.send();
    })().finally(() => {
      this.warming = null;
    });
    return this.warming;
  }

  private async send(): Promise<void> {
    if (this.me === null) return;
    const before = this.signal;
    const signal = await this.drain.run(this.me.id);
    this.heard(signal);
    // Signal came back: top the numbers up as well.
    if (signal === 'good' && before !== 'good') void this.warm();
  }

  private officer(): string {
    if (this.me === null) throw new Error('Nobody has signed in on this phone yet.');
    return this.me.id;
  }

  // ---- drafts

  private async draft<F>(kind: Kind, crimeId: string | null): Promise<OpenDraft<F> | null> {
    await this.saving;
    const drafts = await this.store.drafts(this.officer());
    const found = drafts.find((d) => d.kind === kind && (crimeId === null || d.crimeId === crimeId));
    return found === undefined ? null : { id: found.id, form: found.form as F, isRestored: true };
  }

  async openCrime(): Promise<OpenDraft<CrimeForm>> {
    const found = await this.draft<CrimeForm>('crime', null);
    if (found !== null) return found;
    return { id: newId(), form: emptyCrimeForm({ personId: newId(), occurredFrom: localField(new Date()) }), isRestored: false };
  }

  async openStatement(crimeId: string): Promise<OpenDraft<StatementForm> | null> {
    const found = await this.draft<StatementForm>('statement', crimeId);
    if (found !== null) return found;
    const crime = await this.crime(crimeId);
    if (crime === null) return null;
    const form = emptyStatementForm({ crimeId, person: crime.person, place: crime.place, at: new Date() });
    return { id: newId(), form, isRestored: false };
  }

  async openPhoto(crimeId: string): Promise<(OpenDraft<ItemForm> & { photo: Blob }) | null> {
    const found = await this.draft<ItemForm>('item', crimeId);
    const bytes = found === null ? null : await this.store.file(found.id);
    if (found === null || bytes === null) return null;
    return { ...found, photo: new Blob([bytes], { type: found.form.mediaType }) };
  }

  /** Saves follow each other, so that an older keystroke never lands on a newer one. */
  save(draft: { id: string; kind: Kind; crimeId: string; form: unknown }): void {
    const whole = { ...draft, officerId: this.officer(), changedAt: Date.now() };
    this.saving = this.saving.catch(() => undefined).then(() => this.store.saveDraft(whole));
  }

  async discard(id: string): Promise<void> {
    await this.saving;
    await this.store.discardDraft(id);
  }

  // ---- sealing

  private async sealed(id: string, kind: Kind, body: Parameters<typeof seal>[0]['body']) {
    return seal({ id, kind, device_id: this.store.deviceId, device_at: isoWithOffset(new Date()), app: APP, body });
  }

  async giveNumber(id: string, form: CrimeForm): Promise<CrimeInHand | null> {
    await this.saving;
    const at = new Date();
    const officerId = this.officer();
    const offence = this.offences.find((o) => o.code === form.offenceCode)?.short ?? form.offenceTyped;
    const postcode = tidyPostcode(form.postcode);
    try {
      const card = await this.store.sealCrime({
        id, officerId, year: londonYear(at), at: at.getTime(),
        make: async (taken) => ({
          sealed: await this.sealed(id, 'crime', crimeBody({ id, form, number: taken.number, leaseId: taken.leaseId })),
          card: {
            id, number: taken.number, offence, recordedAt: at.toISOString(), place: form.address.trim(), postcode, officerId,
            person: {
              personId: form.personId, name: `${form.givenName.trim()} ${form.familyName.trim()}`, bornOn: form.bornOn,
              address: form.addressSame ? form.address.trim() : '', postcode: form.addressSame ? postcode : '',
              phone: form.phone.trim(), email: form.email.trim(),
            },
          },
        }),
      });
      if ((await this.store.numbersLeft(londonYear(at))).length < ENOUGH_NUMBERS) void this.warm();
      void this.send();
      return card;
    } catch (error) {
      if (!(error instanceof NoNumberLeft)) throw error;
      void this.warm();
      return null;
    }
  }

  async crime(id: string): Promise<CrimeInHand | null> {
    const card = await this.store.card(id);
    if (card !== null) return card;
    const lines = (await this.store.kept<CrimeLine[]>(`crimes:${this.officer()}`)) ?? [];
    const line = lines.find((each) => each.id === id);
    if (line === undefined) return null;
    const person = { ...nobody(), name: line.victim_name, ...(line.victim_person_id == null ? {} : { personId: line.victim_person_id }) };
    return { id, number: line.number, offence: line.offence, place: line.place, postcode: '', person };
  }

  someoneElse(): KnownPerson {
    return nobody();
  }

  async sealStatement(id: string, form: StatementForm): Promise<void> {
    await this.saving;
    const sealed = await this.sealed(id, 'statement', statementBody({ id, form }));
    await this.store.seal({ sealed, crimeId: form.crimeId, officerId: this.officer(), fileSha256: null, at: Date.now() });
    void this.send();
  }

  async takePhoto(crimeId: string, photo: Blob, filename: string): Promise<OpenDraft<ItemForm>> {
    if (photo.size > MOST_BYTES) throw new DeviceRefused('That file is too big for this app (over 64 MB). Hand it in at the desk.');
    if (photo.size === 0) throw new DeviceRefused('That file is empty. Take the photo again.');
    const bytes = await photo.arrayBuffer();
    const capturedAt = isoWithOffset(new Date());
    const mediaType = photo.type === '' ? 'application/octet-stream' : photo.type;
    const form: ItemForm = {
      crimeId, filename: filename === '' ? photoName(capturedAt, mediaType) : filename, mediaType, size: bytes.byteLength,
      sha256: await sha256Hex(bytes), capturedAt, description: '', fix: {},
    };
    const id = newId();
    await this.store.saveDraft({ id, kind: 'item', crimeId, officerId: this.officer(), changedAt: Date.now(), form }, bytes);
    return { id, form, isRestored: false };
  }

  async sealPhoto(id: string, form: ItemForm): Promise<void> {
    await this.saving;
    const sealed = await this.sealed(id, 'item', itemBody({ id, form }));
    await this.store.seal({ sealed, crimeId: form.crimeId, officerId: this.officer(), fileSha256: form.sha256, at: Date.now() });
    void this.send();
  }

  // ---- the queue

  async retry(id: string | null): Promise<void> {
    for (const entry of await this.store.entries())
      if (id === null || entry.id === id) await this.store.apply(entry.id, { type: 'retry' });
    await this.warm();
  }

  async lookUpPostcode(postcode: string): Promise<{ borough: string; easting: number; northing: number } | null> {
    try {
      const wanted = tidyPostcode(postcode);
      const found = (await this.api.places(wanted)).find((place) => tidyPostcode(place.postcode) === wanted);
      return found ?? null;
    } catch {
      return null;
    }
  }
}
