/** PostgreSQL URLs: what is read from them, what is shown of them, and which are refused. */
import { expect, test } from 'vitest';
import { parsePostgresUrl } from '../../../src/state/postgres/url.ts';

const HERE = { host: 'db', port: 5432 };

test.each([
  ['postgresql://u@db/state', { hosts: [HERE], user: 'u', password: null, database: 'state', sslMode: null }],
  ['postgres://u:p%40ss:w@db:6432/state', { hosts: [{ host: 'db', port: 6432 }], user: 'u', password: 'p@ss:w' }],
  [
    'postgresql://u@a,b:6432,[::1]:7/s',
    {
      hosts: [
        { host: 'a', port: 5432 },
        { host: 'b', port: 6432 },
        { host: '::1', port: 7 },
      ],
    },
  ],
  ['postgresql://u@/s?host=/run/postgresql&port=6432', { hosts: [{ host: '/run/postgresql', port: 6432 }] }],
  ['postgresql://u@%2Frun%2Fpostgresql/s', { hosts: [{ host: '/run/postgresql', port: 5432 }] }],
  [
    'postgresql://u@db/a%20b?sslmode=verify-ca&sslrootcert=/ca.pem',
    { database: 'a b', sslMode: 'verify-ca', sslRootCert: '/ca.pem' },
  ],
])('%s is read', (url, expected) => {
  expect(parsePostgresUrl(url)).toMatchObject(expected);
});

test.each([
  ['postgresql://u:secret@a,b:6432/s', 'postgresql://a:5432,b:6432/s'],
  ['postgresql://u:secret@[fe80::1]/s', 'postgresql://[fe80::1]:5432/s'],
  ['postgresql://u:secret@/s?host=/run', 'postgresql:///s?host=/run&port=5432'],
])('the location of %s hides user and password', (url, location) => {
  expect(parsePostgresUrl(url).location).toBe(location);
});

test.each([
  ['mysql://u:secret@db/s', 'cannot be read'],
  ['postgresql://db/s', 'names no user'],
  ['postgresql://u:secret@db', 'names no database'],
  ['postgresql://u:secret@/s', 'names no host'],
  ['postgresql://u:secret@db:0/s', 'has a bad port'],
  ['postgresql://u:secret@db:x/s', 'has a bad host'],
  ['postgresql://u:sec%ret@db/s', 'has a bad %-escape'],
  ['postgresql://u:secret@db/s?sslmode=prefer', 'has a bad sslmode'],
  ['postgresql://u:secret@db/s?options=-c', 'has the parameter options'],
])('%s is refused, and shown nowhere', (url, finding) => {
  expect(() => parsePostgresUrl(url)).toThrow(
    expect.objectContaining({ code: 'config', message: expect.stringContaining(finding) }),
  );
  expect(() => parsePostgresUrl(url)).not.toThrow(/secret/);
});
