/** Values that must never get anywhere: one for each element that is dropped. */
export const FORBIDDEN: Readonly<Record<string, string>> = {
  IPAddress: "192.0.2.77",
  Port: "50603",
  Password: "hunter2secret",
  Owner: "王某某之机",
  Address: "云泰园3号楼2单元",
  CertNum: "CERT-998877",
  Certifiable: "certifiable-1",
  EndTime: "2031-02-03T04:05:06",
  RegisterWay: "registerway-9",
  StreamNumberList: "stream-0/1/2",
  MAC: "00-00-5E-00-53-77",
  ManagementUnit: "示例管理单位丙",
  ContactInfo: "0352-1234567",
  URL: "rtsp://admin:pw@192.0.2.77/live",
};

/** Elements of an item; `undefined` leaves one out. */
export type ItemElements = Readonly<Record<string, string | number | undefined>>;

const INFO: readonly string[] = [
  ..."PTZType PositionType RoomType DirectionType HorizontalFieldAngle MaxViewDistance InstallTime RecordSaveDays".split(
    " ",
  ),
  ..."MAC ManagementUnit ContactInfo StreamNumberList".split(" "),
];

const element = ([name, value]: readonly [string, string | number | undefined]): string =>
  value === undefined ? "" : `<${name}>${value}</${name}>`;

/** One item with its `Info`. */
export const item = (elements: ItemElements): string => {
  const all = Object.entries(elements);
  const info = all.filter(([name]) => INFO.includes(name)).map(element);
  const own = all.filter(([name]) => !INFO.includes(name)).map(element);
  return `<Item>${own.join("\n")}${info.length > 0 ? `<Info>${info.join("")}</Info>` : ""}</Item>`;
};

export interface MessageHead {
  readonly form?: "Response" | "Notify";
  readonly sn?: number | string;
  readonly total?: number;
  readonly encoding?: string;
  readonly command?: string;
}

/** A message of a platform. */
export const message = (items: readonly string[], head: MessageHead = {}): string => {
  const { form = "Response", sn = 1, total = items.length, encoding = "UTF-8", command = "Catalog" } = head;
  return `<?xml version="1.0" encoding="${encoding}"?>
<${form}>
<CmdType>${command}</CmdType>
<SN>${sn}</SN>
<DeviceID>14029700002000000001</DeviceID>
<SumNum>${total}</SumNum>
<DeviceList Num="${items.length}">
${items.join("\n")}
</DeviceList>
</${form}>
`;
};
