import type { MoveWhy, UnmetReason } from "../../../../data/partition/proposal.ts";

interface ProposeTexts {
  readonly title: string;
  readonly open: string;
  readonly openHint: string;
  readonly close: string;
  readonly what: string;
  readonly selection: string;
  readonly all: string;
  readonly min: string;
  readonly max: string;
  readonly even: string;
  readonly households: string;
  readonly workload: string;
  readonly weights: string;
  readonly weightsHint: string;
  readonly perHousehold: string;
  readonly perIncident: string;
  readonly perHectare: string;
  readonly badWeights: string;
  readonly balance: string;
  readonly balances: Readonly<Record<"0.5" | "1" | "2", string>>;
  readonly locked: string;
  readonly lock: string;
  readonly lockThese: string;
  readonly lockHint: string;
  readonly unlock: string;
  readonly hands: string;
  readonly endedGrids: string;
  readonly changedGrids: string;
  readonly otherUnitGrids: string;
  readonly apart: string;
  readonly apartWhy: string;
  readonly barriers: string;
  readonly run: string;
  readonly again: string;
  readonly stop: string;
  readonly making: string;
  readonly failed: string;
  readonly stale: string;
  readonly noHouseholds: string;
  readonly noGrids: string;
  readonly badRange: string;
  readonly fewest: string;
  /** Where all looks came to one division. */
  readonly only: string;
  readonly best: string;
  readonly between: string;
  readonly asIs: string;
  readonly grids: string;
  readonly inRange: string;
  readonly moved: string;
  readonly atLeast: string;
  readonly border: string;
  readonly compactness: string;
  readonly untouched: string;
  readonly workers: string;
  readonly workersText: string;
  readonly units: string;
  readonly show: string;
  readonly shown: string;
  readonly takeAll: string;
  readonly takeOne: string;
  readonly taken: string;
  readonly newGrid: string;
  /** Where a community has no grids yet. */
  readonly ungridded: string;
  readonly across: string;
  readonly reasons: string;
  readonly noMoves: string;
  readonly move: string;
  readonly more: string;
  readonly unmet: string;
  readonly impossible: string;
  readonly notFound: string;
  readonly map: string;
  readonly why: Readonly<Record<MoveWhy, string>>;
  readonly unmetWhy: Readonly<Record<UnmetReason, string>>;
}

