/** Joins the store and the sync to the screens: the one place where capture, outbox, store and sync meet. */
import type { Capture, ItemBody, Kind } from './capture/capture';
import { crimeBody, crimeFormLike, emptyCrimeForm, speaker, tidyPostcode, victimName, type CrimeForm } from './capture/crime';
import { sha256Hex } from './capture/hash';
import { newId } from './capture/ids';
import { itemBody, MOST_BYTES, photoName, type ItemForm } from './capture/item';
import { DeviceRefused } from './capture/devices';
import type { Offence } from './capture/offences';
import { seal } from './capture/seal';
import { emptyStatementForm, statementBody, unsignedAccount, unsignedBack, type KnownPerson, type StatementForm } from './capture/statement';
import { isoWithOffset, localField, londonYear } from './capture/times';
import type { CrimeCard } from './store/card';
import { Saver } from './store/saver';
import { NoNumberLeft, type Draft, type Store } from './store/store';
import type { Api, CrimeLine, Me } from './sync/api';
import type { Drain, Signal } from './sync/drain';
import { LEAVING, warmUp } from './sync/warm';
import { look, nothingYet } from './look';
import type { CrimeInHand, OpenDraft, PocketBook, View } from './ui/pocket-book';

const APP = `bluelamp-officer/${__APP_VERSION__}`;
const DRAIN_EVERY_MS = 15_000;
const WARM_EVERY_MS = 300_000;
const SAVE_AGAIN_MS = 3_000;
const ENOUGH_NUMBERS = 10;
const WAIT_FOR_NUMBERS_MS = 3_000;

/** What stands in the way of keeping something, for the officer. */
function inWords(error: unknown): string {
  if (error instanceof DeviceRefused) return error.message;
  return error instanceof DOMException && error.name === 'QuotaExceededError'
    ? 'This phone’s storage is full, so the last words are on this screen only. Keep this page open, and make room: delete photos or apps you don’t need. It is kept by itself as soon as there is room.'
    : 'This phone could not keep that just now. What you wrote is still on this screen: keep the page open and try again in a moment.';
}

const nobody = (): KnownPerson => ({ personId: newId(), name: '', bornOn: '', address: '', postcode: '', phone: '', email: '' });

