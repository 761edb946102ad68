/** Floor of a scrape: node:http answering one constant buffer of SIZE bytes. `constant.ts SIZE` prints its port; ends with its standard input. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const body = randomBytes(Number(process.argv[2] ?? '1000'));
const server = createServer((_, response) => {
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'content-encoding': 'gzip',
    'content-length': body.length,
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on('end', () => process.exit());
