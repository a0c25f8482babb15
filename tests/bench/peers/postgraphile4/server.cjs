// PostGraphile 4 as its documentation has it in production: no watching, no GraphiQL, simple lists for short queries.
const http = require("node:http");
const { postgraphile } = require("postgraphile");
const PostgisPlugin = require("@graphile/postgis").default;

const server = http.createServer(
  postgraphile(process.env.BENCH_URL, "public", {
    appendPlugins: [PostgisPlugin],
    graphiql: false,
    watchPg: false,
    disableQueryLog: true,
    simpleCollections: "only",
    dynamicJson: true,
    ignoreRBAC: true,
    disableDefaultMutations: true,
    retryOnInitFail: false,
  }),
);
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
