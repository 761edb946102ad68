/**
 * HEALTHCHECK of the image: exit 0 while the exporter answers on its first listen address. It reads that address, and the prefix of the paths,
 * where the exporter does: from the command line of the container (or of the process whose number is given), then from the environment.
 *
 * With TLS it asks again by HTTPS, without checking the certificate, because it asks itself. A refusal is an answer too: 401 where users are
 * configured, and a TLS alert where a client certificate is wanted.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const TIMEOUT_MS = 4_000;
const [, , pid = '1'] = process.argv;
const args = commandLine(pid);

function commandLine(of) {
  try {
    return readFileSync(`/proc/${of}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** `--name=value` or `--name value`, else the variable; undefined: neither. */
function setting(name) {
  const at = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (at >= 0) return args[at].includes('=') ? args[at].slice(name.length + 3) : args[at + 1];
  return process.env[`LLAMACLOUD_EXPORTER_${name.replaceAll(/[.-]/g, '_').toUpperCase()}`] || undefined;
}

function address() {
  const [first = ''] = (setting('web.listen-address') ?? ':10940').split(',');
  const [, host = '', port = '10940'] = /^(.*):(\d+)$/.exec(first.trim()) ?? [];
  const local = { '': '127.0.0.1', '0.0.0.0': '127.0.0.1', '[::]': '[::1]' };
  return `${local[host] ?? host}:${port}`;
}

function prefix() {
  const given = setting('web.route-prefix');
  const external = setting('web.external-url') ?? '';
  const path = given ?? (URL.canParse(external) ? new URL(external).pathname : '');
  return path
    .split('/')
    .filter(Boolean)
    .map((part) => `/${part}`)
    .join('');
}

const url = (scheme) => `${scheme}://${address()}${prefix()}/-/healthy`;
/** What a server sends, or does, that has read a TLS handshake and misses a client certificate in it. */
const WANTS_CERTIFICATE = /alert (certificate required|handshake failure|bad certificate)|socket hang up|ECONNRESET/i;

/** Status that a module of Node gets, or why it got none. */
const ask = (client, scheme) =>
  new Promise((resolve) => {
    let met = false;
    const request = client.get(url(scheme), { timeout: TIMEOUT_MS, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('socket', (socket) => socket.once('secureConnect', () => (met = true)));
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)));
    request.on('error', ({ message }) => resolve(met && WANTS_CERTIFICATE.test(message) ? 401 : message));
  });

const isAlive = (status) => status === 200 || status === 401;
const plain = await ask(http, 'http');
const answer = isAlive(plain) ? plain : await ask(https, 'https');
if (!isAlive(answer)) process.stderr.write(`unhealthy: ${url('http')}: ${plain}, ${url('https')}: ${answer}\n`);
process.exitCode = isAlive(answer) ? 0 : 1;
