/** A public holiday of China as its notice says it: the days off, and the weekend days worked for them (调休上班). */
interface Holiday {
  readonly name: string;
  /** First and last day off, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  readonly makeUp: readonly string[];
}

interface HolidayYear {
  readonly year: number;
  /** Notice of the General Office of the State Council (国务院办公厅). */
  readonly source: string;
  readonly holidays: readonly Holiday[];
}

const off = (name: string, from: string, to: string, ...makeUp: readonly string[]): Holiday => ({
  name,
  from,
  to,
  makeUp,
});

/** 国务院办公厅关于部分节假日安排的通知, the years that are shipped. */
export const CHINA_HOLIDAYS: readonly HolidayYear[] = [
  {
    year: 2024,
    source: "国办发明电〔2023〕7号, 2023-10-25",
    holidays: [
      off("元旦", "2024-01-01", "2024-01-01"),
      off("春节", "2024-02-10", "2024-02-17", "2024-02-04", "2024-02-18"),
      off("清明节", "2024-04-04", "2024-04-06", "2024-04-07"),
      off("劳动节", "2024-05-01", "2024-05-05", "2024-04-28", "2024-05-11"),
      off("端午节", "2024-06-10", "2024-06-10"),
      off("中秋节", "2024-09-15", "2024-09-17", "2024-09-14"),
      off("国庆节", "2024-10-01", "2024-10-07", "2024-09-29", "2024-10-12"),
    ],
  },
  {
    year: 2025,
    source: "国办发明电〔2024〕12号, 2024-11-12",
    holidays: [
      off("元旦", "2025-01-01", "2025-01-01"),
      off("春节", "2025-01-28", "2025-02-04", "2025-01-26", "2025-02-08"),
      off("清明节", "2025-04-04", "2025-04-06"),
      off("劳动节", "2025-05-01", "2025-05-05", "2025-04-27"),
      off("端午节", "2025-05-31", "2025-06-02"),
      off("国庆节、中秋节", "2025-10-01", "2025-10-08", "2025-09-28", "2025-10-11"),
    ],
  },
  {
    year: 2026,
    source: "国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04",
    holidays: [
      off("元旦", "2026-01-01", "2026-01-03", "2026-01-04"),
      off("春节", "2026-02-15", "2026-02-23", "2026-02-14", "2026-02-28"),
      off("清明节", "2026-04-04", "2026-04-06"),
      off("劳动节", "2026-05-01", "2026-05-05", "2026-05-09"),
      off("端午节", "2026-06-19", "2026-06-21"),
      off("中秋节", "2026-09-25", "2026-09-27"),
      off("国庆节", "2026-10-01", "2026-10-07", "2026-09-20", "2026-10-10"),
    ],
  },
];

const DAY_MS = 86_400_000;

function* daysOff({ from, to }: Holiday): Generator<string> {
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += DAY_MS) yield new Date(ms).toISOString().slice(0, 10);
}

const ALL = CHINA_HOLIDAYS.flatMap(({ holidays }) => holidays);

/** Weekdays on which nobody works in China, `YYYY-MM-DD`. */
export const CHINA_DAYS_OFF: readonly string[] = ALL.flatMap((holiday) => [...daysOff(holiday)]).filter(
  (date) => ![0, 6].includes(new Date(date).getUTCDay()),
);

/** Saturdays and Sundays on which people work, `YYYY-MM-DD`. */
export const CHINA_MAKE_UP_DAYS: readonly string[] = ALL.flatMap(({ makeUp }) => makeUp).sort();
