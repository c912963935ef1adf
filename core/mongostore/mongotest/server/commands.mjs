// The commands, by name. Each gets ({ store, cursors, … }, database, command, sequences,
// connection) and returns the fields of its answer, or the finished answer as bytes.
import { Query } from './engine.mjs';
import { aggregate, check, leading, project, sizes, write } from './aggregate.mjs';
import { Collection, Entry } from './collection.mjs';
import { CommandError, badValue } from './errors.mjs';
import { plan } from './plan.mjs';
import { insertOne, update } from './writes.mjs';
import { parseStatement } from './wire.mjs';
import { clone } from './values.mjs';
import { serialize } from 'bson';

const MAX_DOCUMENT = 16 * 1024 * 1024;
const number = (v) => (v === undefined || v === null ? undefined : Number(v));
const notFound = (namespace) => new CommandError(26, 'NamespaceNotFound', `ns does not exist: ${namespace}`);

function hello({ options }, database, command, sequences, connection) {
  connection.appName = command.client?.application?.name ?? connection.appName;
  return {
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    maxBsonObjectSize: MAX_DOCUMENT,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ...(command.saslSupportedMechs ? { saslSupportedMechs: ['SCRAM-SHA-256'] } : {}),
    ...options.hello,
  };
}

function buildInfo({ options }) {
  const { version } = options;
  return { version, versionArray: [...version.split('.').map(Number), 0], maxBsonObjectSize: MAX_DOCUMENT, modules: [], ok: 1 };
}

// writeAll does each of a list of statements and gathers the errors; a write command goes on
// after an error only when it is not ordered.
function writeAll(statements, { ordered = true }, each) {
  const writeErrors = [];
  for (let index = 0; index < statements.length; index++) {
    try {
      each(statements[index], index);
    } catch (e) {
      if (e.code === 50) throw e;
      writeErrors.push({ index, code: e.code ?? 2, errmsg: e.message, ...e.more });
      if (ordered) break;
    }
  }
  return writeErrors.length ? { writeErrors } : {};
}

function insert({ store }, database, command, { documents }) {
  const collection = store.create(database, command.insert);
  let n = 0;
  const errors = writeAll(documents ?? command.documents.map((d) => serialize(d)), command, (message) => {
    insertOne(collection, message);
    n++;
  });
  return { n, ...errors };
}

function updateMany({ store }, database, command, { updates }) {
  const statements = updates?.map(parseStatement) ?? command.updates;
  const missing = !store.get(database, command.update);
  if (missing && !statements.some((s) => s.upsert)) return { n: 0, nModified: 0 };
  const collection = store.create(database, command.update);
  const upserted = [];
  let n = 0;
  let nModified = 0;
  const errors = writeAll(statements, command, (statement, index) => {
    const done = update(collection, statement);
    n += done.matched;
    nModified += done.modified;
    if (!done.upserted) return;
    n++;
    upserted.push({ index, _id: done.upserted.doc._id });
  });
  return { n, nModified, ...(upserted.length ? { upserted } : {}), ...errors };
}

function deleteMany({ store }, database, command, { deletes }) {
  const collection = store.get(database, command.delete);
  let n = 0;
  const errors = writeAll(collection ? deletes?.map(parseStatement) ?? command.deletes : [], command, ({ q, limit, hint }) => {
    const found = collection.find({ filter: q, limit: number(limit), hint });
    found.forEach((entry) => collection.remove(entry));
    n += found.length;
  });
  return { n, ...errors };
}

