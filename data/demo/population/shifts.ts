/** Weekly duty patterns; times are the county's own. */
export type DutyPattern =
  | "leader"
  | "full_time"
  | "part_time"
  | "community_worker"
  | "rural"
  | "office"
  | "on_call"
  | "auxiliary_even"
  | "auxiliary_odd"
  | "station_even"
  | "station_odd";

export interface DutyHours {
  /** Bit 0 = Monday … bit 6 = Sunday. */
  readonly weekdays: number;
  /** Minutes since midnight; the end may pass 1440 into the next day. */
  readonly startMinute: number;
  readonly endMinute: number;
}

const days = (text: string): number => {
  let bits = 0;
  for (const digit of text) bits |= 1 << (Number(digit) - 1);
  return bits;
};
const hours = (weekdays: string, startHour: number, endHour: number): DutyHours => ({
  weekdays: days(weekdays),
  startMinute: startHour * 60,
  endMinute: endHour * 60,
});

const WORKDAYS = "12345";
const ALL_DAYS = "1234567";

/**
 * The even and the odd auxiliary of a community share nights (18:00–08:00) and the days of the weekend, so that
 * together with the office hours of the police officer somebody is on duty at every instant of the week; the pair of a
 * town's station changes at 08:00 each day.
 */
export const DUTY_HOURS: Record<DutyPattern, readonly DutyHours[]> = {
  leader: [hours(WORKDAYS, 8, 18), hours("6", 9, 12)],
  full_time: [hours("123456", 8, 18.5)],
  part_time: [hours(WORKDAYS, 18, 21), hours("67", 9, 17)],
  community_worker: [hours(WORKDAYS, 8.5, 17.5)],
  rural: [hours(ALL_DAYS, 7, 20)],
  office: [hours(WORKDAYS, 8, 18)],
  on_call: [hours(ALL_DAYS, 0, 24)],
  auxiliary_even: [hours("1357", 18, 32), hours("24", 8, 18), hours("6", 8, 18)],
  auxiliary_odd: [hours("246", 18, 32), hours("135", 8, 18), hours("7", 8, 18)],
  station_even: [hours("1357", 8, 32)],
  station_odd: [hours("246", 8, 32)],
};
