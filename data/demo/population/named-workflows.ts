import type { IncidentSource } from "../../model/incident.ts";
import { type CountyWorkflows, countyWorkflows } from "../../workflow/county-workflows.ts";
import type { WorkflowDefinition } from "../../workflow/definition.ts";
import { processOfDemo } from "../../workflow/processes/registry.ts";
import { DEMO_SLUGS, type DemoSlug } from "../profile.ts";

const WORKFLOWS = Object.fromEntries(DEMO_SLUGS.map((slug) => [slug, countyWorkflows(processOfDemo(slug))])) as Record<
  DemoSlug,
  CountyWorkflows
>;

/** The workflow that a case of a demo county walks: the county's own process, the same that live cases walk. */
export const workflowOf = (
  slug: DemoSlug,
  drawn: { readonly classCode: string; readonly source: IncidentSource },
): WorkflowDefinition => WORKFLOWS[slug].choose(drawn);
