import { proposeDigest } from "../../helpers/propose-digest.ts";

self.postMessage(proposeDigest());