/** Words of proposing, in both languages. */
export const PROPOSE_TEXTS: Readonly<Record<"zh-CN" | "en", ProposeTexts>> = {
  "zh-CN": {
    title: "自动划分",
    open: "自动划分…",
    openHint: "按户数给出几种划分方案，先看后用",
    close: "关闭",
    what: "划分范围",
    selection: "选中的网格（{count}）",
    all: "全部（{count} 个网格）",
    min: "每格至少",
    max: "每格至多",
    even: "均衡",
    households: "按户数",
    workload: "按工作量（户数、事件、面积）",
    weights: "工作量怎么算",
    weightsHint: "一户、一件未办结事件、一公顷各算多少",
    perHousehold: "每户",
    perIncident: "每件未办结事件",
    perHectare: "每公顷",
    badWeights: "工作量的系数要是不小于 0 的数，且不能全为 0。",
    balance: "侧重",
    balances: { "0.5": "界线更短", "1": "兼顾", "2": "更均衡" },
    locked: "锁定的网格",
    lock: "锁定网格",
    lockThese: "锁定选中的（{count}）",
    lockHint: "先在地图上选中网格；锁定的网格保持原样",
    unlock: "解除锁定 {name}",
    hands: "哪些网格换人、换责任单位",
    endedGrids: "撤销",
    changedGrids: "网格员管的户有增减",
    otherUnitGrids: "接收了别的责任单位的户",
    apart: "格内不通",
    apartWhy: "有 {groups} 处互相走不通，要绕出网格（{households} 户）",
    barriers: "完全不跨铁路、河流",
    run: "给出方案",
    again: "重新给出",
    stop: "停止",
    making: "正在比较方案…",
    failed: "没有得出方案",
    stale: "方案给出之后规划又有改动，请重新给出。",
    noGrids: "这里没有可划分的地面：专属网格不划分。请另选范围。",
    noHouseholds: "这里没有户数，无法按户数划分。",
    badRange: "下限不能大于上限。",
    fewest: "改动最少",
    only: "唯一方案",
    best: "形状最好",
    between: "折中 {n}",
    asIs: "现状",
    grids: "网格",
    inRange: "户数合适",
    moved: "换网格的户数",
    atLeast: "至少 {count}",
    border: "内部界线",
    compactness: "紧凑度",
    untouched: "原样保留",
    workers: "网格员变动",
    workersText: "{changed} 格增减 · 撤 {ended} · 新 {fresh}",
    units: "责任单位变动",
    show: "在地图上看",
    shown: "地图上显示中",
    takeAll: "全部采用",
    takeOne: "只采用一个社区…",
    taken: "已采用",
    newGrid: "新网格 {n}",
    ungridded: "尚无网格的地方",
    across: "现有界线切开的 {count} 个小区各归一格。",
    reasons: "为什么这样动（{count} 块）",
    noMoves: "不动任何一块。",
    move: "{households} 户：{from} → {to}",
    more: "另有 {count} 项",
    unmet: "达不到要求的（{count}）",
    impossible: "不可能",
    notFound: "没有找到",
    map: "方案“{name}”的地图",
    why: {
      over: "原网格户数超上限",
      under: "接收网格户数不足",
      ended: "原网格户数不足，并入邻格",
      chain: "为相邻网格腾挪",
      nowhere: "原来不属于任何网格或不连片",
      shape: "界线更短、更均衡",
    },
    unmetWhy: {
      oversize: "单个小区（楼栋）就超过上限",
      enclave: "四周没有可并入的网格",
      count: "户数凑不成整数个网格",
      cover: "所有分法都试过",
      pinned: "网格不得改动",
      search: "在限定次数内没有找到",
    },
  },
  en: {
    title: "Propose",
    open: "Propose…",
    openHint: "Several divisions by households: look first, then take one",
    close: "Close",
    what: "Divide",
    selection: "Chosen grids ({count})",
    all: "All ({count} grids)",
    min: "At least",
    max: "At most",
    even: "Even",
    households: "By households",
    workload: "By work (households, cases, area)",
    weights: "What counts as work",
    weightsHint: "What a household, an open case and a hectare count",
    perHousehold: "Household",
    perIncident: "Open case",
    perHectare: "Hectare",
    badWeights: "Weights are numbers from 0, and not all of them 0.",
    balance: "Rather",
    balances: { "0.5": "shorter borders", "1": "both alike", "2": "more even" },
    locked: "Locked grids",
    lock: "Lock grids",
    lockThese: "Lock chosen ({count})",
    lockHint: "Choose grids on the map first; a locked grid stays as it is",
    unlock: "Unlock {name}",
    hands: "Grids that change worker or responsible unit",
    endedGrids: "End",
    changedGrids: "Worker gets or gives households",
    otherUnitGrids: "Take households of another unit",
    apart: "Not walkable",
    apartWhy: "{groups} parts with no way between them but outside ({households} households)",
    barriers: "Never cross rails and rivers",
    run: "Propose",
    again: "Propose again",
    stop: "Stop",
    making: "Comparing divisions…",
    failed: "No division came out",
    stale: "The plan has changed since: propose again.",
    noGrids: "Nothing here can be divided: dedicated grids stay as they are. Choose another area.",
    noHouseholds: "No households are known here to divide by.",
    badRange: "The least may not be more than the most.",
    fewest: "Fewest moved",
    only: "The one division",
    best: "Best shape",
    between: "Between {n}",
    asIs: "Today",
    grids: "Grids",
    inRange: "In range",
    moved: "Households moved",
    atLeast: "at least {count}",
    border: "Inner borders",
    compactness: "Compactness",
    untouched: "As they were",
    workers: "Workers",
    workersText: "{changed} get or give · {ended} end · {fresh} new",
    units: "Other unit responsible",
    show: "Show on the map",
    shown: "On the map",
    takeAll: "Take all",
    takeOne: "Take one community…",
    taken: "Taken",
    newGrid: "New grid {n}",
    ungridded: "ground without a grid",
    across: "Compounds that today's borders cut come together in one grid each: {count}.",
    reasons: "Why blocks move ({count})",
    noMoves: "Nothing moves.",
    move: "{households} households: {from} → {to}",
    more: "{count} more",
    unmet: "What cannot be met ({count})",
    impossible: "Impossible",
    notFound: "Not found",
    map: "Map of the division “{name}”",
    why: {
      over: "its grid had too many households",
      under: "the grid that takes it had too few",
      ended: "its grid had too few and joins its neighbours",
      chain: "makes room for a neighbouring grid",
      nowhere: "it was in no grid, or apart from it",
      shape: "shorter borders, more even grids",
    },
    unmetWhy: {
      oversize: "one compound or building is too large by itself",
      enclave: "no grid around that it could join",
      count: "the households fit no whole number of grids",
      cover: "every division was tried",
      pinned: "the grid is to stay as it is",
      search: "not found within the passes allowed",
    },
  },
};

export type { ProposeTexts };
