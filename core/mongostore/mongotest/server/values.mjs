// BSON values: their order, their identity, their place in a document.
import { EJSON, Long, ObjectId, serialize } from 'bson';

// Edge stands just below or above all values of one type, as the open end of a range.
export class Edge {
  constructor(rank, above) {
    this.rank = rank + (above ? 0.5 : -0.5);
  }
}

// rank is the place of a value's type in the order of BSON types.
// https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/
export function rank(v) {
  if (v === undefined || v === null) return 5;
  switch (typeof v) {
    case 'number': return 10;
    case 'bigint': return 10;
    case 'string': return 15;
    case 'boolean': return 40;
  }
  if (v instanceof Date) return 45;
  if (Array.isArray(v)) return 25;
  if (v instanceof RegExp) return 50;
  if (v instanceof Edge) return v.rank;
  switch (v._bsontype) {
    case 'MinKey': return -1;
    case 'Long': case 'Double': case 'Int32': case 'Decimal128': return 10;
    case 'BSONSymbol': return 15;
    case 'Binary': return 30;
    case 'ObjectId': return 35;
    case 'Timestamp': return 47;
    case 'BSONRegExp': return 50;
    case 'MaxKey': return 127;
  }
  return ArrayBuffer.isView(v) ? 30 : 20;
}

// compareStrings orders by code point, as MongoDB's bytes of UTF-8 do; JavaScript's own order
// differs where one side has a surrogate pair and the other a unit from U+E000 on.
export function compareStrings(a, b) {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      if (x >= 0xd800 && y >= 0xd800) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
      return x - y;
    }
  }
  return a.length - b.length;
}

// sortStrings sorts different strings in place; JavaScript's own order is the same, and much
// quicker, unless a unit is a surrogate or beyond.
export function sortStrings(list) {
  return list.some((s) => /[\ud800-\uffff]/.test(s)) ? list.sort(compareStrings) : list.sort();
}

const isSurrogate = (unit) => unit >= 0xd800 && unit <= 0xdfff;

export function compare(a, b) {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  const r = rank(a);
  const different = r - rank(b);
  if (different !== 0) return different;
  switch (r) {
    case 10: return compareNumbers(a, b);
    case 15: return compareStrings(String(a), String(b));
    case 20: return compareLists(Object.entries(a), Object.entries(b), compareEntries);
    case 25: return compareLists(a, b, compare);
    case 30: return compareLists(bytesOf(a), bytesOf(b), (x, y) => x - y);
    case 35: return compareStrings(a.toHexString(), b.toHexString());
    case 40: case 45: return a - b;
    case 47: return a.compare(b);
    case 50: return compareStrings(String(a), String(b));
  }
  return 0;
}

function compareNumbers(a, b) {
  const x = Number(a);
  const y = Number(b);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(y) - Number.isNaN(x); // NaN is the least
  return x < y ? -1 : x > y ? 1 : 0;
}

function compareLists(a, b, each) {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const c = each(a[i], b[i]);
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

// compareEntries compares fields of documents: by type, then by name, then by value.
function compareEntries([nameA, a], [nameB, b]) {
  return rank(a) - rank(b) || compareStrings(nameA, nameB) || compare(a, b);
}

const bytesOf = (v) => (v._bsontype === 'Binary' ? v.buffer.subarray(0, v.position) : v);

// identity is a string that two values share when MongoDB takes them for equal keys. Most are
// strings, which stand for themselves.
export function identity(v) {
  if (typeof v === 'string') return v[0] === '\0' ? `\0s${v}` : v;
  if (v === undefined || v === null) return '\0n';
  if (typeof v === 'number') return `\0#${v}`;
  if (v instanceof ObjectId) return `\0o${v.toHexString()}`;
  return `\0j${EJSON.stringify({ v }, { relaxed: true })}`;
}

// path returns a function that finds the value at a dotted path, following documents only; a
// path that meets an array ends there and gives the array.
export function path(name) {
  const steps = name.split('.');
  if (steps.length === 1) return (doc) => doc[name];
  return (doc) => {
    let v = doc;
    for (const step of steps) {
      if (v === null || typeof v !== 'object') return undefined;
      if (Array.isArray(v)) return v;
      v = v[step];
    }
    return v;
  };
}

export function isDocument(v) {
  return v !== null && typeof v === 'object' && !Array.isArray(v) && Object.getPrototypeOf(v) === Object.prototype;
}

export function clone(v) {
  if (Array.isArray(v)) return v.map(clone);
  if (!isDocument(v)) return v;
  const copy = {};
  for (const k of Object.keys(v)) copy[k] = clone(v[k]);
  return copy;
}

// toBytes writes a document that was calculated. Whole numbers become 32-bit integers, or longs
// where they are too long for that, whatever they were before.
export const toBytes = (doc) => Buffer.from(serialize(hasLong(doc) ? withLongs(doc) : doc, { ignoreUndefined: true }));

const isLong = (v) => Number.isSafeInteger(v) && (v > 0x7fffffff || v < -0x80000000);

function hasLong(v) {
  if (typeof v === 'number') return isLong(v);
  if (Array.isArray(v)) return v.some(hasLong);
  if (!isDocument(v)) return false;
  for (const k in v) if (hasLong(v[k])) return true;
  return false;
}

function withLongs(v) {
  if (isLong(v)) return Long.fromNumber(v);
  if (Array.isArray(v)) return v.map(withLongs);
  return isDocument(v) ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, withLongs(x)])) : v;
}

