// How a filter is answered: by which index, over which ranges of it, and what is left to test.
import { ObjectId } from 'bson';
import { badValue } from './errors.mjs';
import { Edge, compare, identity, isDocument, rank } from './values.mjs';

const MAX_RANGES = 10_000;
const RANGE = new Set(['$gt', '$gte', '$lt', '$lte']);

// plan returns { index, ranges, rest, sorted, backwards }: the rows of index within ranges, those
// of them that match rest, are the documents that match filter; sorted says that they come in the
// order asked for (from the end if backwards). Or it returns { branches }, plans that give the
// documents together, for an $or. Without an index it returns { rest: filter }.
export function plan(collection, { filter = {}, sort, limit, hint }) {
  const scan = { rest: filter };
  const wanted = hint && hintedIndex(collection.indexes, hint);
  if (wanted === 'scan') return scan;
  const parts = conjuncts(filter);
  const order = sort && Object.keys(sort).length ? sort : undefined;
  if (!wanted) return cheapest(collection, parts, order, limit, collection.size * (order ? 2 : 1)) ?? scan;
  wanted.settle();
  const best = use(wanted, parts, order);
  if (!best) throw badValue(`the hinted index ${wanted.name} cannot answer this`);
  return best;
}

// cheapest returns the best plan that costs less than most, or undefined.
function cheapest(collection, parts, order, limit, most) {
  let best;
  const consider = (p, cost) => {
    if (cost < most) [best, most] = [p, cost];
  };
  for (const index of collection.indexes) {
    if (!concerns(index, parts, order)) continue;
    index.settle(); // only now it knows whether it has arrays
    const p = use(index, parts, order);
    if (!p || (!p.bound && !p.sorted)) continue;
    let cost = p.bound ? p.count() : collection.size;
    if (order && !p.sorted) cost *= 2;
    if (p.sorted && limit && !Object.keys(p.rest).length) cost = Math.min(cost, limit);
    consider(p, cost);
  }
  for (const part of parts) {
    const p = part.branches && union(collection, parts, part);
    if (p) consider(p, p.count() * (order ? 2 : 1));
  }
  return best;
}

const concerns = (index, parts, order) => parts.some((p) => isBound(p, index.fields[0])) || (order && index.fields.includes(Object.keys(order)[0]));
const isBound = (part, field) => part.path === field && (part.points || part.range);

// union plans each branch of an $or by itself, with the conditions beside it. It returns undefined
// where one of them has no index.
function union(collection, parts, or) {
  const beside = parts.filter((p) => p !== or).map((p) => ({ ...p, branches: undefined }));
  const branches = [];
  for (const branch of or.branches) {
    const p = cheapest(collection, [...beside, ...conjuncts(branch)], undefined, 0, Infinity);
    if (!p) return undefined;
    branches.push(p);
  }
  return { branches, sorted: false, count: () => branches.reduce((n, p) => n + p.count(), 0) };
}

function hintedIndex(all, hint) {
  if (hint.$natural !== undefined) return 'scan';
  const found = all.find((x) => (typeof hint === 'string' ? x.name === hint : JSON.stringify(x.key) === JSON.stringify(hint)));
  if (!found) throw badValue('hint provided does not correspond to an existing index');
  return found;
}

// use works out what one index can do, or returns undefined where it lacks documents.
function use(index, parts, order) {
  if (index.filter && !conjuncts(index.filter).every((needed) => parts.some((p) => implies(p, needed)))) return undefined;
  if (index.options.sparse && !parts.some((p) => isBound(p, index.fields[0]))) return undefined;
  let prefixes = [[]];
  let ranges;
  const served = new Set();
  let fixed = 0; // leading fields with one value
  for (const field of index.fields) {
    let on = parts.filter((p) => isBound(p, field));
    // One element of an array may meet one condition and another the next.
    if (index.multikey && on.length > 1) on = [on.find((p) => p.points) ?? on[0]];
    if (!on.length) break;
    const points = intersection(on);
    if (points) {
      if (points.length * prefixes.length > MAX_RANGES && prefixes[0].length) break;
      if (points.length === 1 && fixed === prefixes[0]?.length) fixed++;
      prefixes = prefixes.flatMap((prefix) => points.map((v) => [...prefix, v]));
      on.forEach((p) => served.add(p));
      if (!prefixes.length) break;
      continue;
    }
    const range = narrowest(on);
    ranges = prefixes.map((prefix) => ({ low: [...prefix, range.low], high: [...prefix, range.high], lowOpen: range.lowOpen, highOpen: range.highOpen }));
    on.forEach((p) => served.add(p));
    break;
  }
  ranges ??= prefixes.map((prefix) => ({ low: prefix, high: prefix, lowOpen: false, highOpen: false }));
  const direction = order && !index.multikey ? direct(index, order, fixed) : undefined;
  return {
    index,
    ranges,
    rest: joined(parts.filter((p) => !served.has(p)).map((p) => p.source)),
    bound: served.size > 0,
    sorted: direction !== undefined,
    backwards: direction < 0,
    count() {
      index.settle(direction !== undefined);
      return index.odd.size + index.spans(ranges).reduce((n, [, from, to]) => n + to - from, 0);
    },
  };
}

