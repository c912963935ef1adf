// The query engine is mingo; where it differs from MongoDB in a way that the order book meets,
// its operators are replaced here: values are ordered as BSON orders them, and a long $in list is
// looked up instead of walked through.
import { Aggregator as MingoAggregator, Context, Query as MingoQuery, accumulator, expression, pipeline, projection, query, window } from './mingo.mjs';
import { compare, path, rank } from './values.mjs';

const pick = (module) => Object.fromEntries(Object.entries(module).filter(([name]) => name.startsWith('$')));

// sorter returns a comparison of documents in the order of a sort document. An array counts as its
// least element, or backwards as its greatest.
export function sorter(order) {
  const keys = Object.entries(order).map(([field, direction]) => [path(field), direction < 0 ? -1 : 1]);
  const extreme = (v, sign) => (Array.isArray(v) ? v.reduce((m, x) => (compare(x, m) * sign < 0 ? x : m), v[0]) : v);
  return (a, b) => {
    for (const [read, sign] of keys) {
      const c = compare(extreme(read(a), sign), extreme(read(b), sign));
      if (c !== 0) return c * sign;
    }
    return 0;
  };
}

// These make query operators that answer for plain values, and for the elements of a list of
// them, by themselves; everything else is mingo's.
const isText = (v) => typeof v === 'string' || typeof v === 'number';
const isScalar = (v) => v === null || typeof v !== 'object' || v instanceof Date;

// within says whether a field's path leads through an array, so that the array is not the field's.
function within(field) {
  const at = field.lastIndexOf('.');
  const parent = at < 0 ? () => null : path(field.slice(0, at));
  return (doc) => Array.isArray(parent(doc));
}

// ordering makes one that compares values of one type.
function ordering(name, holds) {
  return (field, value, options) => {
    const type = rank(value);
    const test = (v) => rank(v) === type && v !== undefined && !Number.isNaN(v) && holds(compare(v, value));
    const plain = path(field);
    const through = within(field);
    const general = query[name](field, value, options);
    return (doc) => {
      const v = plain(doc);
      if (isScalar(v)) return test(v);
      return Array.isArray(v) && isScalar(value) && v.every(isScalar) && !through(doc) ? v.some(test) : general(doc);
    };
  };
}

// equal makes $eq or $ne.
function equal(name) {
  return (field, value, options) => {
    const plain = path(field);
    const general = query[name](field, value, options);
    if (!isText(value) || Number.isNaN(value)) return general;
    return (doc) => {
      const v = plain(doc);
      return isText(v) ? (v === value) === (name === '$eq') : general(doc);
    };
  };
}

const $exists = (field, value, options) => {
  const plain = path(field);
  const general = query.$exists(field, value, options);
  return (doc) => {
    const v = plain(doc);
    return isText(v) ? !!value : general(doc);
  };
};

// listed makes $in or $nin: strings and numbers are looked up.
function listed(name) {
  return (field, list, options) => {
    const lookup = new Set(list.filter(isText));
    const patterns = list.filter((v) => v instanceof RegExp);
    const plain = path(field);
    const through = within(field);
    const general = query[name](field, list, options);
    const simple = lookup.size === list.length;
    const has = (v) => lookup.has(v) || (typeof v === 'string' && patterns.some((p) => p.test(v)));
    return (doc) => {
      const v = plain(doc);
      if (isText(v)) return has(v) === (name === '$in');
      return simple && Array.isArray(v) && v.every(isText) && !through(doc) ? v.some(has) === (name === '$in') : general(doc);
    };
  };
}

const orderedAccumulator = (sign, count) => (docs, argument, options) => {
  const values = accumulator.$push(docs, count ? argument.input : argument, options).filter((v) => v !== null && v !== undefined);
  if (!count) return values.reduce((m, v) => (m === null || compare(v, m) * sign < 0 ? v : m), null);
  const n = accumulator.$first([{}], argument.n, options);
  return values.sort((a, b) => compare(a, b) * sign).slice(0, n);
};

export const operators = {
  accumulator: {
    ...pick(accumulator),
    $min: orderedAccumulator(1, false),
    $max: orderedAccumulator(-1, false),
    $minN: orderedAccumulator(1, true),
    $maxN: orderedAccumulator(-1, true),
  },
  expression: pick(expression),
  pipeline: {
    ...pick(pipeline),
    $sort: (docs, order) => docs.transform((list) => list.sort(sorter(order))[Symbol.iterator]()),
  },
  projection: pick(projection),
  query: {
    ...pick(query),
    $eq: equal('$eq'),
    $ne: equal('$ne'),
    $exists,
    $gt: ordering('$gt', (c) => c > 0),
    $gte: ordering('$gte', (c) => c >= 0),
    $lt: ordering('$lt', (c) => c < 0),
    $lte: ordering('$lte', (c) => c <= 0),
    $in: listed('$in'),
    $nin: listed('$nin'),
  },
  window: pick(window),
};

const context = Context.init(operators);

// mingo copies all operators for every query, unless it is given options that it made itself,
// which operators get to see.
let made;
const $see = (field, value, options) => {
  made = options;
  return () => true;
};
new MingoQuery({ any: { $see: 1 } }, { context: Context.init({ ...operators, query: { ...operators.query, $see } }) });

function computing(more) {
  return more && Object.values(more).some(Boolean) ? { ...more, context } : made;
}

export class Query extends MingoQuery {
  constructor(filter, more) {
    super(filter, computing(more));
  }
}

export class Aggregator extends MingoAggregator {
  constructor(stages, more) {
    super(stages, computing(more));
  }
}
