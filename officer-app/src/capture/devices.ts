/** The phone's camera and location. Every failure is a `DeviceError` with a message for the officer. */
import type { Place } from './capture';
import { deviceNow } from './clock';

export class DeviceError extends Error {}

export async function openCamera(): Promise<MediaStream> {
  // Missing when the page is not served over https, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined)
    throw new DeviceError(
      'This browser can’t use the camera here. Use the button below to take or choose a photo.',
    );
  try {
    return await devices.getUserMedia({
      audio: false,
      video: {
        facingMode: { ideal: 'environment' },
        width: { ideal: 3840 },
        height: { ideal: 2160 },
      },
    });
  } catch {
    throw new DeviceError(
      'The camera did not open. Allow the camera in your browser’s settings, or use the button below.',
    );
  }
}

export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

interface StillCamera {
  takePhoto(): Promise<Blob>;
}

/** Take a full-size still where the browser can, or else the video frame as a JPEG. */
export async function takePhoto(stream: MediaStream, video: HTMLVideoElement): Promise<Blob> {
  const track = stream.getVideoTracks()[0];
  const Still = (globalThis as { ImageCapture?: new (track: MediaStreamTrack) => StillCamera })
    .ImageCapture;
  if (track !== undefined && Still !== undefined) {
    try {
      const photo = await new Still(track).takePhoto();
      if (photo.size > 0) return photo;
    } catch {
      // Some cameras offer stills and then fail: use the video frame instead.
    }
  }
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => {
        if (blob === null) reject(new DeviceError('The camera did not take a picture. Try again.'));
        else resolve(blob);
      },
      'image/jpeg',
      0.92,
    );
  });
}

export type Fix = Required<Pick<Place, 'latitude' | 'longitude' | 'accuracy_m'>>;

/** When a position was found by the satellites (where the phone has them), and by the phone's own clock. */
export interface TimedFix extends Fix {
  gps_at: string;
  gps_device_at: string;
}

/** The phone's position in degrees (WGS84), with its accuracy in metres. */
export async function getLocation(): Promise<Fix> {
  const { latitude, longitude, accuracy_m } = await getTimedLocation();
  return { latitude, longitude, accuracy_m };
}

/** The same, with the time that the satellites give beside the phone's own. */
export function getTimedLocation(): Promise<TimedFix> {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => {
        resolve({
          latitude: Number(coords.latitude.toFixed(6)),
          longitude: Number(coords.longitude.toFixed(6)),
          accuracy_m: Math.ceil(coords.accuracy),
          gps_at: new Date(timestamp).toISOString(),
          gps_device_at: new Date(deviceNow()).toISOString(),
        });
      },
      () => {
        reject(new DeviceError('We couldn’t get your location. Enter the address instead.'));
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  });
}

/** Whether the phone may be asked where it is without a question to the officer. */
export async function isLocationAllowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted';
  } catch {
    return false;
  }
}

/** How many bytes the browser still has room for; null where it does not say. */
export async function getRoom(): Promise<number | null> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
  } catch {
    return null;
  }
}
