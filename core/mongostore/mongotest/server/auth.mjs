// Users, SCRAM-SHA-256 (RFC 5802, RFC 7677) and what the roles read and readWrite may do.
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Binary } from 'bson';
import { CommandError, badValue } from './errors.mjs';

const ITERATIONS = 4096;

const OPEN = new Set(['hello', 'isMaster', 'ismaster', 'saslStart', 'saslContinue', 'ping', 'buildInfo', 'buildinfo', 'connectionStatus', 'whatsmyuri', 'logout', 'endSessions']);
const READS = ['collStats', 'dbStats', 'find', 'killCursors', 'listCollections', 'listDatabases', 'listIndexes'];
const WRITES = ['convertToCapped', 'createCollection', 'createIndex', 'dropCollection', 'dropIndex', 'insert', 'remove', 'update'];
const ACTIONS = { read: READS, readWrite: [...READS, ...WRITES] };
const WRITING = new Set(['insert', 'update', 'delete', 'findAndModify', 'findandmodify', 'create', 'drop', 'createIndexes', 'dropIndexes']);
const ADMINISTRATION = new Set(['dropDatabase', 'shutdown']);

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const sha = (bytes) => createHash('sha256').update(bytes).digest();
const xor = (a, b) => a.map((byte, i) => byte ^ b[i]);
const failed = () => new CommandError(18, 'AuthenticationFailed', 'Authentication failed.');

export class Users {
  #users = new Map(); // name -> { role, salt, stored, server }

  // add takes "user:password:role".
  add(text) {
    const [, name, password, role] = /^([^:]+):(.*):([^:]+)$/.exec(text) ?? [];
    if (!ACTIONS[role]) throw new Error('--auth wants user:password:role, the role read or readWrite');
    const salt = randomBytes(16);
    const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
    this.#users.set(name, { name, role, salt, stored: sha(hmac(salted, 'Client Key')), server: hmac(salted, 'Server Key') });
  }

  // authorise throws unless a connection may run a command.
  authorise(connection, name, command) {
    if (!this.#users.size || OPEN.has(name)) return;
    if (!connection.user) throw unauthorised(`Command ${name} requires authentication`);
    const writes = WRITING.has(name) || (name === 'aggregate' && command.pipeline?.some?.((s) => s?.$out || s?.$merge));
    if (ADMINISTRATION.has(name) || (writes && connection.user.role !== 'readWrite')) {
      const { $db: database, lsid, $clusterTime, ...shown } = command;
      throw unauthorised(`not authorized on ${database} to execute command { ${Object.keys(shown)[0]}: ${JSON.stringify(shown[name])} }`);
    }
  }

  start(connection, { mechanism, payload, options }) {
    if (mechanism !== 'SCRAM-SHA-256') throw new CommandError(334, 'MechanismUnavailable', `Received authentication for mechanism ${mechanism} which is not enabled`);
    const bare = /^n,[^,]*,(.*)$/s.exec(text(payload))?.[1];
    if (bare === undefined) throw badValue('malformed first message');
    const { n, r } = attributes(bare);
    const user = this.#users.get(n?.replaceAll('=2C', ',').replaceAll('=3D', '='));
    const salt = user?.salt ?? randomBytes(16); // an unknown user looks like a wrong password
    const nonce = r + randomBytes(18).toString('base64');
    const first = `r=${nonce},s=${salt.toString('base64')},i=${ITERATIONS}`;
    connection.scram = { user, nonce, transcript: `${bare},${first}`, short: options?.skipEmptyExchange };
    return { conversationId: 1, done: false, payload: binary(first) };
  }

  proceed(connection, { payload }) {
    const { scram } = connection;
    if (!scram) throw failed();
    if (scram.proven) return this.#finish(connection, '');
    const message = text(payload);
    const { r, p } = attributes(message);
    const signed = `${scram.transcript},${message.slice(0, message.lastIndexOf(',p='))}`;
    const { user } = scram;
    const proof = Buffer.from(p ?? '', 'base64');
    if (!user || r !== scram.nonce || proof.length !== 32 || !timingSafeEqual(sha(xor(proof, hmac(user.stored, signed))), user.stored)) {
      connection.scram = undefined;
      throw failed();
    }
    const answer = `v=${hmac(user.server, signed).toString('base64')}`;
    if (scram.short) return this.#finish(connection, answer);
    scram.proven = true;
    return { conversationId: 1, done: false, payload: binary(answer) };
  }

  #finish(connection, answer) {
    connection.user = connection.scram.user;
    connection.scram = undefined;
    return { conversationId: 1, done: true, payload: binary(answer) };
  }

  // status answers connectionStatus.
  status({ user }, { showPrivileges }) {
    const roles = user ? [{ role: `${user.role}AnyDatabase`, db: 'admin' }] : [];
    const privileges = user ? [{ resource: { db: '', collection: '' }, actions: ACTIONS[user.role] }] : [];
    return {
      authInfo: {
        authenticatedUsers: user ? [{ user: user.name, db: 'admin' }] : [],
        authenticatedUserRoles: roles,
        ...(showPrivileges ? { authenticatedUserPrivileges: privileges } : {}),
      },
    };
  }
}

const unauthorised = (message) => new CommandError(13, 'Unauthorized', message);
const text = (payload) => Buffer.from(payload?.buffer ?? '').subarray(0, payload?.position).toString();
const binary = (s) => new Binary(Buffer.from(s));

function attributes(message) {
  return Object.fromEntries(message.split(',').map((part) => [part[0], part.slice(2)]));
}
