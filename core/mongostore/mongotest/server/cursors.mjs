// Cursors, and the replies that carry their batches. Documents go out as the bytes they came in.
import { Long, serialize } from 'bson';
import { CommandError } from './errors.mjs';
import { Entry } from './collection.mjs';
import { toBytes } from './values.mjs';

const FIRST_BATCH = 101;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const MAX_CURSORS = 1000;
const MAX_IDLE = 10 * 60 * 1000;

export class Cursors {
  #open = new Map(); // id -> { items, at, namespace, used }, least recently used first
  #next = 1;

  // start answers with the first batch of items, which are entries or documents.
  start(namespace, items, { batchSize = FIRST_BATCH, single = false } = {}) {
    const cursor = { items, at: 0, namespace, used: Date.now() };
    const batch = take(cursor, batchSize);
    const open = !single && cursor.at < items.length;
    const id = open ? this.#next++ : 0;
    if (open) {
      this.#open.set(id, cursor);
      this.#tidy();
    }
    return reply('firstBatch', batch, id, namespace);
  }

  more(id, batchSize) {
    const cursor = this.#open.get(id);
    if (!cursor) throw new CommandError(43, 'CursorNotFound', `cursor id ${id} not found`);
    const batch = take(cursor, batchSize || Infinity);
    this.#open.delete(id);
    const open = cursor.at < cursor.items.length;
    if (open) this.#open.set(id, Object.assign(cursor, { used: Date.now() }));
    return reply('nextBatch', batch, open ? id : 0, cursor.namespace);
  }

  kill(ids) {
    const killed = ids.filter((id) => this.#open.delete(Number(id)));
    return { cursorsKilled: killed, cursorsNotFound: ids.filter((id) => !killed.includes(id)), cursorsAlive: [], cursorsUnknown: [] };
  }

  // size is the number of open cursors.
  get size() {
    return this.#open.size;
  }

  // #tidy closes cursors nobody read for long, and the oldest ones beyond the bound.
  #tidy() {
    for (const [id, cursor] of this.#open) {
      if (this.#open.size <= MAX_CURSORS && Date.now() - cursor.used < MAX_IDLE) return;
      this.#open.delete(id);
    }
  }
}

function take(cursor, count) {
  const batch = [];
  let size = 0;
  while (cursor.at < cursor.items.length && batch.length < count) {
    const item = cursor.items[cursor.at];
    const body = item instanceof Entry ? item.bytes() : toBytes(item);
    size += body.length + 10;
    if (batch.length && size > MAX_BATCH_BYTES) break;
    cursor.items[cursor.at++] = undefined;
    batch.push(body);
  }
  return batch;
}

function reply(name, batch, id, namespace) {
  const list = document(batch.map((body, i) => element(3, String(i), body)));
  const rest = serialize({ id: Long.fromNumber(id), ns: namespace });
  const cursor = document([element(4, name, list), rest.subarray(4, rest.length - 1)]);
  return document([element(3, 'cursor', cursor), element(1, 'ok', ONE)]);
}

const ONE = Buffer.from([0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
const END = Buffer.from([0]);

function element(type, name, body) {
  return [Buffer.from([type]), Buffer.from(`${name}\0`), body];
}

function document(parts) {
  const all = [Buffer.alloc(4), ...parts.flat(), END];
  const whole = Buffer.concat(all);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}
