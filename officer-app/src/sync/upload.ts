/**
 * A file by tus 1.0, resumable, with a SHA-256 for each piece (`Upload-Checksum`) and for the whole (metadata).
 *
 * tus-js-client has no checksum extension: its HTTP stack is wrapped here, which sees every piece just before it leaves.
 */
import { DefaultHttpStack, Upload, type DetailedError, type HttpRequest, type HttpResponse, type HttpStack } from 'tus-js-client';
import { base64 } from '../capture/hash';
import { Refused, SignedOut, TryLater } from './api';

export const PIECE_BYTES = 1024 * 1024;
const TIMEOUT_MS = 120_000;

class ChecksummedRequest implements HttpRequest {
  constructor(private readonly inner: HttpRequest) {}
  getMethod(): string { return this.inner.getMethod(); }
  getURL(): string { return this.inner.getURL(); }
  setHeader(header: string, value: string): void { this.inner.setHeader(header, value); }
  getHeader(header: string): string | undefined { return this.inner.getHeader(header); }
  setProgressHandler(handler: (sent: number) => void): void { this.inner.setProgressHandler(handler); }
  abort(): Promise<void> { return this.inner.abort(); }
  getUnderlyingObject(): unknown { return this.inner.getUnderlyingObject(); }

  async send(body: Blob | null): Promise<HttpResponse> {
    if (body !== null && this.getMethod() === 'PATCH') {
      const digest = await crypto.subtle.digest('SHA-256', await body.arrayBuffer());
      this.setHeader('Upload-Checksum', `sha256 ${base64(digest)}`);
    }
    // On a bad signal a request can hang for ever; a late failure is better than none.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        void this.abort();
        reject(new Error('timed out'));
      }, TIMEOUT_MS);
    });
    try {
      return await Promise.race([this.inner.send(body), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

class ChecksummedStack implements HttpStack {
  private readonly inner = new DefaultHttpStack({});
  createRequest(method: string, url: string): HttpRequest {
    return new ChecksummedRequest(this.inner.createRequest(method, url));
  }
  getName(): string {
    return 'ChecksummedStack';
  }
}

export interface FileToSend {
  id: string;
  filename: string;
  mediaType: string;
  sha256: string;
  bytes: ArrayBuffer;
  token: string;
  endpoint: string;
  /** From an earlier try; the upload goes on where it stopped. */
  uploadUrl: string | null;
  onUrl: (url: string) => void;
}

export type SendFile = (file: FileToSend) => Promise<void>;

/** What a failed tus request means. 460 is the server's "these bytes are not what you said": sent again from the start. */
function meaning(error: Error | DetailedError): Error {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  const request = 'originalRequest' in error ? error.originalRequest : null;
  const status = response?.getStatus() ?? 0;
  if (status === 401) return new SignedOut('Your session has ended.');
  if (status === 413 || status === 415 || (status === 409 && request?.getMethod() === 'POST')) {
    return new Refused(status === 409 ? 'The server already holds a different file under this id.' : 'The server does not take this file.', status);
  }
  return new TryLater(status === 0 ? 'No signal.' : `The server could not take the photo just now (${String(status)}).`, status === 460);
}

/** Resolves when the server says it has every byte. That is not yet a receipt. */
export const sendFile: SendFile = (file) =>
  new Promise((resolve, reject) => {
    const upload = new Upload(new Blob([file.bytes], { type: file.mediaType }), {
      endpoint: file.endpoint,
      uploadUrl: file.uploadUrl,
      chunkSize: PIECE_BYTES,
      retryDelays: null,
      storeFingerprintForResuming: false,
      httpStack: new ChecksummedStack(),
      headers: { 'Upload-Token': file.token },
      metadata: { filename: file.filename, filetype: file.mediaType, sha256: file.sha256, token: file.token },
      onUploadUrlAvailable: () => {
        if (upload.url !== null) file.onUrl(upload.url);
      },
      onAfterResponse: (request, response) => {
        const offset = response.getHeader('Upload-Offset');
        if (request.getMethod() === 'POST' && response.getStatus() === 201 && Number(offset ?? -1) === file.bytes.byteLength) {
          // Already there from an earlier try whose answer was lost.
          void upload.abort();
          resolve();
        }
      },
      onSuccess: () => { resolve(); },
      onError: (error) => { reject(meaning(error)); },
    });
    upload.start();
  });
