import type { IncidentRecord } from "../../../data/model/incident.ts";
import { mayReadIn, reachesCounty, type Viewer } from "../../../data/policy/viewer.ts";
import { insertPhoto } from "../../../db/repositories/photo-repository.ts";
import { policyId } from "../../fixtures/policy-base.ts";
import type { TestApi } from "../../helpers/api.ts";
import { smallJpeg } from "../../helpers/small-photos.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { guardRefusal, type OperationMaker, refused, type World } from "./operation.ts";

/** Every third case of the dataset has a picture; nobody handles any. */
const EVERY = 3;

const pictured = ({ oracle }: World): IncidentRecord[] => oracle.data.incidents.filter((_, n) => n % EVERY === 0);
const photoId = (one: IncidentRecord) => policyId(`photo/${one.id}`);

/** Pictures are put into each server's database once. */
const ready = new WeakMap<TestApi, Promise<void>>();
const putPhotos = (api: TestApi, world: World): Promise<void> => {
  const { county } = world.oracle;
  const made =
    ready.get(api) ??
    api.database.transaction({ kind: "county", county }, async (tx) => {
      for (const one of pictured(world))
        await insertPhoto(tx, {
          county,
          id: photoId(one),
          incidentId: one.id,
          type: "image/jpeg",
          width: 16,
          height: 8,
          bytes: smallJpeg(),
          actor: "grid_worker",
          createdAt: new Date(world.oracle.nowMs).toISOString(),
        });
    });
  ready.set(api, made);
  return made;
};

/** The file of a picture, or of a case that has none. */
const photoFile: OperationMaker = (world, prng) => {
  const { oracle } = world;
  const one = prng.pick(prng.chance(0.9) ? pictured(world) : oracle.data.incidents);
  const url = `/photos/${oracle.county}/${photoId(one)}?reason=%E6%A0%B8%E5%AF%B9`;
  return {
    name: url,
    async run(api, viewer) {
      await putPhotos(api, world);
      const answer = await api.app.inject({ url, headers: viewerHeaders(viewer) });
      return answer.statusCode === 200 ? answer.rawPayload.length : refused(answer.json<{ code: string }>().code);
    },
    expected(viewer: Viewer | null) {
      const guard = guardRefusal(viewer, "incident_text");
      if (guard) return guard;
      // Nobody handles a case of the fixture: pictures of sensitive ones are nobody's.
      const seen =
        reachesCounty(viewer, oracle.county) &&
        pictured(world).includes(one) &&
        !oracle.isSensitive(one) &&
        mayReadIn(viewer, "incident_text", one.scopeCode ?? oracle.county);
      return seen ? smallJpeg().length : refused("NOT_FOUND");
    },
  };
};

export const PHOTO_OPERATIONS: readonly OperationMaker[] = [photoFile];
