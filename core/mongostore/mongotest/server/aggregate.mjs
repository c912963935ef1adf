// Aggregation: mingo runs the stages; the leading $match, $sort and $limit are a question to the
// collection, which may have an index for it.
import { Aggregator, operators } from './engine.mjs';
import { CommandError, badValue, checked, location } from './errors.mjs';
import { clone, isDocument, path } from './values.mjs';
import { ObjectId } from 'bson';

// These read documents without changing them or what is in them, so they need no copies. What
// follows a $group works on documents of its own.
const READING = new Set(['$match', '$sort', '$limit', '$skip', '$count', '$sortByCount', '$sample', '$project', '$addFields', '$set']);

// leading splits a pipeline into the question it begins with and the stages that remain.
export function leading(stages) {
  let at = 0;
  const filters = [];
  for (; stages[at]?.$match; at++) filters.push(stages[at].$match);
  const question = { filter: filters.length > 1 ? { $and: filters } : filters[0] ?? {} };
  if (stages[at]?.$sort) {
    question.sort = stages[at++].$sort;
    if (stages[at]?.$limit > 0) question.limit = Number(stages[at++].$limit);
  } else if (stages[at]?.$limit > 0) question.limit = Number(stages[at++].$limit);
  return { question, rest: stages.slice(at) };
}

// aggregate returns the entries or documents that stages make of a collection's.
export function aggregate(store, database, collection, stages, { hint, variables }) {
  check(stages);
  if (stages[0]?.$collStats) return run(store, database, [statistics(collection, stages[0].$collStats)], stages.slice(1), variables);
  if (stages[0]?.$indexStats) return run(store, database, collection?.describeIndexes().map(({ name, key }) => ({ name, key })) ?? [], stages.slice(1), variables);
  if (!collection) return run(store, database, [], stages, variables);
  const { question, rest } = leading(stages);
  const entries = collection.find({ ...question, hint }, variables);
  if (!rest.length) return entries;
  const copied = !harmless(rest);
  const docs = entries.map((e) => (copied ? clone(e.doc) : e.doc));
  return run(store, database, docs, rest, variables);
}

function run(store, database, docs, stages, variables) {
  if (!stages.length) return docs;
  const collectionResolver = (name) => [...(store.get(database, name)?.entries.values() ?? [])].map((e) => clone(e.doc));
  return new Aggregator(stages, { collectionResolver, variables }).run(checked(docs));
}

// project gives documents as a find's projection has them.
export function project(docs, projection) {
  const stages = [{ $project: projection }];
  return new Aggregator(stages).run(harmless(stages) ? docs : docs.map(clone));
}

// harmless says whether stages leave the documents they are given as they are.
function harmless(stages) {
  for (const stage of stages) {
    const [name, argument] = Object.entries(stage)[0];
    if (name === '$group') return true;
    if (!READING.has(name)) return false;
    if (['$project', '$addFields', '$set'].includes(name) && !Object.entries(argument).every(flat)) return false;
  }
  return true;
}

// flat says that a field of a $project is not within another.
const flat = ([field, v]) => !field.includes('.') && !(isDocument(v) && !Object.keys(v)[0]?.startsWith('$'));

function statistics(collection, { count, storageStats }) {
  if (!collection) throw new CommandError(26, 'NamespaceNotFound', 'Collection not found');
  return { ns: collection.namespace, localTime: new Date(), ...(count ? { count: collection.size } : {}), ...(storageStats ? { storageStats: sizes(collection) } : {}) };
}

// sizes estimates from the first documents.
export function sizes(collection) {
  let bytes = 0;
  let seen = 0;
  for (const entry of collection?.entries.values() ?? []) {
    if (seen === 100) break;
    seen++;
    bytes += entry.raw?.length ?? 200;
  }
  const count = collection?.size ?? 0;
  const average = seen ? Math.round(bytes / seen) : 0;
  const indexes = collection?.describeIndexes() ?? [];
  return { size: average * count, count, avgObjSize: average, storageSize: average * count, nindexes: indexes.length, indexSizes: Object.fromEntries(indexes.map((x) => [x.name, count * 32])), totalIndexSize: indexes.length * count * 32, capped: false };
}

