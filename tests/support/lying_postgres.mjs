// Between a node and its database: passes everything on, until it is told to lie. Then it speaks PostgreSQL's start-up and answers
// statements with what no server says.
import crypto from 'node:crypto';
import net from 'node:net';

const int16 = (value) => Buffer.from([value >> 8, value & 255]);
const int32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value) => Buffer.from(`${value}\0`, 'latin1');
const message = (type, ...parts) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
};
const columns = (count) => message('T', int16(count), ...Array(count).fill(Buffer.concat([text('c'), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)])));
const row = (values) => message('D', int16(values.length), ...values.map((value) => (value ? Buffer.concat([int32(value.length), value]) : int32(-1))));
const hello = Buffer.concat([message('R', int32(0)), message('S', text('client_encoding'), text('UTF8')), message('K', int32(1), int32(2)), message('Z', Buffer.from('I'))]);
const [parsed, bound, done, ready] = [message('1'), message('2'), message('C', text('SELECT 1')), message('Z', Buffer.from('I'))];

/** One answer to each message of the client: to Describe the first of `rest`, to Execute the others. */
const answering = (...rest) => (socket, types) => {
  const answers = { P: [parsed], B: [bound], D: rest.slice(0, 1), E: rest.slice(1), S: [ready], Q: [...rest, ready] };
  socket.write(Buffer.concat(types.flatMap((type) => answers[type] ?? [])));
};
/** As fast as it is taken, for as long as the connection lasts. */
const flooding = (chunk, first = Buffer.alloc(0)) => (socket) => {
  if (socket.flooded) return;
  socket.flooded = true;
  socket.write(first);
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
};
const letters = Buffer.alloc(1 << 16, 'a');
const forty = (value) => answering(columns(40), row(Array(40).fill(value)), done);
const copying = (type) => answering(message(type, Buffer.from([0]), int16(0)));

export const lies = {
  'random bytes': flooding(crypto.randomBytes(1 << 16)),
  'a row of a gigabyte': flooding(letters, Buffer.concat([parsed, bound, columns(1), Buffer.from('D'), int32(1 << 30), int16(1), int32((1 << 30) - 10)])),
  'rows without end': flooding(Buffer.concat(Array(100).fill(row([letters.subarray(0, 1000)]))), Buffer.concat([parsed, bound, columns(1)])),
  'notices without end': flooding(Buffer.concat(Array(100).fill(message('N', text('SNOTICE'), text('C00000'), text(`M${'x'.repeat(500)}`), Buffer.from([0]))))),
  'results that nobody asked for': flooding(Buffer.concat(Array(200).fill(Buffer.concat([parsed, bound, columns(1), done])))),
  'the end of a batch, and nothing else': (socket, types) => socket.write(Buffer.concat(types.filter((type) => 'SQ'.includes(type)).map(() => ready))),
  'no columns': answering(columns(0), row([]), done),
  'too few columns': answering(columns(1), row([Buffer.from('x')]), done),
  'more values than columns': answering(columns(1), row(Array(40).fill(Buffer.from('1'))), done),
  NULLs: forty(null),
  'NUL and broken UTF-8': forty(Buffer.from([0x31, 0, 0xff, 0xfe])),
  'huge numbers': forty(Buffer.from('9'.repeat(400))),
  'the start of COPY IN': copying('G'),
  'the start of COPY OUT': copying('H'),
  'the start of replication': copying('W'),
  'an error that says nothing': answering(message('E', Buffer.from([0]))),
};

export class LyingPostgres {
  lie = null;
  #sockets = new Set();

  static async start(target) {
    const proxy = new LyingPostgres();
    proxy.server = net.createServer((client) => proxy.#accept(client, target));
    await new Promise((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.server.address().port;
    return proxy;
  }
  /** Everybody has to come again, and is told this lie; or the truth, with null. */
  tell(lie) {
    this.lie = lie;
    for (const socket of this.#sockets) socket.destroy();
  }
  stop() {
    this.tell(null);
    this.server.close();
  }

  #accept(client, target) {
    this.#sockets.add(client.on('error', () => {}).on('close', () => this.#sockets.delete(client)));
    if (this.lie) return this.#converse(client, this.lie);
    const server = net.connect(target, '127.0.0.1').on('error', () => {}).on('close', () => client.destroy());
    client.on('close', () => server.destroy());
    client.pipe(server).pipe(client);
  }
  #converse(client, lie) {
    let input = Buffer.alloc(0);
    let started = false;
    client.on('data', (chunk) => {
      input = Buffer.concat([input, chunk]);
      if (!started) {
        if (input.length < 8 || input.length < input.readInt32BE(0)) return;
        input = input.subarray(input.readInt32BE(0));
        started = client.write(hello) || true;
      }
      const types = [];
      for (; input.length >= 5 && input.length > input.readInt32BE(1); input = input.subarray(1 + input.readInt32BE(1))) types.push(String.fromCharCode(input[0]));
      if (types.length) lie(client, types);
    });
  }
}
