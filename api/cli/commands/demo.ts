import { DEMO_SLUGS } from "../../../data/demo/profile.ts";
import { DEMO_PROFILES } from "../../../data/demo/profiles/registry.ts";
import { removeCounty } from "../../../db/load/remove-county.ts";
import type { Command } from "../command.ts";
import { DATABASE_OPTIONS, EXIT, printResult, UsageError, withDatabase } from "../command.ts";
import { addDemos } from "../demo-data.ts";
import { demoSlugs, isDemoSlug } from "../demo-slugs.ts";

const USAGE = `jingwei demo add SLUG|all [--json]
jingwei demo remove SLUG [--json]

  SLUG   ${DEMO_SLUGS.join(" | ")}
  --dir  folder of the embedded database (default JINGWEI_DIR or ./.jingwei)

Demo counties are synthetic (演示数据): real names of places, made-up lines, people and cases.`;

export const demoCommand: Command = {
  usage: USAGE,
  options: { ...DATABASE_OPTIONS, json: { type: "boolean" } },
  async run(call, io) {
    const [action, slug, ...extra] = call.positionals;
    if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
    if (slug === undefined) throw new UsageError("SLUG is missing");
    if (action === "add") {
      const slugs = demoSlugs(slug);
      if (!slugs) throw new UsageError(`"${slug}" is not a demo county`, `One of ${DEMO_SLUGS.join(", ")}, all.`);
      const loads = await withDatabase(call, io, ({ database }) =>
        addDemos(database, slugs, io.now(), (message) => io.err(`  ${message}\n`)),
      );
      const lines = loads.map(
        ({ county, name, added }) => `${added ? "已添加 added" : "已存在 there already"} ${county} ${name} 演示数据`,
      );
      printResult(call, io, { demos: loads }, lines.join("\n"));
      return EXIT.done;
    }
    if (action === "remove") {
      if (!isDemoSlug(slug)) throw new UsageError(`"${slug}" is not a demo county`, `One of ${DEMO_SLUGS.join(", ")}.`);
      const { county, name } = DEMO_PROFILES[slug].profile;
      const removed = await withDatabase(call, io, ({ database }) =>
        removeCounty(database, county, new Date(io.now()).toISOString(), "cli"),
      );
      printResult(call, io, { county, removed }, `已删除 removed ${county} ${name}`);
      return EXIT.done;
    }
    throw new UsageError("say what to do: add or remove");
  },
};
