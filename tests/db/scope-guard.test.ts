import { buildSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildGraphqlSchema } from "../../api/schema/index.ts";
import { openEmbeddedTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { ALLOWED_PLACES } from "../helpers/scope-allow-list.ts";
import {
  breachesOf,
  columnPlaces,
  forbiddenKinds,
  formPlaces,
  formPlacesOf,
  importPlaces,
  type Place,
  schemaPlaces,
} from "../helpers/scope-guard.ts";

/** Places that sound forbidden and were not reviewed. */
const unreviewed = (places: readonly Place[]): string[] => {
  const allowed = new Set(ALLOWED_PLACES.map(({ place }) => place));
  return breachesOf(places)
    .filter(({ place }) => !allowed.has(place))
    .map(({ place, kinds }) => `${place}: ${kinds.join(", ")}`);
};

describe("scope guard", () => {
  let test: TestDatabase;
  let places: readonly Place[] = [];
  beforeAll(async () => {
    test = await openEmbeddedTestDatabase();
    places = [
      ...(await columnPlaces(test.database)),
      ...schemaPlaces(buildGraphqlSchema()),
      ...importPlaces(),
      ...formPlaces(),
    ];
  });
  afterAll(() => test.dispose());

  it("looked at every kind of place", () => {
    for (const [kind, least] of [
      ["table", 30],
      ["column", 250],
      ["type", 60],
      ["field", 300],
      ["argument", 80],
      ["input", 20],
      ["value", 50],
      ["import", 20],
      ["form", 30],
    ] as const)
      expect(places.filter(({ place }) => place.startsWith(`${kind} `)).length, kind).toBeGreaterThanOrEqual(least);
  });

  it("finds no place that could hold what this system must not know", () => {
    // If this fails: take the place out, or review it into tests/helpers/scope-allow-list.ts with what it holds and for whom.
    expect(unreviewed(places)).toEqual([]);
  });

  it("has no reviewed place that is gone or sounds harmless", () => {
    const breaches = new Set(breachesOf(places).map(({ place }) => place));
    expect(ALLOWED_PLACES.map(({ place }) => place).filter((place) => !breaches.has(place))).toEqual([]);
    expect(new Set(ALLOWED_PLACES.map(({ place }) => place)).size).toBe(ALLOWED_PLACES.length);
    for (const { reason } of ALLOWED_PLACES) expect(reason.length).toBeGreaterThan(20);
  });

  it("fails on a column that holds a resident, in whatever words", async () => {
    await test.database.adminSession(async (client) => {
      await client.query("CREATE TABLE resident_card (county text, id_card_no text, 车牌号 text, harmless text)");
    });
    const before = new Set(places.map(({ place }) => place));
    const added = (await columnPlaces(test.database)).filter(({ place }) => !before.has(place));
    await test.database.adminSession((client) => client.query("DROP TABLE resident_card"));
    expect(unreviewed(added)).toEqual([
      "table resident_card: residents' identity",
      "column resident_card.id_card_no: residents' identity",
      "column resident_card.车牌号: plates",
    ]);
  });

  it("fails on the SDL", () => {
    const schema = buildSchema(`
      type Query { residents(idCard: ID, inside: String): [Person!]! camera: Kamera }
      type Person { birthDate: String homeAddress: String age: Int village: String }
      type Kamera { streamUrl: String rtspPort: Int ipAddress: String password: String lastPosition: String name: String }
      input Search { licensePlate: String faceImage: String imei: String macAddress: String words: String }
      enum Kind { TRAJECTORY TOWNSHIP }
    `);
    expect(unreviewed(schemaPlaces(schema)).map((line) => line.split(":")[0])).toEqual([
      "field Query.residents",
      "argument Query.residents.idCard",
      "type Person",
      "field Person.birthDate",
      "field Person.homeAddress",
      "field Person.age",
      "field Kamera.streamUrl",
      "field Kamera.rtspPort",
      "field Kamera.ipAddress",
      "field Kamera.password",
      "field Kamera.lastPosition",
      "input Search.licensePlate",
      "input Search.faceImage",
      "input Search.imei",
      "input Search.macAddress",
      "value Kind.TRAJECTORY",
    ]);
  });

  it("fails on a form, by the name of a control or by its label in either language", () => {
    const form = (code: string) => unreviewed(formPlacesOf("x.tsx", code)).map((line) => line.split(":")[0]);
    expect(form('<input name="idCard" onChange={(event) => set(event)} />')).toEqual(["form x.tsx idCard"]);
    expect(form('<select className="select" name={"plate"}>')).toEqual(["form x.tsx plate"]);
    expect(form('<label>{t("password.label")}<input name="p" /></label>')).toEqual(["form x.tsx password.label"]);
    expect(form('<TextField label={t("signIn.login")} name="x" />')).toEqual(["form x.tsx signIn.login"]);
    expect(form('<input placeholder={t("password.label")} />')).toEqual(["form x.tsx password.label"]);
    expect(form('<input name="households" /><label>{t("admin.area")}</label>')).toEqual([]);
  });

  it("fails on a column name that an import would be guessed from", () => {
    expect(unreviewed([{ place: "import incidents.org", names: ["org", "承办单位", "报案人电话"] }])).toHaveLength(1);
  });

  it.each(
    "resident citizen_id idCardNo identityNumber 身份证号 证件号码 居民姓名 户主 性别 民族 出生日期 gender birthday phone mobileNumber 手机号 联系电话 email wechat 微信号 homeAddress 住址 familyMembers ethnicity faceFeature 人脸特征 photoUrl 照片 fingerprint 抓拍图 licensePlate plate_no 车牌 vehicleNo imei imsi 设备串号 deviceId mac bssid rtspUrl streamId 视频流 playback channelId 录像 track trajectory 轨迹 lastSeen gps 定位 行踪 ip ipAddress port 端口 password 口令 hostName".split(
      " ",
    ),
  )("knows %s", (name) => expect(forbiddenKinds(name)).not.toEqual([]));

  it.each(
    "county code gridName households area_m2 label opened_at scopeCode cellM ship township plateau importedAt report reported trackless 编码 名称 户数 层数 所属社区 上报时间 案件编号 来源 description membership caption carpet village street pointDays position".split(
      " ",
    ),
  )("lets %s pass", (name) => expect(forbiddenKinds(name)).toEqual([]));
});
