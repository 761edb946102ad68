/**
 * HEALTHCHECK of the image: exit 0 while the exporter answers /-/healthy on its first listen address. With TLS it asks again by HTTPS, without
 * checking the certificate (it asks itself); 401 is an answer too, because users of the web configuration apply to every path.
 */
import http from 'node:http';
import https from 'node:https';

const address = process.env.LLAMACLOUD_EXPORTER_WEB_LISTEN_ADDRESS ?? ':10940';
const [, host = '', port = '10940'] = /^(.*):(\d+)$/.exec(address.split(',')[0] ?? '') ?? [];
const name = ['', '0.0.0.0', '[::]'].includes(host) ? '127.0.0.1' : host;

/** Status that a module of Node gets, or why it got none. */
const ask = (client, scheme) =>
  new Promise((resolve) => {
    const options = { timeout: 4_000, rejectUnauthorized: false };
    const request = client.get(`${scheme}://${name}:${port}/-/healthy`, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 4 s')));
    request.on('error', (error) => resolve(error.message));
  });

const isAlive = (status) => status === 200 || status === 401;
const plain = await ask(http, 'http');
const answer = isAlive(plain) ? plain : await ask(https, 'https');
if (!isAlive(answer)) process.stderr.write(`unhealthy: ${plain}, ${answer}\n`);
process.exitCode = isAlive(answer) ? 0 : 1;
