/** Saves a file on the phone part by part, and hashes it on the way: a film is never whole in memory. */
import { RunningHash, sha256Hex } from './capture/hash';
import { PART_BYTES, type Files } from './store/files';

/**
 * Save a file under an id. `saveDraft` then saves the draft that it belongs to, with its SHA-256; returns that.
 * `onProgress` is called after each part.
 */
export async function saveFile<D>(
  files: Files,
  id: string,
  file: Blob,
  saveDraft: (sha256: string) => Promise<D>,
  onProgress: (savedBytes: number) => void = () => undefined,
): Promise<D> {
  return withSavingLock(async () => {
    // While this tab has the lock nobody else saves a file, so that what has no draft was left by a crash.
    await files.deleteOrphans();
    try {
      if (file.size <= PART_BYTES) {
        const bytes = await file.arrayBuffer();
        await files.savePart(id, 0, bytes);
        return await saveDraft(await sha256Hex(bytes));
      }
      const hash = new RunningHash();
      for (let offset = 0; offset < file.size; offset += PART_BYTES) {
        const bytes = await file.slice(offset, offset + PART_BYTES).arrayBuffer();
        hash.add(bytes);
        await files.savePart(id, offset / PART_BYTES, bytes);
        onProgress(offset + bytes.byteLength);
      }
      return await saveDraft(hash.hex());
    } catch (error) {
      // The phone is full: its parts must not keep the room.
      await files.deleteOrphans().catch(() => undefined);
      throw error;
    }
  });
}

async function withSavingLock<T>(save: () => Promise<T>): Promise<T> {
  const locks =
    typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks;
  return locks === undefined ? save() : await locks.request('bluelamp-saving-file', save);
}
