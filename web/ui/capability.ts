/** True when the browser can draw the map: WebGL 2 is there and gives a context. */
export function hasWebGl2(): boolean {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return !!context;
}
