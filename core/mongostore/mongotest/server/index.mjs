// An index: its rows in order, made when first asked for.
//
// A row is { key, entry, version, many }; it is dead once the entry has another version. Writes
// only note the entry; the next question sorts the notes into `recent`, and a `recent` grown
// large into `rows`. A document with one array of plain values in its key has a row for each of
// them (many), as in MongoDB's multikey indexes; it is tested in full. Other documents whose key
// is or lies behind an array are in `odd`: every answer has them as candidates, tested in full.
import { Query } from './engine.mjs';
import { CommandError, badValue, checkTime } from './errors.mjs';
import { compare, sortStrings, identity, path } from './values.mjs';

const RECENT = 4096;
const FEW = 16;

export class Index {
  constructor(spec) {
    const { key, name, v, ns, background, ...options } = spec;
    for (const direction of Object.values(key)) {
      if (typeof direction !== 'number' || direction === 0) throw new CommandError(67, 'CannotCreateIndex', `this server has no index of kind '${direction}'`);
    }
    const known = ['unique', 'sparse', 'partialFilterExpression', 'commitQuorum'];
    const strange = Object.keys(options).find((o) => !known.includes(o));
    if (strange) throw new CommandError(197, 'InvalidIndexSpecificationOption', `this server has no index option '${strange}'`);
    this.key = key;
    this.name = name ?? Object.entries(key).flat().join('_');
    this.options = options;
    this.unique = !!options.unique;
    this.fields = Object.keys(key);
    if (!this.fields.length) throw badValue('an index needs a field');
    this.read = this.fields.map(path);
    this.filter = options.partialFilterExpression;
    this.partial = this.filter && new Query(this.filter);
    this.owners = new Map(); // of a unique index: identity -> entry
    this.notes = new Set();
    this.recent = [];
    this.rows = [];
    this.odd = new Map(); // entry -> version
    this.multikey = false; // whether it ever had an array
  }

  covers(doc) {
    if (this.partial && !this.partial.test(doc)) return false;
    return !this.options.sparse || this.read.some((read) => read(doc) !== undefined);
  }

  // conflict returns whether doc, to be kept by entry, has the key of another entry.
  conflict(doc, entry) {
    if (!this.unique || !this.covers(doc)) return false;
    const owner = this.owners.get(this.identity(doc));
    return owner !== undefined && owner !== entry;
  }

  identity(doc) {
    return this.read.map((read) => identity(read(doc))).join('\0');
  }

  add(entry) {
    if (this.unique && this.covers(entry.doc)) this.owners.set(this.identity(entry.doc), entry);
    this.notes.add(entry);
  }

  remove(entry) {
    if (this.unique && this.covers(entry.doc)) this.owners.delete(this.identity(entry.doc));
    this.notes.delete(entry);
    this.odd.delete(entry);
  }

  // settle sorts the noted entries in. whole: leave nothing in recent, for reading in order.
  settle(whole) {
    if (this.notes.size) {
      const fresh = [];
      for (const entry of this.notes) {
        if (!this.covers(entry.doc)) continue;
        const key = this.read.map((read) => read(entry.doc) ?? null);
        const { version } = entry;
        const at = key.findIndex(Array.isArray);
        if (at < 0) fresh.push({ key, entry, version, many: false });
        else {
          this.multikey = true;
          if (!key[at].length || !key[at].every(isPlain) || key.some((v, i) => i > at && Array.isArray(v))) this.odd.set(entry, version);
          else for (const v of new Set(key[at])) fresh.push({ key: key.map((x, i) => (i === at ? v : x)), entry, version, many: true });
        }
      }
      this.notes.clear();
      checkTime();
      this.recent = merge(this.recent, arrange(fresh, 0, []));
    }
    if (this.recent.length > Math.max(RECENT, this.rows.length >> 5) || (whole && this.recent.length)) {
      this.rows = merge(this.rows, this.recent);
      this.recent = [];
    }
  }

  // spans returns the runs of rows within the ranges, as [rows, from, to].
  spans(ranges) {
    const spans = [];
    for (const rows of this.recent.length ? [this.rows, this.recent] : [this.rows]) {
      for (const { low, high, lowOpen, highOpen } of ranges) {
        const from = low.length ? first(rows, (key) => compareKeys(key, low, low.length) > (lowOpen ? 0 : -1)) : 0;
        const to = high.length ? first(rows, (key) => compareKeys(key, high, high.length) > (highOpen ? -1 : 0)) : rows.length;
        if (from < to) spans.push([rows, from, to]);
      }
    }
    return spans;
  }

  // distinct returns the different values of the first field, leaping from one to the next.
  distinct() {
    this.settle(true);
    const values = [];
    for (let at = 0; at < this.rows.length; ) {
      const { key, entry, version } = this.rows[at];
      if (entry.version !== version) {
        at++;
        continue;
      }
      values.push(key[0]);
      at = first(this.rows, (k) => compare(k[0], key[0]) > 0, at);
    }
    return values;
  }

  describe() {
    return { v: 2, key: this.key, name: this.name, ...this.options };
  }
}

// isPlain says that a value within an array is neither an array nor a document.
const isPlain = (v) => v === null || typeof v !== 'object' || v instanceof Date || v._bsontype !== undefined;

function compareKeys(a, b, length, from = 0) {
  for (let i = from; i < length; i++) {
    const c = compare(a[i], b[i]);
    if (c !== 0) return c < 0 ? -1 : 1;
  }
  return 0;
}

const compareRows = (a, b, from = 0) => compareKeys(a.key, b.key, a.key.length, from) || a.entry.order - b.entry.order;

// arrange appends to out, in order, rows that agree on the fields before at. Rows with the same
// value are put together first, so that only different values are compared.
function arrange(rows, at, out) {
  if (rows.length <= FEW || at === rows[0].key.length) {
    if (rows.length > 1) rows.sort((a, b) => compareRows(a, b, at));
    for (const row of rows) out.push(row);
    return out;
  }
  const groups = new Map();
  for (const row of rows) {
    const id = identity(row.key[at]);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, row);
    else if (Array.isArray(group)) {
      row.key[at] = group[0].key[at]; // the same string, not its copy, compares at once
      group.push(row);
    } else {
      row.key[at] = group.key[at];
      groups.set(id, [group, row]);
    }
  }
  if (rows.every((row) => typeof row.key[at] === 'string')) {
    for (const id of sortStrings([...groups.keys()])) {
      const group = groups.get(id);
      if (Array.isArray(group)) arrange(group, at + 1, out);
      else out.push(group);
    }
    return out;
  }
  const value = (group) => group[0].key[at];
  const lists = [...groups.values()].map((g) => [g].flat()).sort((a, b) => compare(value(a), value(b)));
  for (let i = 0; i < lists.length; ) {
    let same = lists[i++]; // values of different types can be equal: 1 as a decimal and as a double
    while (i < lists.length && compare(value(same), value(lists[i])) === 0) same = same.concat(lists[i++]);
    arrange(same, at + 1, out);
  }
  return out;
}

// first returns the first place whose key answers yes, given that all after it do.
function first(rows, yes, low = 0) {
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (yes(rows[middle].key)) high = middle;
    else low = middle + 1;
  }
  return low;
}

// merge joins two sorted lists of rows and leaves the dead ones out.
function merge(a, b) {
  if (!a.length) return b;
  const out = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const row = j === b.length || (i < a.length && compareRows(a[i], b[j]) <= 0) ? a[i++] : b[j++];
    if (row.version === row.entry.version) out.push(row);
  }
  return out;
}
