import { useId, useState } from "react";
import { MAX_PHOTOS_PER_CASE } from "../../../../data/photo/limits.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { BlurTool } from "../photo/blur-tool.tsx";
import { photoCanvas } from "../photo/shrink-photo.ts";
import { TakePhoto } from "../photo/take-photo.tsx";
import { type DraftPhoto, sendDraft } from "../report/report-store.ts";
import { FIELD_TEXTS } from "../texts.ts";
import type { FieldCase } from "./use-task.ts";

type Case = NonNullable<FieldCase>;
type Photo = NonNullable<Case["photos"]>[number];

/** Pictures of a case, and a way to add one. */
export function TaskPhotos({ found, ended }: { found: Case; ended: boolean }) {
  const t = useTexts(FIELD_TEXTS);
  const [photo, setPhoto] = useState<DraftPhoto>();
  const [unreadable, setUnreadable] = useState(false);
  const photos = found.photos ?? [];
  const take = async (file: File): Promise<void> => {
    try {
      setPhoto(await draftPhoto(file));
      setUnreadable(false);
    } catch {
      setUnreadable(true);
    }
  };
  const send = async (): Promise<void> => {
    if (!photo) return;
    await sendDraft(
      { photo, severity: found.severity },
      { title: found.title ?? found.class.name, county: found.id.split(":")[1] ?? "", addTo: found },
    );
    setPhoto(undefined);
  };
  return (
    <section className="field-photos" aria-label={t.photos}>
      <h3>{t.photos}</h3>
      {photos.length > 0 && (
        <ul data-testid="photos">
          {photos.map((one, n) => (
            <li key={one.id}>
              {one.sealed ? <SealedPhoto photo={one} n={n + 1} /> : <Picture photo={one} n={n + 1} />}
            </li>
          ))}
        </ul>
      )}
      {unreadable && (
        <p role="alert" className="tone-late">
          {t.photoUnreadable}
        </p>
      )}
      {photo ? (
        <div className="field-card">
          <p className="tone-soon">
            <strong>{t.blurRemind}</strong>
          </p>
          <BlurTool
            canvas={photo.canvas}
            original={photo.original}
            covered={photo.covered}
            onCover={(covered) => setPhoto({ ...photo, covered })}
          />
          <p id="blur-hint" className="tone-muted field-small">
            {t.blurHint}
          </p>
          <div className="field-actions">
            <button type="button" className="button" onClick={() => setPhoto(undefined)}>
              {t.cancel}
            </button>
            <button
              type="button"
              className="button"
              disabled={photo.covered.length === 0}
              onClick={() => setPhoto({ ...photo, covered: photo.covered.slice(0, -1) })}
            >
              {fill(t.blurUndo, { count: photo.covered.length })}
            </button>
            <button type="button" className="button primary" onClick={() => void send()}>
              {t.send}
            </button>
          </div>
        </div>
      ) : ended ? null : photos.length >= MAX_PHOTOS_PER_CASE ? (
        <p className="tone-muted">{t.photoFull}</p>
      ) : (
        <TakePhoto camera={false} className="button field-wide" onFile={(file) => void take(file)}>
          {t.addPhoto}
        </TakePhoto>
      )}
    </section>
  );
}

/** A file as a picture to cover parts of. @throws UnreadablePhoto */
export async function draftPhoto(file: Blob): Promise<DraftPhoto> {
  const canvas = await photoCanvas(file);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  return { canvas, original: context.getImageData(0, 0, canvas.width, canvas.height), covered: [] };
}

function Picture({ photo, n, reason }: { photo: Photo; n: number; reason?: string }) {
  const t = useTexts(FIELD_TEXTS);
  const src = reason === undefined ? photo.url : `${photo.url}?reason=${encodeURIComponent(reason)}`;
  return <img src={src} width={photo.width} height={photo.height} alt={fill(t.photoOf, { n })} loading="lazy" />;
}

/** A picture of a sensitive case: opened with a purpose, and every time recorded. */
function SealedPhoto({ photo, n }: { photo: Photo; n: number }) {
  const t = useTexts(FIELD_TEXTS);
  const id = useId();
  const [reason, setReason] = useState("");
  const [opened, setOpened] = useState(false);
  if (opened) return <Picture photo={photo} n={n} reason={reason.trim()} />;
  return (
    <form
      className="field-card"
      onSubmit={(event) => {
        event.preventDefault();
        setOpened(true);
      }}
    >
      <p>{t.sealedPhoto}</p>
      <div className="field">
        <label htmlFor={id}>{t.sealedReason}</label>
        <input
          id={id}
          required
          minLength={2}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
      <button type="submit" className="button" disabled={reason.trim().length < 2}>
        {t.openPhoto}
      </button>
    </form>
  );
}
