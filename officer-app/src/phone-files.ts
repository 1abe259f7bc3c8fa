/** What leaves this phone in a file, and what a colleague's file brings: joins the store and the network to the screens. */
import { APP_VERSION } from './sealer';
import type { Store } from './store/store';
import { carryFile } from './sync/carry';
import type { DeviceSigner } from './sync/device-signer';
import type { PhoneFileApi } from './sync/phone-file-api';
import { saveQueue } from './sync/save-queue';
import type { SendFile } from './sync/tus';
import type { CarriedQueue, PhoneFilesControl, SavedQueue } from './outbox/saved-queue';

export class PhoneFiles implements PhoneFilesControl {
  constructor(
    private readonly store: Store,
    private readonly signer: DeviceSigner,
    private readonly api: PhoneFileApi,
    private readonly sendFile: SendFile,
  ) {}

  save(): Promise<SavedQueue | null> {
    return saveQueue(this.store, this.signer, APP_VERSION, (officerId) =>
      this.api.getKey(officerId),
    );
  }

  async carry(file: Blob, onProgress: (sent: number) => void): Promise<CarriedQueue> {
    const me = await this.store.getCached<{ id: string }>('me');
    if (me === null) throw new Error('Sign in first.');
    return carryFile(file, this.api, this.sendFile, me.id, onProgress);
  }
}
