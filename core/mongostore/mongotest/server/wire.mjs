// The frames of the wire protocol: OP_MSG, and OP_QUERY for the first hello of a driver.
// https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
import { deserialize, serialize } from 'bson';
import { isDocument } from './values.mjs';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const HEADER = 16;
const MAX_MESSAGE = 48_000_000;

// parse reads a document. Longs are turned into numbers: the query engine calculates with numbers.
export const parse = (bytes) => deserialize(bytes);

// parseStatement reads a document that may have regular expressions to search with. The library
// takes MongoDB's option s, that a dot matches a new line as well, for JavaScript's g.
export const parseStatement = (bytes) => withExpressions(parse(bytes));

function withExpressions(v) {
  if (v instanceof RegExp) return v.global ? new RegExp(v.source, v.flags.replace('g', 's')) : v;
  if (Array.isArray(v)) return v.map(withExpressions);
  if (isDocument(v)) for (const k of Object.keys(v)) if (typeof v[k] === 'object') v[k] = withExpressions(v[k]);
  return v;
}

// Frames cuts a stream of bytes into messages.
export class Frames {
  #chunks = [];
  #size = 0;

  // push returns the messages that became complete; it throws on bytes that are no message.
  push(chunk) {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const messages = [];
    while (this.#size >= HEADER) {
      if (this.#chunks[0].length < 4) this.#join();
      const length = this.#chunks[0].readInt32LE(0);
      if (length < HEADER || length > MAX_MESSAGE) throw new Error(`a message of ${length} bytes`);
      if (this.#size < length) break;
      this.#join();
      const all = this.#chunks[0];
      messages.push(all.subarray(0, length));
      this.#chunks = length < all.length ? [all.subarray(length)] : [];
      this.#size -= length;
    }
    return messages;
  }

  #join() {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }
}

// decode returns { id, legacy, silent, command, sequences }: the command's document, and by name
// the raw documents that came beside it. silent: the sender wants no reply.
export function decode(message) {
  const id = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === OP_QUERY) {
    const name = cstring(message, HEADER + 4);
    const command = parseStatement(message.subarray(name.end + 8));
    return { id, legacy: true, silent: false, command: { ...command, $db: 'admin' }, sequences: {} };
  }
  if (opcode !== OP_MSG) throw new Error(`opcode ${opcode}`);
  const flags = message.readUInt32LE(HEADER);
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  const sequences = {};
  let command;
  for (let at = HEADER + 4; at < end; ) {
    const kind = message[at++];
    const size = message.readInt32LE(at);
    const section = message.subarray(at, at + size);
    if (kind === 0) command = parseStatement(section);
    else if (kind === 1) {
      const name = cstring(section, 4);
      sequences[name.text] = [...documents(section.subarray(name.end))];
    } else throw new Error(`section of kind ${kind}`);
    at += size;
  }
  return { id, legacy: false, silent: (flags & MORE_TO_COME) !== 0, command, sequences };
}

function cstring(bytes, start) {
  const stop = bytes.indexOf(0, start);
  return { text: bytes.toString('utf8', start, stop), end: stop + 1 };
}

function* documents(bytes) {
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readInt32LE(at);
    if (size < 5) throw new Error(`a document of ${size} bytes`);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

let replies = 0;

// encode makes the answer to request of a reply, which is an object or a finished document.
export function encode(request, reply) {
  const body = Buffer.isBuffer(reply) ? reply : serialize(reply, { ignoreUndefined: true });
  const head = Buffer.alloc(request.legacy ? HEADER + 20 : HEADER + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(++replies & 0x7fffffff, 4);
  head.writeInt32LE(request.id, 8);
  head.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12);
  if (request.legacy) {
    head.writeInt32LE(8, HEADER); // AwaitCapable
    head.writeInt32LE(1, HEADER + 16); // one document
  }
  return Buffer.concat([head, body]);
}
