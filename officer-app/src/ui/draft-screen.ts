/** What every form with a draft shares: the draft that is open, another tab's changes to it, and starting again. */
import { nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { OpenDraft } from './controller';
import { restoredNotice } from './restored-notice';
import { Screen } from './screen';

export abstract class DraftScreen<Form> extends Screen {
  @state() protected draftId = '';
  @state() protected form: Form | null = null;
  @state() protected isRestored = false;
  @state() private isConfirmingRestart = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.runWithErrors(() => this.openDraft());
  }

  /** Open the draft, and show it. */
  protected abstract openDraft(): Promise<void>;

  /** Where to go when another tab has sealed the draft. */
  protected abstract sealedRoute(): string;

  /** Where the officer begins anew once the draft is deleted. */
  protected startAgain(): Promise<void> {
    return this.openDraft();
  }

  protected async showDraft({ id, form, isRestored }: OpenDraft<Form>): Promise<void> {
    this.draftId = id;
    this.form = form;
    this.isRestored = isRestored;
    await this.focusHeading();
  }

  override async loadFromOtherTab(): Promise<void> {
    const newer = await this.controller.getDraftFromOtherTab(this.draftId);
    if (newer === 'sealed') this.navigate(this.sealedRoute());
    else if (newer !== null) this.form = newer.form as Form;
  }

  /** The notice over an earlier draft, with a link before its button if there is one. */
  protected restoredNotice(link?: TemplateResult): TemplateResult | typeof nothing {
    if (!this.isRestored) return nothing;
    return restoredNotice({
      isConfirming: this.isConfirmingRestart,
      onRestart: () => void this.runWithErrors(() => this.restart()),
      ...(link === undefined ? {} : { link }),
    });
  }

  private async restart(): Promise<void> {
    if (!this.isConfirmingRestart) {
      this.isConfirmingRestart = true;
      return;
    }
    await this.controller.discardDraft(this.draftId);
    this.isConfirmingRestart = false;
    this.errors = [];
    await this.startAgain();
  }
}
