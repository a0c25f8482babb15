import { describe, expect, it } from "vitest";
import { encodeCopyRow } from "../../db/copy-text.ts";
import { multiPolygonEwkb, pointEwkb } from "../../db/ewkb.ts";
import { openingStatements, paramText, sqlTokens, wrapRows } from "../../db/sql-text.ts";

const words = (sql: string): string[] => sqlTokens(sql).map((token) => token.text);

describe("reading statements", () => {
  it("keeps quotes, dollar quotes and comments apart from words", () => {
    expect(words("SELECT 'a;''b' /* c; */ -- d;\n, \"e f\", $$g;$$, $1::text, E'h\\'i'")).toEqual(
      [..."SELECT 'a;''b' , \"e_f\" , $$g;$$ , $1 : : text , E 'h\\'i'".replace("e_f", "e\u00a0f").split(" ")].map(
        (word) => word.replace("\u00a0", " "),
      ),
    );
  });

  it("counts the depth of brackets", () => {
    const depths = sqlTokens("a ( b ( c ) ) d").map(({ text, depth }) => `${text}${depth}`);
    expect(depths).toEqual(["a0", "(0", "b1", "(1", "c2", ")1", ")0", "d0"]);
  });
});

describe("wrapping rows", () => {
  it("puts a SELECT into a subquery, without its semicolon and safe from a last comment", () => {
    expect(wrapRows("SELECT 1 -- one;")).toMatch(
      /^SELECT coalesce\(json_agg\(jw_rows\), '\[\]'\)::text FROM \(SELECT 1 -- one;\n\) jw_rows$/,
    );
    expect(wrapRows("SELECT ';' ;  ")).toContain("(SELECT ';' \n)");
  });

  it("puts a change into a CTE, since PostgreSQL allows it at the top only", () => {
    expect(wrapRows("DELETE FROM t RETURNING id")).toMatch(/^WITH jw_rows AS \(DELETE FROM t RETURNING id\n\) SELECT/);
  });

  it("finds the main statement after WITH, past brackets and quotes", () => {
    const sql = "WITH a AS (SELECT 'SELECT' FROM b), c AS (DELETE FROM d RETURNING 1) UPDATE e SET f = 1 RETURNING f";
    expect(wrapRows(sql)).toContain("RETURNING 1) , jw_rows AS (UPDATE e SET f = 1 RETURNING f\n) SELECT");
  });
});

describe("parameters as text", () => {
  it("quotes what an array's text form would misread", () => {
    expect(paramText(["a", 'b"c', "d\\e", null, "NULL", ""])).toBe('{"a","b\\"c","d\\\\e",NULL,"NULL",""}');
    expect(paramText([1, 2.5, true])).toBe("{1,2.5,true}");
    expect(paramText(new Uint8Array([0, 171]))).toBe("\\x00ab");
  });

  it("refuses objects instead of writing [object Object]", () => {
    expect(() => paramText({} as never)).toThrow(/cannot be bound/);
    expect(() => paramText(undefined as never)).toThrow(/cannot be bound/);
  });
});

describe("opening statements", () => {
  it("are one statement each, with a checked county", () => {
    expect(openingStatements({ kind: "county", county: "140226" })).toEqual([
      "BEGIN",
      "SET LOCAL ROLE jingwei_app",
      "SET LOCAL app.county = '140226'",
    ]);
    expect(openingStatements({ kind: "reviewed", name: "county-list" })).toEqual(["BEGIN READ ONLY"]);
    expect(() => openingStatements({ kind: "loader", county: "1402260" })).toThrow(/not a county code/);
  });
});

describe("COPY text", () => {
  it("escapes what would end a field or a row", () => {
    expect(encodeCopyRow([1, null, true, "a\tb\\c\nd\r", "\\N", 0.1])).toBe(
      "1\t\\N\tt\ta\\tb\\\\c\\nd\\r\t\\\\N\t0.1\n",
    );
  });
});

describe("EWKB", () => {
  it("writes a point as PostGIS does", () => {
    // SELECT ST_AsHEXEWKB('SRID=4326;POINT(1 2)'::geometry)
    expect(pointEwkb([1, 2]).toUpperCase()).toBe("0101000020E6100000000000000000F03F0000000000000040");
  });

  it("grows for large polygons and starts afresh for each", () => {
    const ring = Array.from({ length: 9001 }, (_, i) => [i % 9000, 1] as const);
    // 9 bytes of head, 4 of count; per polygon 5 + 4; per ring 4 and 16 per position.
    expect(multiPolygonEwkb([[ring]]).length / 2).toBe(9 + 4 + 5 + 4 + 4 + 9001 * 16);
    expect(pointEwkb([1, 2]).length / 2).toBe(25);
  });
});
