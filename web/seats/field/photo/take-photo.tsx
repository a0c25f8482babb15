import { type ReactNode, useRef } from "react";

/** A button that opens the camera (`camera`) or the gallery of the phone and gives the file that was taken. */
export function TakePhoto({
  camera,
  className,
  onFile,
  children,
}: {
  camera: boolean;
  className: string;
  onFile: (file: File) => void;
  children: ReactNode;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={className} onClick={() => input.current?.click()}>
        {children}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/*"
        {...(camera ? { capture: "environment" as const } : {})}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file can be taken twice.
          event.currentTarget.value = "";
          if (file) onFile(file);
        }}
      />
    </>
  );
}
