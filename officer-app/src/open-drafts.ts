/** The drafts that are open on this tab's screens: found, saved as they are typed, and thrown away. */
import { DeviceError } from './capture/devices';
import type { Kind } from './capture/capture';
import { newId } from './capture/ids';
import { DraftSaver } from './store/draft-saver';
import { NoNumberLeft, type Draft, type Store } from './store/store';
import type { OpenDraft } from './ui/controller';

export const STORE_CLOSED =
  'This phone has closed the app’s storage. Keep this page open: we’ll save what you type as soon as it opens again.';

/** Say in plain words why something could not be saved on the phone. */
export function saveErrorMessage(error: unknown): string {
  if (error instanceof DeviceError) return error.message;
  return error instanceof DOMException && error.name === 'QuotaExceededError'
    ? 'This phone’s storage is full, so what you just typed is only on this screen. Keep this page open and delete photos or apps you don’t need. We’ll save it as soon as there’s room.'
    : 'We couldn’t save that on this phone. What you typed is still on this screen. Keep the page open and try again in a moment.';
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

export class OpenDrafts {
  private readonly saver: DraftSaver<Draft>;
  /** Who opened each draft, and when this tab last saved it. A draft is never saved for another officer. */
  private readonly open = new Map<string, { officerId: string; changedAt: number }>();

  /** `onSaveError` is called with a message when a save failed, and with null when all is saved. */
  constructor(
    private readonly store: Store,
    private readonly requireOfficerId: () => string,
    onSaveError: (message: string | null) => void,
  ) {
    this.saver = new DraftSaver(
      (draft) => store.saveDraft(draft),
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

  track<F>(draft: OpenDraft<F>, changedAt = 0): OpenDraft<F> {
    this.open.set(draft.id, { officerId: this.requireOfficerId(), changedAt });
    return draft;
  }

  /** Return the officer's saved draft of a kind, opened; null where there is none. */
  async find<F>(kind: Kind, isWanted: (draft: Draft) => boolean): Promise<OpenDraft<F> | null> {
    await this.flush();
    const drafts = await this.store.listDrafts(this.requireOfficerId());
    const draft = drafts.find((candidate) => candidate.kind === kind && isWanted(candidate));
    if (draft === undefined) return null;
    return this.track({ id: draft.id, form: draft.form as F, isRestored: true }, draft.changedAt);
  }

  /** Open the draft of this id, or the last one where it is empty, or a new one; null where it is sealed already. */
  async openOrCreate<F>(
    kind: Kind,
    id: string,
    makeForm: () => F | Promise<F>,
  ): Promise<OpenDraft<F> | null> {
    // A colleague's draft or capture under this address stays theirs: this officer starts a new one.
    if (id !== '' && (await this.store.isOthers(id, this.requireOfficerId()))) id = '';
    if (id !== '' && (await this.store.isSealed(id))) return null;
    const draft = await this.find<F>(kind, (d) => id === '' || d.id === id);
    if (draft !== null) return draft;
    const form = await makeForm();
    return this.track({ id: id === '' ? newId() : id, form, isRestored: false });
  }

  /** Return the form as another tab saved it, where that is newer; `sealed` where that tab sealed it. */
  async getFromOtherTab(id: string): Promise<{ form: unknown } | 'sealed' | null> {
    const own = this.open.get(id);
    // What is being typed here wins over what another tab saved.
    if (own === undefined || this.hasUnsavedChanges) return null;
    const draft = await this.store.getDraft(id);
    if (draft === null) return (await this.store.isSealed(id)) ? 'sealed' : null;
    if (draft.officerId !== own.officerId || draft.changedAt <= own.changedAt) return null;
    this.open.set(id, { ...own, changedAt: draft.changedAt });
    return { form: draft.form };
  }

  save(draft: { id: string; kind: Kind; crimeId: string; form: unknown }): void {
    const { officerId } = this.open.get(draft.id) ?? { officerId: this.requireOfficerId() };
    const changedAt = Date.now();
    this.open.set(draft.id, { officerId, changedAt });
    this.saver.queue({ ...draft, officerId, changedAt });
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
