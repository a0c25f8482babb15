import { NULL_TIME } from "../../../../data/columns/format.ts";
import { FLAG, NO_GRID } from "../../../../data/columns/incident-columns.ts";
import { ENDED_STATES, INVALID_STATES } from "../../../../data/model/incident.ts";
import { CLASS_WORDS, stateBits } from "./dots-filter.ts";

/**
 * Uniforms of the dots. Everything that a filter, a time window or the camera changes is in here, so that a change costs
 * one small write and no attribute.
 */
const BLOCK = /* glsl */ `\
layout(std140) uniform dotsUniforms {
  highp ivec4 times;      // opened from, to; ended ones from; as of
  highp ivec4 origin;     // lon, lat in 1e-7 degree that positions are told from; late: 1 only, 0 not, -1 both; with open
  highp uvec4 masks;      // states, sources, first and end of the areas
  highp uvec4 more;       // 1 = also outside every area; severities
  highp uvec4 classes[${CLASS_WORDS / 4}];
  highp vec4 mercator;    // sine and cosine of the origin's latitude
  highp vec4 clipOrigin;  // the origin in clip space, and what a degree east and a radian of Mercator north add
  highp vec4 clipEast;
  highp vec4 clipNorth;
  vec4 ended;             // colour of ended cases
  vec4 open;              // and of the others
  vec4 halo;
  vec4 size;              // radius and rim in pixels of the drawing buffer
} dots;
`;

/** The shader module that carries the uniforms. */
export const dotsUniforms = {
  name: "dots",
  vs: BLOCK,
  fs: BLOCK,
  uniformTypes: {
    times: "vec4<i32>",
    origin: "vec4<i32>",
    masks: "vec4<u32>",
    more: "vec4<u32>",
    classes: ["vec4<u32>", CLASS_WORDS / 4],
    mercator: "vec4<f32>",
    clipOrigin: "vec4<f32>",
    clipEast: "vec4<f32>",
    clipNorth: "vec4<f32>",
    ended: "vec4<f32>",
    open: "vec4<f32>",
    halo: "vec4<f32>",
    size: "vec4<f32>",
  },
} as const;

const uint = (value: number): string => `${value >>> 0}u`;
/** GLSL has no literal for the smallest int: -2147483648 reads as minus a number that is none. */
const NULL_TIME_GLSL = `(${NULL_TIME + 1} - 1)`;

/**
 * One vertex per case. Positions are exact: the difference to the origin is taken in integers, and Mercator's y of it by
 * series that keep their relative precision near zero, where the screen is (float sines of whole latitudes are off by
 * metres on some drivers).
 */
export const DOTS_VS = /* glsl */ `\
#version 300 es
#define SHADER_NAME dots-vertex
in highp int caseLon;
in highp int caseLat;
in highp int caseOpened;
in highp int caseClosed;
in highp int caseDue;
in highp uint caseGrid;
in highp uint caseClass;
in highp uint caseState;
in highp uint caseSeverity;
in highp uint caseSource;
in highp uint caseFlags;
out vec4 dotColour;

bool isEnded(uint bit) { return (bit & ${uint(stateBits(ENDED_STATES))}) != 0u; }

// The same rule as isLateRow (data/columns/incident-columns.ts).
bool isLate(uint bit) {
  if ((caseFlags & ${uint(FLAG.verdict)}) != 0u) return (caseFlags & ${uint(FLAG.lateAtClose)}) != 0u;
  if (caseDue == ${NULL_TIME_GLSL} || (bit & ${uint(stateBits(INVALID_STATES))}) != 0u) return false;
  return (caseClosed == ${NULL_TIME_GLSL} ? dots.times.w : caseClosed) > caseDue;
}

// The same rule as selectRows (data/columns/select.ts), and what of it is a dot.
bool isShown() {
  // Holes and states that this page does not know.
  if (caseState > 31u) return false;
  uint bit = 1u << caseState;
  if ((dots.masks.x & bit) == 0u) return false;
  if (caseOpened < dots.times.x || caseOpened >= dots.times.y) return false;
  if ((caseFlags & ${uint(FLAG.cell | FLAG.suspicious)}) != 0u) return false;
  if (isEnded(bit) ? caseOpened < dots.times.z : dots.origin.w == 0) return false;
  if (caseSeverity > 31u || (dots.more.y & (1u << caseSeverity)) == 0u) return false;
  if (caseSource > 31u || (dots.masks.y & (1u << caseSource)) == 0u) return false;
  if (caseGrid == ${uint(NO_GRID)} ? dots.more.x == 0u : (caseGrid < dots.masks.z || caseGrid >= dots.masks.w)) return false;
  if (caseClass >= ${uint(CLASS_WORDS * 32)}) return false;
  uvec4 words = dots.classes[caseClass >> 7u];
  if ((words[(caseClass >> 5u) & 3u] & (1u << (caseClass & 31u))) == 0u) return false;
  return dots.origin.z < 0 || isLate(bit) == (dots.origin.z == 1);
}

// Mercator's y north of the origin, radians, for a difference of latitude d in radians.
float mercatorNorth(float d) {
  float q = d * d;
  float sinD = d * (1.0 - q / 6.0 * (1.0 - q / 20.0 * (1.0 - q / 42.0 * (1.0 - q / 72.0))));
  float cosD1 = -q / 2.0 * (1.0 - q / 12.0 * (1.0 - q / 30.0 * (1.0 - q / 56.0)));
  float ds = dots.mercator.x * cosD1 + dots.mercator.y * sinD;
  float t = ds / (1.0 - (dots.mercator.x + ds) * dots.mercator.x);
  float u = t * t;
  return u < 0.06
    ? t * (1.0 + u * (1.0 / 3.0 + u * (1.0 / 5.0 + u * (1.0 / 7.0 + u / 9.0))))
    : 0.5 * log((1.0 + t) / (1.0 - t));
}

void main() {
  // A quarter of the world away nothing is on screen, and integers would run over.
  float far = max(abs(float(caseLon) - float(dots.origin.x)), abs(float(caseLat) - float(dots.origin.y)));
  if (far > 9.0e8 || !isShown()) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    return;
  }
  float east = float(caseLon - dots.origin.x) * 1e-7;
  float north = mercatorNorth(float(caseLat - dots.origin.y) * (1e-7 * 0.017453292519943295));
  gl_Position = dots.clipOrigin + dots.clipEast * east + dots.clipNorth * north;
  gl_PointSize = 2.0 * (dots.size.x + dots.size.y) + 1.0;
  dotColour = isEnded(1u << caseState) ? dots.ended : dots.open;
  picking_setPickingColor(picking_getPickingColorFromIndex(float(gl_VertexID)));
}
`;

export const DOTS_FS = /* glsl */ `\
#version 300 es
#define SHADER_NAME dots-fragment
precision highp float;
in vec4 dotColour;
out vec4 fragColor;

void main() {
  float outer = dots.size.x + dots.size.y;
  float away = length(gl_PointCoord - 0.5) * (2.0 * outer + 1.0);
  float cover = clamp(outer + 0.5 - away, 0.0, 1.0);
  if (cover <= 0.0) discard;
  vec4 colour = mix(dotColour, dots.halo, clamp(away - dots.size.x + 0.5, 0.0, 1.0) * step(0.01, dots.size.y));
  fragColor = picking_filterPickingColor(vec4(colour.rgb, colour.a * cover));
}
`;
