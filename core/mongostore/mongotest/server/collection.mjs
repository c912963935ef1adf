// A collection: documents by _id in the order they came, and its indexes.
//
import { Query, sorter } from './engine.mjs';
import { CommandError, badValue, checkTime, checked } from './errors.mjs';
import { Index } from './index.mjs';
import { plan } from './plan.mjs';
import { identity, isDocument, path, toBytes } from './values.mjs';

// Entry holds one document. raw are its bytes as they came, so that it is given back with its own
// types; without raw it is written anew. version counts the changes, so that rows of indexes can
// be recognised as dead; a removed entry has version -1.
export class Entry {
  constructor(doc, raw, order) {
    this.doc = doc;
    this.raw = raw;
    this.version = 0;
    this.order = order;
  }

  bytes() {
    return this.raw ?? toBytes(this.doc);
  }
}

export class Collection {
  constructor(namespace) {
    this.namespace = namespace;
    this.entries = new Map(); // identity of _id -> entry
    this.indexes = [new Index({ key: { _id: 1 }, name: '_id_' })];
    this.inserted = 0;
  }

  get size() {
    return this.entries.size;
  }

  insert(doc, raw) {
    const id = identity(doc._id);
    if (Array.isArray(doc._id)) throw badValue("The '_id' value cannot be of type array");
    if (this.entries.has(id)) throw duplicate(this.namespace, '_id_', { _id: 1 }, { _id: doc._id });
    const entry = new Entry(doc, raw, this.inserted++);
    this.#check(doc, entry);
    this.entries.set(id, entry);
    for (const index of this.indexes) index.add(entry);
    return entry;
  }

  replace(entry, doc, raw) {
    if (identity(doc._id) !== identity(entry.doc._id)) {
      throw new CommandError(66, 'ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'");
    }
    this.#check(doc, entry);
    for (const index of this.indexes) index.remove(entry);
    Object.assign(entry, { doc, raw, version: entry.version + 1 });
    for (const index of this.indexes) index.add(entry);
  }

  remove(entry) {
    for (const index of this.indexes) index.remove(entry);
    entry.version = -1;
    this.entries.delete(identity(entry.doc._id));
  }

  #check(doc, entry) {
    for (const index of this.indexes) if (index.conflict(doc, entry)) throw this.#conflict(index, doc);
  }

  #conflict(index, doc) {
    return duplicate(this.namespace, index.name, index.key, Object.fromEntries(index.fields.map((f) => [f, path(f)(doc) ?? null])));
  }

  // createIndex returns whether the index is new.
  createIndex(spec) {
    const index = new Index(spec);
    if (JSON.stringify(index.key) === '{"_id":1}') return false; // it is there
    const options = ({ options: { commitQuorum, ...rest }, key }) => JSON.stringify([rest, key]);
    for (const old of this.indexes) {
      const sameKey = JSON.stringify(old.key) === JSON.stringify(index.key);
      if (old.name === index.name) {
        if (options(old) === options(index)) return false;
        throw new CommandError(86, 'IndexKeySpecsConflict', `An existing index has the same name as the requested index: ${index.name}`);
      }
      if (sameKey) throw new CommandError(85, 'IndexOptionsConflict', `Index already exists with a different name: ${old.name}`);
    }
    for (const entry of checked(this.entries.values())) {
      if (index.conflict(entry.doc, entry)) throw this.#conflict(index, entry.doc);
      index.add(entry);
    }
    index.settle(true);
    this.indexes.push(index);
    return true;
  }

  dropIndex(wanted) {
    if (wanted === '*') this.indexes.splice(1);
    else {
      const at = this.indexes.findIndex((x) => x.name === wanted || (isDocument(wanted) && JSON.stringify(x.key) === JSON.stringify(wanted)));
      if (at === 0) throw new CommandError(72, 'InvalidOptions', 'cannot drop _id index');
      if (at < 0) throw new CommandError(27, 'IndexNotFound', `index not found with name [${JSON.stringify(wanted)}]`);
      this.indexes.splice(at, 1);
    }
  }

  describeIndexes() {
    return this.indexes.map((x) => x.describe());
  }

  // find returns the entries that match, in order; { filter, sort, skip, limit, hint }, where no
  // limit is 0.
  find(question, variables) {
    const { filter = {}, sort, skip = 0, limit = 0 } = question;
    const most = limit ? skip + limit : Infinity;
    const query = (f) => (Object.keys(f).length ? new Query(f, { variables }) : null);
    const named = this.#byId(filter);
    const whole = named && Object.keys(filter).length === 1 ? null : query(filter);
    const p = named ? { rest: filter } : plan(this, { ...question, limit: limit && most });
    if (p.sorted) p.index.settle(true);
    const ordered = sort && Object.keys(sort).length > 0 && !p.sorted;
    const enough = ordered ? Infinity : most;
    const found = [];
    for (const entry of p.index || p.branches ? candidates(p, query, whole) : matching(named ?? this.entries.values(), whole)) {
      if (found.length >= enough) break;
      found.push(entry);
    }
    if (ordered) {
      const compare = sorter(sort);
      checkTime();
      found.sort((a, b) => compare(a.doc, b.doc));
    }
    return slice(found, skip, most);
  }

  count(question) {
    const { filter = {}, skip = 0, limit = 0 } = question;
    let n;
    if (!Object.keys(filter).length) n = this.size;
    else n = this.find({ ...question, skip: 0, limit: limit && skip + limit }).length;
    n = Math.max(0, n - skip);
    return limit ? Math.min(n, limit) : n;
  }

  distinct(field, filter) {
    const index = this.indexes.find((x) => x.fields[0] === field && !x.filter && !x.options.sparse);
    if (index && !Object.keys(filter).length) {
      const values = index.distinct();
      if (!index.multikey) {
        // The index has missing fields as null.
        const missing = values[0] === null && !this.find({ filter: { [field]: null } }).some((e) => path(field)(e.doc) === null);
        return missing ? values.slice(1) : values;
      }
    }
    const values = new Map();
    const read = path(field);
    for (const { doc } of this.find({ filter })) {
      for (const v of [read(doc)].flat()) if (v !== undefined) values.set(identity(v), v);
    }
    return [...values.values()];
  }

  // #byId returns the entries whose _id the filter names, or undefined where it asks otherwise.
  #byId(filter) {
    let one = filter._id;
    if (isDocument(one) && Object.keys(one)[0]?.startsWith('$')) {
      if (Object.keys(one).length > 1) return undefined;
      if (Array.isArray(one.$in) && one.$in.every((v) => typeof v === 'string' || typeof v === 'number')) {
        return [...new Set(one.$in.map(identity))].map((id) => this.entries.get(id)).filter(Boolean);
      }
      one = one.$eq;
    }
    if (one === undefined || one === null || Array.isArray(one) || one instanceof RegExp) return undefined;
    const entry = this.entries.get(identity(one));
    return entry ? [entry] : [];
  }
}

