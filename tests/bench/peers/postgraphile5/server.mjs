// PostGraphile 5 with the options of version 4. It asks for Node 22; on Node 20 this is what it misses.
Promise.withResolvers ??= function withResolvers() {
  let resolve;
  let reject;
  const promise = new this((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
};
const { createServer } = await import("node:http");
const { postgraphile } = await import("postgraphile");
const { makePgService } = await import("postgraphile/adaptors/pg");
const { makeV4Preset } = await import("postgraphile/presets/v4");
const { grafserv } = await import("postgraphile/grafserv/node");

const preset = {
  extends: [
    makeV4Preset({ simpleCollections: "only", dynamicJson: true, disableDefaultMutations: true, ignoreRBAC: true }),
  ],
  pgServices: [makePgService({ connectionString: process.env.BENCH_URL, schemas: ["public"] })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
};
const serv = postgraphile(preset).createServ(grafserv);
const server = createServer();
await serv.addTo(server);
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
