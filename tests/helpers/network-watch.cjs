// Preloaded into a process and its workers and children (NODE_OPTIONS=--require=…): notes every name that is looked up and
// every connection or datagram that is sent, as lines of JSON in the file of JINGWEI_NETWORK_LOG.
const { appendFileSync } = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const file = process.env.JINGWEI_NETWORK_LOG;
const note = (kind, target) => appendFileSync(file, `${JSON.stringify({ kind, target: String(target) })}\n`);

const net = require("node:net");
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const given = typeof options === "object" && options !== null ? options : { port: options, host: args[1] };
  note("connect", given.path ?? given.host ?? "localhost");
  return connect.apply(this, args);
};

const dns = require("node:dns");
for (const owner of [dns, dns.promises])
  for (const name of ["lookup", "resolve", "resolve4", "resolve6", "resolveAny", "resolveTxt", "resolveSrv"]) {
    const real = owner[name];
    owner[name] = (host, ...rest) => {
      note(`dns.${name}`, host);
      return real.call(owner, host, ...rest);
    };
  }

const dgram = require("node:dgram");
const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function (...args) {
  note("datagram", args.filter((one) => typeof one === "string").at(-1) ?? "unknown");
  return send.apply(this, args);
};
syncBuiltinESMExports();
