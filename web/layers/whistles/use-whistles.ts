import { useLiveRefetch } from "../../app/use-live.ts";
import { useView } from "../../app/view-state.ts";
import { mayIn } from "../../app/viewer.ts";
import { WhistleArcsDocument, type WhistleArcsQuery } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";

const CASES = { kinds: ["INCIDENT"] } as const;

/** Open whistles of the area on screen while their layer is on: read anew when cases change (a whistle is about one). */
export function useWhistles(): WhistleArcsQuery["whistles"] | undefined {
  const area = useView((view) => view.area);
  const shown = useView((view) => view.layers.includes("whistles"));
  const wanted = shown && area !== "" && mayIn("incident", area);
  const { data, retry } = useQuery(WhistleArcsDocument, wanted ? { inside: area } : undefined);
  useLiveRefetch(wanted ? CASES : undefined, retry);
  return data?.whistles;
}
