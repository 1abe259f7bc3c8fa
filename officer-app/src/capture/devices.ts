/** The phone's camera and its sense of place. Every refusal comes back as one plain sentence. */
import type { Place } from './capture';

export class DeviceRefused extends Error {}

export async function openCamera(): Promise<MediaStream> {
  // Absent when the page is not served securely, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) throw new DeviceRefused('This browser has no live camera here. Use the button below to take or choose a photo.');
  try {
    return await devices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: 'environment' }, width: { ideal: 3840 }, height: { ideal: 2160 } },
    });
  } catch {
    throw new DeviceRefused('The camera did not open. Allow it in the browser’s settings, or use the button below.');
  }
}

export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

interface StillCamera {
  takePhoto(): Promise<Blob>;
}

/** A full-size still where the browser can, else the frame on the screen as a JPEG. */
export async function takePhoto(stream: MediaStream, video: HTMLVideoElement): Promise<Blob> {
  const track = stream.getVideoTracks()[0];
  const Still = (globalThis as { ImageCapture?: new (track: MediaStreamTrack) => StillCamera }).ImageCapture;
  if (track !== undefined && Still !== undefined) {
    try {
      const photo = await new Still(track).takePhoto();
      if (photo.size > 0) return photo;
    } catch {
      // Some cameras announce stills and then refuse; the frame on the screen will do.
    }
  }
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => { if (blob === null) reject(new DeviceRefused('The camera gave no picture. Try again.')); else resolve(blob); },
      'image/jpeg', 0.92,
    );
  });
}

export type Fix = Required<Pick<Place, 'latitude' | 'longitude' | 'accuracy_m'>>;

/** Where the phone thinks it is, to about a metre, with how sure it is. */
export function whereAmI(): Promise<Fix> {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        resolve({
          latitude: Number(coords.latitude.toFixed(6)),
          longitude: Number(coords.longitude.toFixed(6)),
          accuracy_m: Math.ceil(coords.accuracy),
        });
      },
      () => { reject(new DeviceRefused('This phone can’t say where it is. Write the address instead.')); },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  });
}
