/** Sends a colleague's file: this phone carries it to the server, and can't read a word of it. */
import { RunningHash } from '../capture/hash';
import { isPhoneFile } from './phone-file';
import type { CarriedFile, PhoneFileApi } from './phone-file-api';
import type { SendFile } from './tus';

type CarryApi = Pick<PhoneFileApi, 'announceFile' | 'finishFile' | 'getCarriedFile'>;

const READ_BYTES = 1024 * 1024;
const ASK_EVERY_MS = 1_500;
/** After that it goes on without us: the officer need not wait. */
const LONGEST_WAIT_MS = 120_000;

async function hashFile(file: Blob): Promise<string> {
  const hash = new RunningHash();
  for (let offset = 0; offset < file.size; offset += READ_BYTES)
    hash.add(await file.slice(offset, offset + READ_BYTES).arrayBuffer());
  return hash.hex();
}

/**
 * Send a file and wait until the server has dealt with it. To send it again does no harm. Throws what the API throws.
 * `onProgress` hears how many bytes of it have arrived.
 */
export async function carryFile(
  file: Blob,
  api: CarryApi,
  sendFile: SendFile,
  officerId: string,
  onProgress: (sent: number) => void,
): Promise<CarriedFile> {
  if (!(await isPhoneFile(file)))
    throw new Error(
      'This is not a file from the officer app. Choose the file that the phone saved.',
    );
  const sha256 = await hashFile(file);
  const { size } = file;
  const { file_id, item_id, token, endpoint } = await api.announceFile(sha256, size, officerId);
  if (token !== '')
    await sendFile({
      id: item_id,
      filename: 'phone.bluelamp',
      sha256,
      mediaType: 'application/octet-stream',
      size,
      token,
      endpoint,
      read: async (offset, length) =>
        new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
      uploadUrl: null,
      onUploadUrl: () => Promise.resolve(),
      onProgress: (sent) => {
        onProgress(sent);
        return Promise.resolve();
      },
      beforePiece: () => Promise.resolve(),
    });
  let carried = await api.finishFile(file_id, officerId);
  for (
    let waited = 0;
    carried.state === 'bringing-in' && waited < LONGEST_WAIT_MS;
    waited += ASK_EVERY_MS
  ) {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    // No answer: it goes on without us.
    carried = await api.getCarriedFile(file_id, officerId).catch(() => carried);
  }
  return carried;
}
