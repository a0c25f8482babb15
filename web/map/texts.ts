import type { AreaLevel } from "../../data/model/codes.ts";
import type { Language } from "../app/view-state.ts";

interface MapTexts {
  readonly map: string;
  readonly layers: string;
  readonly legend: string;
  readonly households: string;
  readonly incidents: string;
  readonly responsible: string;
  readonly nobody: string;
  readonly expired: string;
  readonly late: string;
  readonly unfinished: string;
  readonly clickToZoom: string;
  readonly play: string;
  readonly pause: string;
  readonly speed: string;
  readonly allTime: string;
  readonly timeWindow: string;
  readonly from: string;
  readonly to: string;
  readonly selected: string;
  readonly perSecond: string;
  readonly noWebGl: string;
  readonly noWebGlHint: string;
  readonly loading: string;
  /** Credit of a base map, and the server's own review number. */
  readonly credit: string;
  readonly review: string;
  readonly levels: Readonly<Record<AreaLevel, string>>;
}

export const MAP_TEXTS: Readonly<Record<Language, MapTexts>> = {
  "zh-CN": {
    map: "地图",
    layers: "图层",
    legend: "图例",
    households: "户",
    incidents: "件（所选范围）",
    responsible: "责任单位",
    nobody: "无责任单位",
    expired: "合同已到期",
    late: "超期",
    unfinished: "未结",
    clickToZoom: "点击放大",
    play: "播放",
    pause: "暂停",
    speed: "速度",
    allTime: "全部时间",
    timeWindow: "时间窗口",
    from: "起",
    to: "止",
    selected: "所选 {n} 件",
    perSecond: "{n} 天/秒",
    noWebGl: "此浏览器不支持 WebGL 2，显示简图。请在浏览器设置里打开“硬件加速”，或更新显卡驱动",
    noWebGlHint: "请使用 Chrome、Edge 或 Firefox 的近年版本，并开启硬件加速。",
    loading: "正在加载地图数据…",
    credit: "底图来源：{source}　审图号：{number}",
    review: "审图号：{number}",
    levels: { county: "县（区）", town: "乡镇（街道）", community: "社区（村）", grid: "网格", micro: "微网格" },
  },
  en: {
    map: "Map",
    layers: "Layers",
    legend: "Legend",
    households: "households",
    incidents: "incidents in the selection",
    responsible: "Responsible unit",
    nobody: "Nobody responsible",
    expired: "contract expired",
    late: "late",
    unfinished: "open",
    clickToZoom: "Click to zoom in",
    play: "Play",
    pause: "Pause",
    speed: "Speed",
    allTime: "All times",
    timeWindow: "Time window",
    from: "From",
    to: "To",
    selected: "{n} selected",
    perSecond: "{n} days/s",
    noWebGl:
      "This browser has no WebGL 2: a plain map is shown. Turn on hardware acceleration in its settings, or update the graphics driver",
    noWebGlHint: "Use a recent Chrome, Edge or Firefox with hardware acceleration switched on.",
    loading: "Loading the map…",
    credit: "Base map: {source} · review no. {number}",
    review: "Map review no. {number}",
    levels: { county: "County", town: "Town", community: "Community", grid: "Grid", micro: "Micro-grid" },
  },
};