export class DevicePocketBook implements PocketBook {
  view: View = nothingYet();
  private readonly listeners: (() => void)[] = [];
  private readonly elsewhere: (() => void)[] = [];
  private me: Me | null = null;
  private signal: Signal = 'unknown';
  private clockOffByMs = 0;
  private mayBeCleared = false;
  private offences: Offence[] = [];
  private storeTrouble: string | null = null;
  private readonly saver: Saver<Draft>;
  /** Who opened a draft, and when it was last kept by this tab: a draft never changes hands. */
  private readonly opened = new Map<string, { officerId: string; changedAt: number }>();
  private refreshing: ReturnType<typeof setTimeout> | null = null;
  private warming: Promise<void> | null = null;
  /** How often somebody has signed out here: what was asked before is not heard after. */
  private leavings = 0;

  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly drain: Drain,
  ) {
    this.saver = new Saver((draft) => store.saveDraft(draft), (trouble) => {
      this.storeTrouble = trouble === null ? null : inWords(trouble);
      this.refreshSoon();
    });
  }

  async start(): Promise<void> {
    this.me = await this.store.kept<Me>('me');
    this.offences = (await this.store.kept<{ offences: Offence[] }>('offences'))?.offences ?? [];
    this.clockOffByMs = (await this.store.kept<{ offByMs: number }>('clock'))?.offByMs ?? 0;
    this.store.onChange(() => { this.refreshSoon(); });
    this.store.onElsewhere(() => void this.hearElsewhere());
    await this.refresh();
    // Some browsers ask the person, who may never answer: nothing waits for it.
    void navigator.storage.persist().then((isKept) => { this.mayBeCleared = !isKept; }, () => { this.mayBeCleared = true; });
    addEventListener('beforeunload', (event) => { if (this.saver.isBehind && this.storeTrouble !== null) event.preventDefault(); });
    setInterval(() => { this.saver.again(); }, SAVE_AGAIN_MS);
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

  onElsewhere(callback: () => void): void {
    this.elsewhere.push(callback);
  }

  /** Another tab of this app kept something: perhaps who is signed in, perhaps the draft that is open here. */
  private async hearElsewhere(): Promise<void> {
    const before = this.me?.id;
    this.me = await this.store.kept<Me>('me');
    if (this.me?.id !== before) void this.warm();
    for (const callback of this.elsewhere) callback();
  }

  /** The phone's clock set right by what the server last said. */
  now(): Date {
    return new Date(Date.now() - this.clockOffByMs);
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
    const { store, me, signal, offences, clockOffByMs, mayBeCleared, storeTrouble } = this;
    this.view = await look({ store, me, signal, offences, clockOffByMs, mayBeCleared, storeTrouble, now: this.now() });
    for (const listener of this.listeners) listener();
  }

  private warm(): Promise<void> {
    this.warming ??= (async () => {
      const { leavings } = this;
      const { signal, me, clockOffByMs } = await warmUp(this.store, this.api, () => leavings !== this.leavings);
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
    if (this.me === null) {
      if (this.view.isLeaving) await this.warm();
      return;
    }
    const before = this.signal;
    const signal = await this.drain.run(this.me.id);
    this.heard(signal);
    // Signal came back: top the numbers up as well. Signed out: perhaps somebody else has signed in.
    if ((signal === 'good' && before !== 'good') || (signal === 'signed-out' && before !== 'signed-out')) void this.warm();
  }

  /** What was not sent stays, locked, until the same officer signs in here again. Without signal the server hears of it later. */
  async signOut(): Promise<void> {
    await this.keepAll();
    // First the note, so that a phone that stops in the middle still ends the session.
    await this.store.keep(LEAVING, { session: this.api.session() });
    this.leavings += 1;
    this.me = null;
    await this.store.drop('me');
    this.opened.clear();
    await this.api.signOut().then(() => this.store.drop(LEAVING), () => undefined);
    this.heard('signed-out');
  }

  private officer(): string {
    if (this.me === null) throw new Error('Nobody has signed in on this phone yet.');
    return this.me.id;
  }

  // ---- drafts

  private async keepAll(): Promise<void> {
    try {
      await this.saver.settle();
    } catch (error) {
      throw new Error(inWords(error), { cause: error });
    }
  }

  private hold<F>(draft: OpenDraft<F>, changedAt = 0): OpenDraft<F> {
    this.opened.set(draft.id, { officerId: this.officer(), changedAt });
    return draft;
  }

  private async draft<F>(kind: Kind, is: (draft: Draft) => boolean): Promise<OpenDraft<F> | null> {
    await this.keepAll();
    const drafts = await this.store.drafts(this.officer());
    const found = drafts.find((d) => d.kind === kind && is(d));
    return found === undefined ? null : this.hold({ id: found.id, form: found.form as F, isRestored: true }, found.changedAt);
  }

  async openCrime(wanted: string, likeId: string): Promise<OpenDraft<CrimeForm> | null> {
    if (wanted !== '' && (await this.store.isSealed(wanted))) return null;
    const found = await this.draft<CrimeForm>('crime', (d) => wanted === '' || d.id === wanted);
    if (found !== null) return found;
    const like = likeId === '' ? null : await this.crime(likeId);
    const blank = emptyCrimeForm({ personId: newId(), contactId: newId(), occurredFrom: localField(this.now()) });
    return this.hold({ id: wanted === '' ? newId() : wanted, form: like === null ? blank : crimeFormLike(blank, like), isRestored: false });
  }

  async changedElsewhere(id: string): Promise<{ form: unknown } | 'sealed' | null> {
    const mine = this.opened.get(id);
    if (mine === undefined || this.saver.isBehind) return null;
    const draft = await this.store.draft(id);
    if (draft === null) return (await this.store.isSealed(id)) ? 'sealed' : null;
    if (draft.officerId !== mine.officerId || draft.changedAt <= mine.changedAt) return null;
    this.opened.set(id, { ...mine, changedAt: draft.changedAt });
    return { form: draft.form };
  }

  async openStatement(crimeId: string): Promise<OpenDraft<StatementForm> | null> {
    const found = await this.draft<StatementForm>('statement', (d) => d.crimeId === crimeId);
    if (found !== null) return found;
    const crime = await this.crime(crimeId);
    if (crime === null) return null;
    // Where nobody is known by name, each statement is by somebody new.
    const person = crime.person.name === '' ? nobody() : crime.person;
    const form = emptyStatementForm({ crimeId, person, place: crime.place, at: this.now() });
    return this.hold({ id: newId(), form, isRestored: false });
  }

  async openPhoto(crimeId: string): Promise<(OpenDraft<ItemForm> & { photo: Blob }) | null> {
    const found = await this.draft<ItemForm>('item', (d) => d.crimeId === crimeId);
    const bytes = found === null ? null : await this.store.file(found.id);
    if (found === null || bytes === null) return null;
    return { ...found, photo: new Blob([bytes], { type: found.form.mediaType }) };
  }

  save(draft: { id: string; kind: Kind; crimeId: string; form: unknown }): void {
    const { officerId } = this.opened.get(draft.id) ?? { officerId: this.officer() };
    const changedAt = Date.now();
    this.opened.set(draft.id, { officerId, changedAt });
    this.saver.put({ ...draft, officerId, changedAt });
  }

  async discard(id: string): Promise<void> {
    this.saver.forget(id);
    await this.saver.settle().catch(() => undefined);
    await this.store.discardDraft(id);
    this.opened.delete(id);
  }

  // ---- sealing

  /** Before sealing: every letter is kept, and whoever opened the draft is still signed in. Returns who that is. */
  private async ready(id: string): Promise<string> {
    await this.keepAll();
    const officerId = this.officer();
    if ((this.opened.get(id)?.officerId ?? officerId) !== officerId) throw new Error('Somebody else has signed in on this phone. This draft is kept for the officer who wrote it.');
    return officerId;
  }

  private async kept<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof NoNumberLeft) throw error;
      throw new Error(inWords(error), { cause: error });
    }
  }

  private async sealed(id: string, kind: Kind, body: Parameters<typeof seal>[0]['body']) {
    return seal({ id, kind, device_id: this.store.deviceId, device_at: isoWithOffset(new Date()), app: APP, body });
  }

  async giveNumber(id: string, form: CrimeForm): Promise<CrimeInHand | null> {
    const officerId = await this.ready(id);
    const seal = (mayWait: boolean): Promise<CrimeCard> => this.kept(this.sealCrime(id, form, officerId, mayWait));
    const card = await seal(false).catch(async (error: unknown) => {
      if (!(error instanceof NoNumberLeft)) throw error;
      await Promise.race([this.warm(), new Promise((resolve) => setTimeout(resolve, WAIT_FOR_NUMBERS_MS))]);
      return seal(true);
    });
    if ((await this.store.numbersLeft(londonYear(this.now()))).length < ENOUGH_NUMBERS) void this.warm();
    void this.send();
    return this.crime(card.id);
  }

  private async sealCrime(id: string, form: CrimeForm, officerId: string, mayWait: boolean): Promise<CrimeCard> {
    const at = this.now();
    // Sealed before without a number, and mended since: they were told that it follows.
    const isToTell = (await this.store.card(id))?.number === '' && form.victimKind !== 'state';
    const offence = this.offences.find((o) => o.code === form.offenceCode)?.short ?? form.offenceTyped;
    const business = { id: form.personId, name: victimName(form), isThere: form.livesThere ?? false };
    return this.store.sealCrime({
      id, officerId, year: londonYear(at), at: at.getTime(), mayWait,
      make: async (taken) => ({
        sealed: await this.sealed(id, 'crime', crimeBody({ id, form, number: taken?.number ?? null, leaseId: taken?.leaseId ?? null })),
        card: {
          id, number: taken?.number ?? '', offence, recordedAt: at.toISOString(), place: form.address.trim(), postcode: tidyPostcode(form.postcode), officerId,
          isToTell, isUnsafe: form.isUnsafe ?? false, victimName: victimName(form), person: speaker(form), occurredFrom: form.occurredFrom, occurredTo: form.occurredTo,
          ...(form.victimKind === 'business' ? { business } : {}),
        },
      }),
    });
  }

  async told(id: string): Promise<void> {
    await this.store.changeCard(id, (card) => ({ ...card, isToTell: false }));
  }

  async crime(id: string): Promise<CrimeInHand | null> {
    const [card, lines] = [await this.store.card(id), (await this.store.kept<CrimeLine[]>(`crimes:${this.officer()}`)) ?? []];
    const line = lines.find((each) => each.id === id);
    if (card !== null)
      return { ...card, number: card.number || (line?.number ?? ''), victimName: card.victimName ?? card.person.name, occurredFrom: card.occurredFrom ?? '', occurredTo: card.occurredTo ?? '' };
    if (line === undefined) return null;
    // Nobody makes a statement in the name of a business or the State.
    const person = { ...nobody(), ...(line.victim_person_id == null ? {} : { personId: line.victim_person_id, name: line.victim_name }) };
    return { id, number: line.number, offence: line.offence, place: line.place, postcode: '', person, victimName: line.victim_name, occurredFrom: '', occurredTo: '' };
  }

  someoneElse(): KnownPerson {
    return nobody();
  }

  async sealStatement(id: string, form: StatementForm): Promise<void> {
    const officerId = await this.ready(id);
    const sealed = await this.sealed(id, 'statement', statementBody({ id, form }));
    await this.kept(this.store.seal({ sealed, crimeId: form.crimeId, officerId, fileSha256: null, at: this.now().getTime(), about: form.makerName.trim() }));
    void this.send();
  }

  async takePhoto(crimeId: string, photo: Blob, filename: string): Promise<OpenDraft<ItemForm>> {
    if (photo.size > MOST_BYTES) throw new DeviceRefused('That file is too big for this app (over 64 MB). Hand it in at the desk.');
    if (photo.size === 0) throw new DeviceRefused('That file is empty. Take the photo again.');
    const bytes = await this.kept(photo.arrayBuffer());
    const capturedAt = isoWithOffset(new Date());
    const mediaType = photo.type === '' ? 'application/octet-stream' : photo.type;
    const form: ItemForm = {
      crimeId, filename: filename === '' ? photoName(capturedAt, mediaType) : filename, mediaType, size: bytes.byteLength,
      sha256: await sha256Hex(bytes), capturedAt, description: '', fix: {},
    };
    const id = newId();
    await this.kept(this.store.saveDraft({ id, kind: 'item', crimeId, officerId: this.officer(), changedAt: Date.now(), form }, bytes));
    return this.hold({ id, form, isRestored: false }, Date.now());
  }

  async picture(id: string): Promise<Blob | null> {
    const [sealed, file] = await Promise.all([this.store.sealedBytes(id), this.store.file(id)]);
    if (sealed === null || file === null) return null;
    const { body } = JSON.parse(new TextDecoder().decode(sealed)) as Capture<ItemBody>;
    return body.media_type.startsWith('image/') ? new Blob([file], { type: body.media_type }) : null;
  }

  async sealPhoto(id: string, form: ItemForm): Promise<void> {
    const officerId = await this.ready(id);
    const sealed = await this.sealed(id, 'item', itemBody({ id, form }));
    await this.kept(this.store.seal({ sealed, crimeId: form.crimeId, officerId, fileSha256: form.sha256, at: this.now().getTime(), about: form.description.trim() }));
    void this.send();
  }

  async keepUnsigned(id: string, form: StatementForm): Promise<void> {
    await this.ready(id);
    const files = [['unsigned-account', 'Unsigned account', unsignedAccount(form, this.now())], ['contact', 'How to reach the maker of an unsigned account, for the police only:', unsignedBack(form)]] as const;
    for (const [name, what, words] of files) {
      if (words === '') continue;
      const { id: itemId, form: item } = await this.takePhoto(form.crimeId, new Blob([words], { type: 'text/plain' }), `${name}-${isoWithOffset(this.now()).slice(0, 10)}.txt`);
      await this.sealPhoto(itemId, { ...item, description: `${what}${what.endsWith(':') ? '' : ' of'} ${form.makerName.trim()}` });
    }
    await this.discard(id);
  }

  // ---- the queue

  async reopen(id: string): Promise<boolean> {
    return this.store.reopen(id, Date.now());
  }

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