function findAndModify({ store }, database, command) {
  const { query: filter = {}, sort, remove, update: u, upsert, fields, arrayFilters, hint } = command;
  const collection = upsert ? store.create(database, command.findAndModify ?? command.findandmodify) : store.get(database, command.findAndModify ?? command.findandmodify);
  const [entry] = collection?.find({ filter, sort, limit: 1, hint }) ?? [];
  const shown = (doc) => (doc && fields && Object.keys(fields).length ? project([doc], fields)[0] : doc ?? null);
  const old = entry?.doc;
  if (remove) {
    if (entry) collection.remove(entry);
    return { lastErrorObject: { n: entry ? 1 : 0 }, value: shown(old) };
  }
  if (!collection) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
  const done = update(collection, { q: filter, u, upsert, arrayFilters }, entry ? [entry] : []);
  const upserted = done.upserted && { upserted: done.upserted.doc._id };
  const value = command.new ? (entry ?? done.upserted)?.doc : old;
  return { lastErrorObject: { n: done.matched || (upserted ? 1 : 0), updatedExisting: !!entry, ...upserted }, value: shown(value) };
}

function find({ store, cursors }, database, command) {
  const { filter, sort, projection, hint, singleBatch } = command;
  if (command.tailable) throw badValue('this server has no tailable cursors');
  const limit = number(command.limit) ?? 0;
  const question = { filter, sort, hint, skip: number(command.skip), limit: Math.abs(limit) };
  // A wrong filter is an error on a collection that is not there, too.
  const collection = store.get(database, command.find) ?? new Collection(`${database}.${command.find}`);
  let items = collection.find(question, command.let);
  if (projection && Object.keys(projection).length) items = project(items.map((e) => e.doc), projection);
  return cursors.start(collection.namespace, items, { batchSize: number(command.batchSize), single: singleBatch || limit < 0 });
}

function aggregateCommand({ store, cursors }, database, command) {
  if (command.explain) return explain({ store }, database, { explain: command });
  const name = command.aggregate;
  const { pipeline, hint } = command;
  const namespace = `${database}.${typeof name === 'string' ? name : '$cmd.aggregate'}`;
  check(pipeline);
  const last = pipeline.at(-1);
  const writes = last?.$merge || last?.$out;
  const stages = writes ? pipeline.slice(0, -1) : pipeline;
  const items = aggregate(store, database, store.get(database, name), stages, { hint, variables: command.let });
  if (writes) {
    write(store, database, last, items.map((item) => clone(item instanceof Entry ? item.doc : item)));
    return cursors.start(namespace, []);
  }
  return cursors.start(namespace, items, { batchSize: number(command.cursor?.batchSize) });
}

function count({ store }, database, command) {
  const { query: filter, hint } = command;
  return { n: store.get(database, command.count)?.count({ filter, hint, skip: number(command.skip), limit: Math.abs(number(command.limit) ?? 0) }) ?? 0 };
}

function distinct({ store }, database, command) {
  return { values: store.get(database, command.distinct)?.distinct(command.key, command.query ?? {}) ?? [] };
}

// explain says which index answers a find, count, distinct or the beginning of an aggregation,
// in the shape of MongoDB's own answer.
function explain({ store }, database, { explain: command }) {
  const name = Object.keys(command)[0];
  const collection = store.get(database, command[name]);
  const question = name === 'aggregate' ? leading(command.pipeline).question : { filter: command.filter ?? command.query, sort: command.sort };
  const { index, branches, sorted, count: keys } = collection ? plan(collection, { ...question, hint: command.hint }) : {};
  const input = index || branches ? { stage: 'FETCH', inputStage: keyStage({ index, branches }) } : { stage: 'COLLSCAN' };
  const winningPlan = question.sort && !sorted ? { stage: 'SORT', sortPattern: question.sort, inputStage: input } : input;
  const examined = keys ? keys() : collection?.size ?? 0;
  return { explainVersion: '1', queryPlanner: { namespace: `${database}.${command[name]}`, winningPlan, rejectedPlans: [] }, executionStats: { totalKeysExamined: keys ? examined : 0, totalDocsExamined: examined } };
}

const keyStage = ({ index, branches }) => (branches ? { stage: 'OR', inputStages: branches.map(keyStage) } : { stage: 'IXSCAN', indexName: index.name, keyPattern: index.key });

