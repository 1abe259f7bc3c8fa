/** The drafts that are open on this tab's screens: found, saved as they are typed, and thrown away. */
import { DeviceError } from './capture/devices';
import type { Kind } from './capture/capture';
import { deviceNow } from './capture/clock';
import { newId } from './capture/ids';
import { DraftSaver, StillSaving } from './store/draft-saver';
import { applyChanges, findChanges, joinChanges, type Changes } from './store/form-changes';
import { withinTime } from './store/within-time';
import { NoNumberLeft, type Draft, type Store } from './store/store';
import type { OpenDraft } from './ui/controller';

export const STORE_CLOSED =
  'This phone has closed the app’s storage. Keep this page open: we’ll save what you type as soon as it opens again.';

/** Say in plain words why something could not be saved on the phone. */
export function saveErrorMessage(error: unknown): string {
  if (error instanceof DeviceError) return error.message;
  if (error instanceof StillSaving)
    return 'This phone is slow to save what you just typed. Keep this page open until this message goes.';
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError')
    return 'This phone’s storage is full, so what you just typed is only on this screen. Keep this page open and delete photos or apps you don’t need. We’ll save it as soon as there’s room.';
  // What Chromium and Safari say when they have closed the database under the page.
  if (name === 'InvalidStateError') return STORE_CLOSED;
  return 'We couldn’t save that on this phone. What you typed is still on this screen. Keep the page open and try again in a moment.';
}

/** Run some work of the store; a failure becomes an error whose message is for the officer. */
export async function withSaveErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // The caller asks the server for more numbers and tries again.
    if (error instanceof NoNumberLeft) throw error;
    throw new Error(saveErrorMessage(error), { cause: error });
  }
}

interface Tracked {
  /** Who opened it. A draft is never saved for another officer. */
  officerId: string;
  /** The form as this tab's screen has it. */
  shown: unknown;
  /** The form as this tab last read or saved it, and the revision that it then had. */
  saved: unknown;
  revision: string | undefined;
  /** What was typed here since, and of that what is being saved now. */
  typed: Changes;
  saving: Changes;
  /** Another tab's words were saved with this tab's, and the screen does not show them yet. */
  isBehind: boolean;
}

type DraftToSave = Pick<Draft, 'id' | 'kind' | 'crimeId'>;

const NOTHING: Changes = new Map();

export class OpenDrafts {
  private readonly saver: DraftSaver<DraftToSave>;
  private readonly open = new Map<string, Tracked>();

  /**
   * `onSaveError` is called with a message when a save failed, and with null when all is saved; `onJoined` when what
   * another tab typed in a draft was joined with what was typed here.
   */
  constructor(
    private readonly store: Store,
    private readonly requireOfficerId: () => string,
    onSaveError: (message: string | null) => void,
    private readonly onJoined: () => void = () => undefined,
  ) {
    this.saver = new DraftSaver(
      (draft) => this.write(draft),
      (error) => {
        onSaveError(error === null ? null : saveErrorMessage(error));
      },
    );
  }

  get hasUnsavedChanges(): boolean {
    return this.saver.hasUnsavedChanges;
  }

  retrySaving(): void {
    this.saver.retry();
  }

  /** Resolves when everything typed is saved. Throws an error with a message for the officer. */
  flush(): Promise<void> {
    return withSaveErrors(this.saver.flush());
  }

  /** Forget which drafts are open, when somebody signs out. What is saved stays saved. */
  clear(): void {
    this.open.clear();
  }

  track<F>(draft: OpenDraft<F>, revision?: string): OpenDraft<F> {
    this.open.set(draft.id, {
      officerId: this.requireOfficerId(),
      shown: draft.form,
      saved: draft.form,
      revision,
      typed: NOTHING,
      saving: NOTHING,
      isBehind: false,
    });
    return draft;
  }

  /** Return the officer's saved draft of a kind, opened; null where there is none. */
  async find<F>(kind: Kind, isWanted: (draft: Draft) => boolean): Promise<OpenDraft<F> | null> {
    const draft = (await this.list(kind, isWanted))[0];
    return draft === undefined ? null : this.openSaved<F>(draft);
  }

  /** The same, all of them, the oldest first. */
  async findAll<F>(kind: Kind, isWanted: (draft: Draft) => boolean): Promise<OpenDraft<F>[]> {
    const drafts = await this.list(kind, isWanted);
    // Their ids say when they were made; when they were typed in last changes.
    return drafts.sort((a, b) => (a.id < b.id ? -1 : 1)).map((draft) => this.openSaved<F>(draft));
  }

