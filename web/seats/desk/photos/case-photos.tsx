import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLiveRefetch } from "../../../app/use-live.ts";
import { CasePhotosDocument, type CasePhotosQuery } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { ErrorNote } from "../../../ui/notes.tsx";
import { TextField } from "../cases/text-field.tsx";
import { PHOTO_TEXTS } from "./texts.ts";
import "./photos.css";

type Photo = NonNullable<NonNullable<CasePhotosQuery["incident"]>["photos"]>[number];

/** Pictures of a case; of a sensitive one each is opened with a purpose. @param caseRef its number, for the feed */
export function CasePhotos({ id, caseRef }: { id: string; caseRef: number }) {
  const t = useTexts(PHOTO_TEXTS);
  const { data, error, retry } = useQuery(CasePhotosDocument, { id });
  useLiveRefetch({ kinds: ["INCIDENT"], refs: [caseRef] }, retry);
  if (error && !data) return <ErrorNote error={error} retry={retry} />;
  const photos = data?.incident?.photos ?? [];
  if (data && photos.length === 0) return <p className="tone-muted">{t.none}</p>;
  return (
    <ul className="case-photos" data-testid="case-photos">
      {photos.map((photo, n) => (
        <li key={photo.id}>
          {photo.sealed ? <SealedPicture photo={photo} n={n + 1} /> : <Picture photo={photo} n={n + 1} />}
        </li>
      ))}
    </ul>
  );
}

function Picture({ photo, n, reason }: { photo: Photo; n: number; reason?: string }) {
  const t = useTexts(PHOTO_TEXTS);
  const { t: word } = useTranslation();
  const format = useFormat();
  const src = reason === undefined ? photo.url : `${photo.url}?reason=${encodeURIComponent(reason)}`;
  const alt = fill(t.alt, {
    n,
    by: word(`role.${photo.by.toLowerCase()}`),
    at: format.instant(Date.parse(photo.at) / 1000),
  });
  return (
    <figure>
      <img src={src} width={photo.width} height={photo.height} alt={alt} loading="lazy" />
      <figcaption className="tone-muted">{alt}</figcaption>
    </figure>
  );
}

function SealedPicture({ photo, n }: { photo: Photo; n: number }) {
  const t = useTexts(PHOTO_TEXTS);
  const [reason, setReason] = useState("");
  const [opened, setOpened] = useState(false);
  if (opened) return <Picture photo={photo} n={n} reason={reason.trim()} />;
  return (
    <form
      className="step-form"
      onSubmit={(event) => {
        event.preventDefault();
        setOpened(true);
      }}
    >
      <TextField label={t.reason} required hint={t.sealed} maxLength={200} value={reason} onValue={setReason} />
      <button type="submit" className="button" disabled={reason.trim().length < 2}>
        {fill(t.open, { n })}
      </button>
    </form>
  );
}
