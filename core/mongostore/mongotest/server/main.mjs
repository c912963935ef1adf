// A server that speaks enough of MongoDB's wire protocol for Deskwatch's tests: in memory, on
// the loopback interface, ending with the process that started it. Not for anything else.
//
//   node main.mjs [--port N] [--auth user:password:role]… [--tls cert.pem key.pem]
//                 [--version 7.0.0] [--hello '{"field":"value"}']
//
// It prints "READY mongodb://127.0.0.1:PORT/" and ends on SIGTERM, SIGINT or when stdin closes.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { Users } from './auth.mjs';
import { Store } from './collection.mjs';
import { Cursors } from './cursors.mjs';
import { commands } from './commands.mjs';
import { CommandError, limitTime } from './errors.mjs';
import { FailPoints } from './failpoint.mjs';
import { Frames, decode, encode } from './wire.mjs';

const server = {
  store: new Store(),
  cursors: new Cursors(),
  failPoints: new FailPoints(),
  users: new Users(),
  options: { port: 0, version: '7.0.0', hello: {} },
};

function readArguments(args) {
  const { options, users } = server;
  for (let next; (next = args.shift()); ) {
    const value = args.shift();
    if (value === undefined) throw new Error(`${next} wants a value`);
    if (next === '--port') options.port = Number(value);
    else if (next === '--auth') users.add(value);
    else if (next === '--version') options.version = value;
    else if (next === '--hello') options.hello = JSON.parse(value);
    else if (next === '--tls') options.tls = { cert: readFileSync(value), key: readFileSync(args.shift()) };
    else throw new Error(`unknown argument ${next}`);
  }
}

// run does a command and returns its answer; it never throws.
function run(connection, name, command, sequences) {
  const database = command.$db ?? 'admin';
  try {
    if (!Object.hasOwn(commands, name)) throw new CommandError(59, 'CommandNotFound', `no such command: '${name}'`);
    server.users.authorise(connection, name, command);
    refuse(command);
    limitTime(Number(command.maxTimeMS ?? 0));
    const answer = commands[name](server, database, command, sequences, connection);
    return Buffer.isBuffer(answer) ? answer : { ...answer, ok: 1 };
  } catch (e) {
    if (e instanceof CommandError) return { ok: 0, errmsg: e.message, code: e.code, codeName: e.codeName, ...e.more };
    // The query engine's own complaints are about what it was asked.
    return { ok: 0, errmsg: String(e?.message ?? e), code: 2, codeName: 'BadValue' };
  }
}

// refuse throws for what a stand-alone server or this one cannot do.
function refuse(command) {
  if (command.startTransaction || command.autocommit === false) {
    throw new CommandError(20, 'IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos');
  }
  if (command.collation && command.collation.locale !== 'simple') throw new CommandError(2, 'BadValue', 'this server has no collations');
}

// perform answers one request, in the way a fail point wants it where one is set.
async function perform(connection, request) {
  const { command, sequences } = request;
  const name = Object.keys(command)[0];
  const fail = server.failPoints.enter(name, command.$db, command[name], connection.appName);
  if (fail?.blockConnection) await new Promise((done) => setTimeout(done, Number(fail.blockTimeMS)));
  if (fail?.closeConnection) return undefined;
  let reply;
  if (fail?.errorCode) reply = { ok: 0, errmsg: 'Failing command via \'failCommand\' failpoint', code: fail.errorCode, codeName: `Location${fail.errorCode}` };
  else reply = run(connection, name, command, sequences);
  if (fail?.afterWork) return undefined;
  if (fail?.errorLabels) reply.errorLabels = fail.errorLabels;
  if (fail?.writeConcernError) reply.writeConcernError = fail.writeConcernError;
  return request.silent ? Buffer.alloc(0) : encode(request, reply);
}

let connections = 0;

function serve(socket) {
  const connection = { id: ++connections, peer: `${socket.remoteAddress}:${socket.remotePort}`, appName: undefined, user: undefined };
  const frames = new Frames();
  let turn = Promise.resolve(); // requests of one connection are answered one after the other
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    try {
      for (const message of frames.push(chunk)) {
        turn = turn.then(async () => {
          if (socket.destroyed) return;
          const bytes = await perform(connection, decode(message));
          if (bytes === undefined) socket.destroy();
          else if (bytes.length && !socket.destroyed) socket.write(bytes);
        }).catch((e) => {
          console.error(e);
          socket.destroy();
        });
      }
    } catch (e) {
      console.error(e);
      socket.destroy();
    }
  });
}

readArguments(process.argv.slice(2));
const end = () => process.exit(0);
process.on('SIGTERM', end).on('SIGINT', end);
process.stdin.on('end', end).on('error', end).resume();
const listener = server.options.tls ? tls.createServer(server.options.tls, serve).on('tlsClientError', () => {}) : net.createServer(serve);
listener.on('error', (e) => {
  console.error(String(e));
  process.exit(1);
});
listener.listen(server.options.port, '127.0.0.1', () => console.log(`READY mongodb://127.0.0.1:${listener.address().port}/`));
