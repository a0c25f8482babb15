import { useEffect, useRef } from "react";
import { create } from "zustand";
import type { AlarmCaseFragment } from "../../gql/generated.ts";

const STORED = "jingwei.wall.alarmSound";

/** The screen's own choice, off until somebody switches it on; a private window forgets it. */
function stored(): boolean {
  try {
    return localStorage.getItem(STORED) === "on";
  } catch {
    return false;
  }
}

let audio: AudioContext | undefined;

/** Browsers let a page sound only after somebody touched it: until then the context is suspended and nothing is heard. */
function context(): AudioContext {
  audio ??= new AudioContext();
  if (audio.state === "suspended") void audio.resume();
  return audio;
}

/** Whether the wall sounds when an alarm comes in. */
export const useAlarmSound = create<{ readonly on: boolean; readonly toggle: () => void }>((set, get) => ({
  on: stored(),
  toggle: () => {
    const on = !get().on;
    try {
      localStorage.setItem(STORED, on ? "on" : "off");
    } catch {
      // The choice holds for as long as the page does.
    }
    set({ on });
    // What was switched on is heard at once, so that its loudness can be set.
    if (on) sound();
  },
}));

/** Two tones, three times: heard in a room, over within two seconds. Hz, seconds. */
const TONES = [
  [880, 0],
  [660, 0.25],
  [880, 0.6],
  [660, 0.85],
  [880, 1.2],
  [660, 1.45],
] as const;
const TONE_SECONDS = 0.2;
const LOUDNESS = 0.25;

/** Sounds the alarm once; made by the browser, no file is loaded. */
export function sound(): void {
  const audio = context();
  for (const [hertz, at] of TONES) {
    const start = audio.currentTime + at;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = hertz;
    // Up and down within hundredths: a hard edge would click.
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    gain.gain.setValueAtTime(LOUDNESS, start + TONE_SECONDS - 0.03);
    gain.gain.linearRampToValueAtTime(0, start + TONE_SECONDS);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
  }
}

/** Sounds once for each alarm that was not there before; those that waited when the page opened sound together. */
export function useSoundFor(waiting: readonly AlarmCaseFragment[]): void {
  const on = useAlarmSound((state) => state.on);
  const heard = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const ids = new Set(waiting.map(({ incident }) => incident.id));
    const fresh = [...ids].some((id) => !heard.current.has(id));
    heard.current = ids;
    if (fresh && on) sound();
  }, [waiting, on]);
}