function createIndexes({ store }, database, command) {
  const createdCollectionAutomatically = !store.get(database, command.createIndexes);
  const collection = store.create(database, command.createIndexes);
  const numIndexesBefore = collection.describeIndexes().length;
  command.indexes.forEach((spec) => collection.createIndex(spec));
  return { numIndexesBefore, numIndexesAfter: collection.describeIndexes().length, createdCollectionAutomatically };
}

function dropIndexes({ store }, database, command) {
  const collection = store.get(database, command.dropIndexes);
  if (!collection) throw notFound(`${database}.${command.dropIndexes}`);
  const nIndexesWas = collection.describeIndexes().length;
  for (const wanted of [command.index].flat()) collection.dropIndex(wanted);
  return { nIndexesWas };
}

function listIndexes({ store, cursors }, database, command) {
  const collection = store.get(database, command.listIndexes);
  if (!collection) throw notFound(`${database}.${command.listIndexes}`);
  return cursors.start(collection.namespace, collection.describeIndexes(), { batchSize: number(command.cursor?.batchSize) });
}

function listCollections({ store, cursors }, database, command) {
  const all = [...store.collections(database).keys()].map((name) => ({ name, type: 'collection', options: {}, info: { readOnly: false }, idIndex: { v: 2, key: { _id: 1 }, name: '_id_' } }));
  const query = new Query(command.filter ?? {});
  return cursors.start(`${database}.$cmd.listCollections`, all.filter((c) => query.test(c)));
}

function listDatabases({ store }, database, command) {
  const query = new Query(command.filter ?? {});
  const databases = store.names().map((name) => ({ name, sizeOnDisk: 1, empty: false })).filter((d) => query.test(d));
  return { databases: command.nameOnly ? databases.map(({ name }) => ({ name })) : databases, totalSize: databases.length };
}

function dbStats({ store }, database) {
  const all = [...store.collections(database).values()].map(sizes);
  const sum = (field) => all.reduce((n, s) => n + s[field], 0);
  return { db: database, collections: all.length, objects: sum('count'), dataSize: sum('size'), storageSize: sum('storageSize'), indexes: sum('nindexes'), indexSize: sum('totalIndexSize') };
}

function create({ store }, database, command) {
  if (store.get(database, command.create)) throw new CommandError(48, 'NamespaceExists', `Collection ${database}.${command.create} already exists.`);
  store.create(database, command.create);
  return {};
}

function drop({ store }, database, command) {
  if (!store.drop(database, command.drop)) throw new CommandError(26, 'NamespaceNotFound', 'ns not found');
  return { ns: `${database}.${command.drop}` };
}

const nothing = () => ({});

export const commands = {
  hello, isMaster: hello, ismaster: hello, buildInfo, buildinfo: buildInfo,
  ping: nothing, endSessions: nothing, killSessions: nothing, refreshSessions: nothing,
  logout: (server, database, command, sequences, connection) => ((connection.user = undefined), {}),
  whatsmyuri: (server, database, command, sequences, connection) => ({ you: connection.peer }),
  saslStart: ({ users }, database, command, sequences, connection) => users.start(connection, command),
  saslContinue: ({ users }, database, command, sequences, connection) => users.proceed(connection, command),
  connectionStatus: ({ users }, database, command, sequences, connection) => users.status(connection, command),
  configureFailPoint: ({ failPoints }, database, command) => failPoints.configure(command),
  insert, update: updateMany, delete: deleteMany, findAndModify, findandmodify: findAndModify,
  find, aggregate: aggregateCommand, count, distinct, explain,
  getMore: ({ cursors }, database, command) => cursors.more(Number(command.getMore), number(command.batchSize)),
  killCursors: ({ cursors }, database, command) => cursors.kill(command.cursors),
  create, drop, listCollections, listDatabases, dbStats,
  dropDatabase: ({ store }, database) => (store.dropDatabase(database), { dropped: database }),
  createIndexes, dropIndexes, listIndexes,
  collStats: ({ store }, database, command) => ({ ns: `${database}.${command.collStats}`, ...sizes(store.get(database, command.collStats)) }),
};
