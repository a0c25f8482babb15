import { describe, expect, it } from "vitest";
import { loadConfig } from "../../api/config.ts";
import { AppError } from "../../data/model/errors.ts";

const fault = (environment: Record<string, string>): AppError => {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

describe("the environment", () => {
  it("has defaults for everything; empty variables count as absent", () => {
    expect(loadConfig({ PORT: "", DATABASE_URL: " ", HOME: "/root" })).toMatchObject({
      databaseUrl: undefined,
      dir: ".jingwei",
      port: 8080,
      host: "127.0.0.1",
      oidc: undefined,
      hot: { bytes: 600 * 1024 * 1024, counties: undefined },
    });
  });

  it("reads what is set", () => {
    const config = loadConfig({
      DATABASE_URL: "postgres://u:p@db/jingwei",
      DATABASE_OWNER_URL: "postgres://o:p@db/jingwei",
      PORT: "0",
      HOT_MEMORY_MB: "0",
      JINGWEI_HOT_COUNTIES: "140623, 140226",
      MAP_REVIEW_NUMBER: "晋S(2026)001号",
      OIDC_ISSUER: "https://id.example",
      OIDC_CLIENT_ID: "jingwei",
      OIDC_CLIENT_SECRET: "s",
    });
    expect(config).toMatchObject({
      databaseUrl: "postgres://u:p@db/jingwei",
      databaseOwnerUrl: "postgres://o:p@db/jingwei",
      port: 0,
      mapReviewNumber: "晋S(2026)001号",
      oidc: { issuer: "https://id.example", clientId: "jingwei" },
      hot: { bytes: 0, counties: ["140623", "140226"] },
    });
  });

  it("takes one base map with its source and its review number, or none of it", () => {
    const map = { BASEMAP_SOURCE: "市局", BASEMAP_REVIEW_NUMBER: "晋S(2026)001号" };
    expect(loadConfig({}).basemap).toBeUndefined();
    expect(loadConfig({ BASEMAP_FILE: "a.pmtiles", ...map }).basemap).toMatchObject({ file: "a.pmtiles" });
    expect(loadConfig({ BASEMAP_URL: "http://m/{z}/{x}/{y}", ...map, BASEMAP_CRS: "EPSG:4490" }).basemap).toMatchObject(
      {
        ...{ crs: "EPSG:4490", source: "市局", reviewNumber: "晋S(2026)001号" },
      },
    );
    expect(fault({ BASEMAP_FILE: "a.pmtiles", BASEMAP_SOURCE: "市局" }).at).toBe("BASEMAP_REVIEW_NUMBER");
    expect(fault({ BASEMAP_URL: "http://m", BASEMAP_REVIEW_NUMBER: "x" }).at).toBe("BASEMAP_SOURCE");
    expect(fault({ BASEMAP_URL: "http://m", BASEMAP_FILE: "a", ...map }).at).toBe("BASEMAP_URL");
    expect(fault({ BASEMAP_FILE: "a", ...map, BASEMAP_CRS: "EPSG:4490" }).at).toBe("BASEMAP_URL");
    expect(fault({ BASEMAP_URL: "http://m", ...map, BASEMAP_CRS: "EPSG:2000" }).at).toBe("BASEMAP_CRS");
    expect(fault(map).at).toBe("BASEMAP_SOURCE");
    expect(fault({ BASEMAP_FLIE: "a" }).hint).toContain("BASEMAP_FILE");
  });

  it("names the variable at fault and never shows its value's secret", () => {
    expect(fault({ PORT: "80a" })).toMatchObject({ at: "PORT", message: "PORT is not a port number" });
    expect(fault({ PORT: "70000" }).at).toBe("PORT");
    expect(fault({ HOT_MEMORY_MB: "1.5 GB" }).at).toBe("HOT_MEMORY_MB");
    expect(fault({ JINGWEI_HOT_COUNTIES: "zuoyun" }).at).toBe("JINGWEI_HOT_COUNTIES");
    expect(fault({ DATABASE_URL: "mysql://u:secret@db" })).toMatchObject({ at: "DATABASE_URL" });
    expect(fault({ DATABASE_URL: "mysql://u:secret@db" }).message).not.toContain("secret");
    expect(fault({ OIDC_ISSUER: "https://id.example" })).toMatchObject({ at: "OIDC_ISSUER" });
    expect(fault({ OIDC_ISUER: "https://id.example" })).toMatchObject({ at: "OIDC_ISUER" });
    expect(fault({ PORT: "x", BUS_URL: "http://x" }).message).toMatch(/PORT .*; BUS_URL /);
  });
});
