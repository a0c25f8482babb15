import type { Department } from "./unit-names.ts";

/** Where things of a class happen. */
export type PlaceKind = "home" | "road" | "market" | "water" | "work";
/** When in the year. */
export type Season = "flat" | "winter" | "summer" | "dry" | "snow" | "rain";
/** When in the day. */
export type DayRhythm = "day" | "evening" | "commute" | "home";
/** 2 hours to complete, 2 days to solve, 7 days to answer (ZC6); the deadline of every demo county. */
export type Tier = "small" | "slow" | "complex";

export interface IncidentClassSpec {
  readonly code: string;
  readonly weight: number;
  readonly place: PlaceKind;
  readonly season: Season;
  readonly rhythm: DayRhythm;
  readonly tier: Tier;
  /** Weights of minor, normal, serious, critical. */
  readonly severity: readonly [number, number, number, number];
  readonly department: Department | "property" | "community";
}

const LIGHT = [70, 28, 2, 0] as const;
const USUAL = [35, 55, 9, 1] as const;
const GRAVE = [5, 50, 38, 7] as const;

const spec = (
  code: string,
  weight: number,
  place: PlaceKind,
  season: Season,
  rhythm: DayRhythm,
  tier: Tier,
  severity: IncidentClassSpec["severity"],
  department: IncidentClassSpec["department"],
): IncidentClassSpec => ({ code, weight, place, season, rhythm, tier, severity, department });