function slice(list, from, to) {
  return from === 0 && list.length <= to ? list : list.slice(from, to);
}

function* matching(entries, query) {
  let n = 0;
  for (const entry of entries) {
    if ((++n & 1023) === 0) checkTime();
    if (!query || query.test(entry.doc)) yield entry;
  }
}

// candidates yields what a plan's indexes give: rows that match the rest; those with an array,
// and odd entries, where they match the whole filter. query makes the test of a rest.
function* candidates({ index, branches, ranges, rest, backwards }, query, whole) {
  const seen = new Set();
  if (branches) {
    for (const branch of branches) {
      for (const entry of candidates(branch, query, whole)) {
        if (seen.has(entry)) continue;
        seen.add(entry);
        yield entry;
      }
    }
    return;
  }
  const remaining = query(rest);
  const spans = index.spans(ranges);
  if (backwards) spans.reverse();
  for (const [rows, from, to] of spans) {
    checkTime();
    for (let i = 0; i < to - from; i++) {
      const { entry, version, many } = rows[backwards ? to - 1 - i : from + i];
      if (entry.version !== version || (many && seen.has(entry))) continue;
      if (many) seen.add(entry);
      const test = many ? whole : remaining;
      if (!test || test.test(entry.doc)) yield entry;
    }
  }
  for (const entry of index.odd.keys()) if (!whole || whole.test(entry.doc)) yield entry;
}

function duplicate(namespace, index, keyPattern, keyValue) {
  const shown = Object.entries(keyValue).map(([k, v]) => `${k}: ${JSON.stringify(v)}`).join(', ');
  return new CommandError(11000, 'DuplicateKey', `E11000 duplicate key error collection: ${namespace} index: ${index} dup key: { ${shown} }`, { keyPattern, keyValue });
}

// Store has the collections by database and name.
export class Store {
  #databases = new Map();

  names() {
    return [...this.#databases.keys()];
  }

  collections(database) {
    return this.#databases.get(database) ?? new Map();
  }

  get(database, name) {
    return this.#databases.get(database)?.get(name);
  }

  create(database, name) {
    if (typeof name !== 'string' || !name || name.includes('\0') || name.includes('$')) {
      throw new CommandError(73, 'InvalidNamespace', `Invalid namespace specified '${database}.${name}'`);
    }
    if (!this.#databases.has(database)) this.#databases.set(database, new Map());
    const collections = this.#databases.get(database);
    if (!collections.has(name)) collections.set(name, new Collection(`${database}.${name}`));
    return collections.get(name);
  }

  drop(database, name) {
    const collections = this.#databases.get(database);
    if (!collections?.delete(name)) return false;
    if (!collections.size) this.#databases.delete(database);
    return true;
  }

  dropDatabase(database) {
    this.#databases.delete(database);
  }
}
