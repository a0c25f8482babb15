import fc from "fast-check";

/**
 * Property tests draw new cases in every run at a desk, which is how they find things, and the same ones in CI, so that a
 * change is judged by what it changes. `FC_SEED=n` repeats a run.
 */
const CI_SEED = 20260115;
const given = process.env["FC_SEED"];
const seed = given ? Number(given) : process.env["CI"] ? CI_SEED : undefined;
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
