/** `load-client.ts URL SECONDS CONNECTIONS`: asks again and again on each connection, over bare sockets so that it costs little itself. */
import { connect } from 'node:net';
import { quantile } from './statistics.ts';

const [target = '', seconds = '5', connections = '4'] = process.argv.slice(2);
const url = new URL(target);
const request = `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nAccept-Encoding: gzip\r\n\r\n`;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const latencies: number[] = [];
let failed = 0;
const started = performance.now();
const until = started + Number(seconds) * 1000;

/** Bytes that are still to come of an answer, once its head is there; null: the head is not complete yet. */
function remaining(chunk: Buffer): number | null {
  const end = chunk.indexOf(END_OF_HEAD);
  if (end < 0) return null;
  const head = chunk.subarray(0, end).toString('latin1');
  if (!head.startsWith('HTTP/1.1 200')) failed += 1;
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error('the answer has no content-length');
  return Number(length) - (chunk.length - end - END_OF_HEAD.length);
}

function run(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname).setNoDelay(true);
    let since = 0;
    let left: number | null = null;
    let head: Buffer = Buffer.alloc(0);
    const ask = (): void => {
      since = performance.now();
      left = null;
      head = Buffer.alloc(0);
      socket.write(request);
    };
    socket.on('connect', ask).on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      if (left === null) {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        left = remaining(head);
      } else left -= chunk.length;
      if (left !== 0) return;
      const now = performance.now();
      latencies.push(now - since);
      if (now < until) return ask();
      socket.destroy();
      resolve();
    });
  });
}

await Promise.all(Array.from({ length: Number(connections) }, run));
const took = (performance.now() - started) / 1000;
process.stdout.write(JSON.stringify({ perSecond: latencies.length / took, p99Ms: quantile(latencies, 0.99), failed }));