// direct returns 1 or -1 when the index has the order, forwards or backwards. The first fixed
// fields have one value each and so do not disturb the order of those behind them.
function direct(index, order, fixed) {
  const wanted = Object.entries(order);
  const direction = wanted[0][1];
  if (!wanted.every(([, d]) => d === direction)) return undefined;
  for (let start = 0; start <= fixed; start++) {
    if (wanted.every(([field], i) => index.fields[start + i] === field)) return direction;
  }
  return undefined;
}

// joined makes one filter of parts.
function joined(sources) {
  if (!sources.length) return {};
  return sources.length === 1 ? sources[0] : { $and: sources };
}

// conjuncts takes a filter apart into conditions that all have to hold. Each has its source; one
// an index can serve has path and points (sorted) or range as well.
function conjuncts(filter) {
  const parts = [];
  for (const [name, condition] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(condition)) parts.push(...condition.flatMap(conjuncts));
    else if (name === '$or' && Array.isArray(condition) && condition.length && condition.every(isDocument)) parts.push({ branches: condition, source: { $or: condition } });
    else if (name.startsWith('$') || !isDocument(condition) || '$regex' in condition || !Object.keys(condition)[0]?.startsWith('$')) {
      parts.push({ ...(name.startsWith('$') ? {} : served(name, '$eq', condition)), source: { [name]: condition } });
    } else for (const [op, v] of Object.entries(condition)) parts.push({ ...served(name, op, v), source: { [name]: { [op]: v } } });
  }
  return parts;
}

function served(name, op, v) {
  if (op === '$eq' && isKey(v)) return { path: name, points: [v] };
  if (op === '$in' && Array.isArray(v) && v.every(isKey)) {
    const different = new Map(v.map((x) => [identity(x), x]));
    return { path: name, points: [...different.values()].sort(compare) };
  }
  if (RANGE.has(op) && isKey(v)) {
    const type = rank(v);
    const up = op[1] === 'g';
    const open = op.length === 3;
    return { path: name, range: { low: up ? v : new Edge(type, false), high: up ? new Edge(type, true) : v, lowOpen: up && open, highOpen: !up && open } };
  }
  return {};
}

// isKey says whether the query engine and the order of the index agree on what equals v.
function isKey(v) {
  return typeof v === 'string' || typeof v === 'boolean' || (typeof v === 'number' && !Number.isNaN(v)) || (v instanceof Date && !Number.isNaN(+v)) || v instanceof ObjectId;
}

const within = (v, { low, high, lowOpen, highOpen }) => Math.sign(compare(v, low)) > (lowOpen ? 0 : -1) && Math.sign(compare(v, high)) < (highOpen ? 0 : 1);

// intersection returns the points that all conditions allow, or undefined when none has points.
function intersection(conditions) {
  const [one, ...others] = conditions.filter((c) => c.points);
  if (!one) return undefined;
  const sets = others.map((c) => new Set(c.points.map(identity)));
  const ranges = conditions.filter((c) => c.range).map((c) => c.range);
  return one.points.filter((v) => sets.every((s) => s.has(identity(v))) && ranges.every((r) => within(v, r)));
}

function narrowest(conditions) {
  return conditions.map((c) => c.range).reduce((a, b) => {
    const low = compare(a.low, b.low) || (a.lowOpen ? 1 : -1);
    const high = compare(a.high, b.high) || (a.highOpen ? -1 : 1);
    return {
      low: low > 0 ? a.low : b.low, lowOpen: low > 0 ? a.lowOpen : b.lowOpen,
      high: high < 0 ? a.high : b.high, highOpen: high < 0 ? a.highOpen : b.highOpen,
    };
  });
}

// implies says whether every document that meets condition meets needed too.
function implies(condition, needed) {
  if (JSON.stringify(condition.source) === JSON.stringify(needed.source)) return true;
  const [field, test] = Object.entries(needed.source)[0];
  if (condition.path !== field) return false;
  if (isDocument(test) && test.$exists === true) return true;
  if (needed.points) return !!condition.points && condition.points.every((v) => needed.points.some((n) => compare(v, n) === 0));
  if (!needed.range) return false;
  if (condition.points) return condition.points.every((v) => within(v, needed.range));
  const inner = condition.range;
  const both = narrowest([condition, needed]);
  return compare(both.low, inner.low) === 0 && compare(both.high, inner.high) === 0 && both.lowOpen === inner.lowOpen && both.highOpen === inner.highOpen;
}