/** Classes that demo incidents are drawn from; weights are our choice, not statistics. */
export const INCIDENT_CLASSES: readonly IncidentClassSpec[] = [
  spec("01001", 9, "road", "flat", "day", "small", USUAL, "water"),
  spec("01054", 4, "home", "flat", "evening", "slow", LIGHT, "property"),
  spec("01065", 3, "road", "flat", "day", "complex", LIGHT, "community"),
  spec("01077", 3, "road", "flat", "day", "slow", LIGHT, "urban_management"),
  spec("06001", 12, "home", "dry", "day", "complex", USUAL, "urban_management"),
  spec("06010", 95, "home", "flat", "day", "small", LIGHT, "urban_management"),
  spec("06011", 28, "work", "dry", "day", "slow", LIGHT, "urban_management"),
  spec("06012", 42, "road", "flat", "commute", "small", LIGHT, "urban_management"),
  spec("06013", 22, "road", "dry", "day", "complex", USUAL, "housing"),
  spec("06014", 12, "road", "dry", "day", "small", LIGHT, "urban_management"),
  spec("06017", 16, "home", "summer", "day", "slow", LIGHT, "urban_management"),
  spec("06020", 9, "work", "winter", "evening", "small", USUAL, "environment"),
  spec("06025", 9, "water", "summer", "day", "slow", LIGHT, "water"),
  spec("06026", 4, "water", "summer", "day", "slow", USUAL, "environment"),
  spec("06027", 14, "market", "summer", "evening", "slow", LIGHT, "environment"),
  spec("06028", 26, "home", "summer", "evening", "small", LIGHT, "urban_management"),
  spec("06029", 15, "market", "summer", "evening", "small", LIGHT, "urban_management"),
  spec("06036", 46, "home", "flat", "day", "slow", LIGHT, "property"),
  spec("06040", 14, "home", "flat", "home", "slow", LIGHT, "property"),
  spec("06042", 38, "home", "flat", "day", "small", LIGHT, "urban_management"),
  spec("06045", 9, "home", "summer", "day", "complex", LIGHT, "urban_management"),
  spec("06051", 4, "road", "flat", "day", "complex", LIGHT, "housing"),
  spec("07001", 30, "market", "flat", "day", "small", LIGHT, "urban_management"),
  spec("07003", 10, "market", "dry", "day", "slow", LIGHT, "urban_management"),
  spec("08001", 13, "work", "dry", "evening", "small", LIGHT, "housing"),
  spec("08003", 4, "road", "dry", "day", "slow", USUAL, "housing"),
  spec("08004", 15, "work", "dry", "day", "small", USUAL, "environment"),
  spec("09001", 34, "market", "dry", "commute", "small", LIGHT, "urban_management"),
  spec("09005", 32, "market", "dry", "day", "small", LIGHT, "urban_management"),
  spec("09006", 26, "market", "dry", "commute", "small", LIGHT, "urban_management"),
  spec("09009", 58, "road", "flat", "commute", "small", LIGHT, "traffic_police"),
  spec("09010", 36, "market", "flat", "commute", "small", LIGHT, "urban_management"),
  spec("09012", 18, "home", "flat", "home", "small", USUAL, "fire"),
  spec("09019", 4, "road", "flat", "day", "small", LIGHT, "urban_management"),
  spec("10001", 40, "road", "snow", "commute", "small", USUAL, "urban_management"),
  spec("10002", 10, "road", "rain", "day", "small", GRAVE, "power"),
  spec("80001", 22, "home", "flat", "home", "complex", USUAL, "community"),
  spec("80002", 18, "home", "flat", "home", "complex", USUAL, "justice"),
  spec("80004", 8, "work", "winter", "day", "complex", GRAVE, "labour"),
  spec("80005", 4, "home", "dry", "day", "complex", USUAL, "natural_resources"),
  spec("80006", 6, "market", "flat", "day", "complex", LIGHT, "market"),
  spec("81001", 44, "home", "winter", "home", "slow", USUAL, "heating"),
  spec("81002", 34, "road", "rain", "day", "slow", USUAL, "housing"),
  spec("81003", 14, "home", "summer", "home", "small", USUAL, "power"),
  spec("81004", 26, "road", "flat", "evening", "slow", LIGHT, "housing"),
  spec("81005", 30, "home", "flat", "day", "slow", LIGHT, "property"),
  spec("81006", 16, "home", "flat", "home", "complex", LIGHT, "traffic_police"),
  spec("81007", 12, "home", "flat", "day", "slow", LIGHT, "civil_affairs"),
  spec("81008", 12, "home", "flat", "day", "small", LIGHT, "community"),
  spec("82001", 16, "work", "winter", "day", "slow", GRAVE, "fire"),
  spec("82002", 7, "home", "winter", "home", "small", GRAVE, "gas"),
  spec("82003", 11, "home", "flat", "day", "slow", USUAL, "power"),
  spec("82004", 24, "home", "flat", "evening", "small", USUAL, "fire"),
  spec("82005", 6, "home", "rain", "day", "complex", GRAVE, "housing"),
  spec("82006", 12, "road", "rain", "day", "small", GRAVE, "emergency"),
  spec("82007", 7, "home", "flat", "day", "slow", USUAL, "property"),
  spec("83001", 6, "work", "flat", "day", "slow", LIGHT, "approval"),
  spec("83002", 4, "work", "dry", "day", "complex", LIGHT, "labour"),
  spec("83004", 5, "work", "flat", "day", "slow", LIGHT, "urban_management"),
];

/** Milliseconds from opening to the deadline. */
export const TIER_MS: Record<Tier, number> = { small: 2 * 3_600_000, slow: 2 * 86_400_000, complex: 7 * 86_400_000 };

/** Weight of each hour of the day; two peaks in the morning and the afternoon for what patrols find. */
export const HOUR_WEIGHTS: Record<DayRhythm, readonly number[]> = {
  day: [1, 1, 1, 1, 1, 2, 6, 14, 34, 48, 50, 36, 16, 14, 30, 46, 44, 34, 18, 11, 8, 6, 3, 2],
  evening: [6, 3, 2, 1, 1, 1, 3, 5, 8, 10, 10, 10, 10, 9, 9, 10, 12, 18, 30, 44, 48, 42, 28, 14],
  commute: [1, 1, 1, 1, 1, 5, 20, 46, 48, 30, 20, 18, 18, 14, 16, 20, 32, 48, 40, 22, 12, 8, 4, 2],
  home: [3, 2, 1, 1, 1, 2, 8, 16, 24, 28, 28, 26, 22, 18, 18, 20, 22, 28, 34, 36, 32, 22, 12, 6],
};
