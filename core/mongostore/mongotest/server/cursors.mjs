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

// reply writes { cursor: { [name]: batch, id, ns }, ok: 1 } around the bytes of the documents.
function reply(name, batch, id, namespace) {
  const rest = serialize({ id: Long.fromNumber(id), ns: namespace });
  const cursor = document([head(4, name), array(batch), rest.subarray(4, rest.length - 1)]);
  return document([head(3, 'cursor'), cursor, head(1, 'ok'), ONE]);
}

const ONE = Buffer.from([0, 0, 0, 0, 0, 0, 0xf0, 0x3f]); // 1 as a double
const END = Buffer.from([0]);

const head = (type, name) => Buffer.concat([Buffer.from([type]), Buffer.from(name), END]);

function document(parts) {
  const whole = Buffer.concat([Buffer.alloc(4), ...parts, END]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}

// array writes documents as the array's elements "0", "1", …; there may be very many.
function array(batch) {
  const length = batch.reduce((n, body, i) => n + body.length + String(i).length + 2, 5);
  const whole = Buffer.allocUnsafe(length);
  let at = whole.writeInt32LE(length, 0);
  batch.forEach((body, i) => {
    at = whole.writeUInt8(3, at);
    at += whole.write(String(i), at, 'latin1');
    at = whole.writeUInt8(0, at);
    whole.set(body, at);
    at += body.length;
  });
  whole[at] = 0;
  return whole;
}