// check refuses what MongoDB would refuse, with its codes, before anything runs.
export function check(stages, nested = false) {
  if (!Array.isArray(stages)) throw new CommandError(14, 'TypeMismatch', "'pipeline' option must be specified as an array");
  stages.forEach((stage, i) => {
    if (!isDocument(stage) || Object.keys(stage).length !== 1) throw location(40323, 'A pipeline stage specification object must contain exactly one field.');
    const [name, argument] = Object.entries(stage)[0];
    if (name === '$changeStream') throw location(40573, 'The $changeStream stage is only supported on replica sets');
    if (['$collStats', '$indexStats'].includes(name)) {
      if (i || nested) throw new CommandError(40602, 'Location40602', `${name} is only valid as the first stage in a pipeline`);
      return;
    }
    if (['$merge', '$out'].includes(name)) {
      if (i !== stages.length - 1 || nested) throw location(40601, `${name} can only be the final stage in the pipeline`);
      return;
    }
    if (!operators.pipeline[name]) throw location(40324, `Unrecognized pipeline stage name: '${name}'`);
    if (name === '$group') checkGroup(argument);
    else if (['$addFields', '$set', '$replaceRoot', '$replaceWith', '$sortByCount'].includes(name)) checkExpression(argument);
    else if (name === '$project') checkExpression(argument, projected);
    else if (name === '$match' && argument.$expr) checkExpression(argument.$expr);
    else if (name === '$facet') Object.values(argument).forEach((p) => check(p, true));
    else if (name === '$lookup' && argument.pipeline) check(argument.pipeline, true);
  });
}

function checkGroup(argument) {
  if (!isDocument(argument) || !('_id' in argument)) throw location(15955, 'a group specification must include an _id');
  for (const [field, value] of Object.entries(argument)) {
    if (field === '_id') {
      checkExpression(value);
      continue;
    }
    if (!isDocument(value)) throw location(40234, `The field '${field}' must be an accumulator object`);
    const [name, input] = Object.entries(value)[0] ?? [];
    if (!operators.accumulator[name]) throw location(15952, `unknown group operator '${name}'`);
    checkExpression(input);
  }
}

const unrecognised = (name) => new CommandError(168, 'InvalidPipelineOperator', `Unrecognized expression '${name}'`);
const projected = (name) => location(31325, `Invalid $project :: caused by :: Unknown expression ${name}`);

function checkExpression(e, failure = unrecognised) {
  if (Array.isArray(e)) e.forEach((x) => checkExpression(x, failure));
  else if (isDocument(e)) {
    for (const [name, argument] of Object.entries(e)) {
      if (name === '$literal') continue;
      if (name.startsWith('$') && !operators.expression[name] && !operators.accumulator[name] && !operators.projection[name]) throw failure(name);
      checkExpression(argument, failure);
    }
  }
}

// write carries out a final $merge or $out.
export function write(store, database, stage, docs) {
  if (stage.$out) {
    const to = target(database, stage.$out);
    store.drop(to.db, to.coll);
    const collection = store.create(to.db, to.coll);
    for (const doc of docs) collection.insert(doc._id === undefined ? { _id: new ObjectId(), ...doc } : doc);
    return;
  }
  const spec = typeof stage.$merge === 'string' ? { into: stage.$merge } : stage.$merge;
  const to = target(database, spec.into);
  const collection = store.create(to.db, to.coll);
  const on = [spec.on ?? '_id'].flat();
  if (on.join() !== '_id' && !collection.indexes.some((x) => x.unique && !x.filter && x.fields.length === on.length && on.every((f) => x.fields.includes(f)))) {
    throw location(51183, 'Cannot find index to verify that join fields will be unique');
  }
  for (const doc of docs) mergeOne(collection, on, spec, doc);
}

const target = (database, to) => (typeof to === 'string' ? { db: database, coll: to } : { db: to.db ?? database, coll: to.coll });

function mergeOne(collection, on, { whenMatched = 'merge', whenNotMatched = 'insert' }, doc) {
  const [old] = collection.find({ filter: Object.fromEntries(on.map((f) => [f, { $eq: path(f)(doc) ?? null }])), limit: 1 });
  if (!old) {
    if (whenNotMatched === 'fail') throw new CommandError(13113, 'MergeStageNoMatchingDocument', '$merge could not find a matching document');
    if (whenNotMatched === 'insert') collection.insert(doc._id === undefined ? { _id: new ObjectId(), ...doc } : doc);
    return;
  }
  const { _id } = old.doc;
  if (Array.isArray(whenMatched)) collection.replace(old, new Aggregator(whenMatched, { variables: { new: doc } }).run([clone(old.doc)])[0]);
  else if (whenMatched === 'replace') collection.replace(old, { ...doc, _id });
  else if (whenMatched === 'merge') collection.replace(old, { ...old.doc, ...doc, _id });
  else if (whenMatched === 'fail') throw new CommandError(11000, 'DuplicateKey', '$merge found a matching document');
  else if (whenMatched !== 'keepExisting') throw badValue(`unknown whenMatched '${whenMatched}'`);
}