  private async list(kind: Kind, isWanted: (draft: Draft) => boolean): Promise<Draft[]> {
    await this.flush();
    const drafts = await this.store.listDrafts(this.requireOfficerId());
    return drafts.filter((candidate) => candidate.kind === kind && isWanted(candidate));
  }

  private openSaved<F>({ id, form, revision }: Draft): OpenDraft<F> {
    return this.track({ id, form: form as F, isRestored: true }, revision);
  }

  /** Open the draft of this id, or the last one where it is empty, or a new one; null where it is sealed already. */
  async openOrCreate<F>(
    kind: Kind,
    id: string,
    makeForm: () => F | Promise<F>,
    isWanted: (draft: Draft) => boolean = () => true,
  ): Promise<OpenDraft<F> | null> {
    // A colleague's draft or capture under this address stays theirs: this officer starts a new one.
    if (id !== '' && (await this.store.isOthers(id, this.requireOfficerId()))) id = '';
    if (id !== '' && (await this.store.isSealed(id))) return null;
    const draft = await this.find<F>(kind, (d) => (id === '' ? isWanted(d) : d.id === id));
    if (draft !== null) return draft;
    const form = await makeForm();
    return this.track({ id: id === '' ? newId() : id, form, isRestored: false });
  }

  /**
   * Return the form with what another tab saved since, and what was typed here; null where there is nothing new, and
   * `sealed` where that tab sealed it.
   */
  async getFromOtherTab(id: string): Promise<{ form: unknown } | 'sealed' | null> {
    const own = this.open.get(id);
    if (own === undefined) return null;
    const draft = await this.store.findReadableDraft(id);
    if (draft === null) return (await this.store.isSealed(id)) ? 'sealed' : null;
    if (draft.officerId !== own.officerId) return null;
    if (draft.revision === own.revision && !own.isBehind) return null;
    own.saved = draft.form;
    own.revision = draft.revision;
    own.shown = applyChanges(own.saved, joinChanges(own.saving, own.typed));
    own.isBehind = false;
    return { form: own.shown };
  }

  save({ form, ...draft }: DraftToSave & { form: unknown }): void {
    if (!this.open.has(draft.id)) this.track({ id: draft.id, form: {}, isRestored: false });
    const own = this.require(draft.id);
    own.typed = joinChanges(own.typed, findChanges(own.shown, form));
    own.shown = form;
    this.saver.queue(draft);
  }

  private require(id: string): Tracked {
    const own = this.open.get(id);
    if (own === undefined) throw new Error(`The draft ${id} is not open.`);
    return own;
  }

  /** Save what was typed in a draft, on top of what another tab may have saved in it since. */
  private async write(draft: DraftToSave): Promise<void> {
    const own = this.open.get(draft.id);
    // Somebody signed out: everything was saved before that.
    if (own === undefined) return;
    own.saving = own.typed;
    own.typed = NOTHING;
    try {
      while (!(await this.tryToWrite(draft, own)));
    } catch (error) {
      own.typed = joinChanges(own.saving, own.typed);
      own.saving = NOTHING;
      throw error;
    }
    own.saving = NOTHING;
    if (own.isBehind) this.onJoined();
  }

  /** False where another tab had saved the draft since: what it saved is then what this tab's words go on top of. */
  private async tryToWrite(draft: DraftToSave, own: Tracked): Promise<boolean> {
    const form = applyChanges(own.saved, own.saving);
    const revision = newId();
    const row = { ...draft, officerId: own.officerId, changedAt: deviceNow(), revision, form };
    if (!(await withinTime(this.store.saveDraftBasedOn(row, own.revision)))) {
      const theirs = await this.store.findReadableDraft(draft.id);
      if (theirs !== null) {
        own.saved = theirs.form;
        own.revision = theirs.revision;
        own.isBehind = true;
        return false;
      }
      // It is damaged, and this tab has all of it.
      await withinTime(this.store.saveDraft(row));
    }
    own.saved = form;
    own.revision = revision;
    return true;
  }

  async discard(id: string): Promise<void> {
    this.saver.cancel(id);
    // A save under way must end first, or it would bring the draft back.
    await this.saver.flush().catch(() => undefined);
    await this.store.discardDraft(id);
    this.open.delete(id);
  }

  /**
   * Save every letter before sealing, and return the officer who seals. Throws when somebody else has signed in since
   * the draft was opened.
   */
  async prepareToSeal(id: string): Promise<string> {
    await this.flush();
    const officerId = this.requireOfficerId();
    if ((this.open.get(id)?.officerId ?? officerId) !== officerId)
      throw new Error(
        'Somebody else has signed in on this phone. We’ve kept this draft for the officer who wrote it.',
      );
    return officerId;
  }
}
