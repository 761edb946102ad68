/** The shipped rules and routes, hurried: an hour takes a minute, and receivers are paths of one web server of the test. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { CONFIG } from '../alertmanager/amtool.ts';
import { RULE_NAMES, RULES_DIRECTORY } from '../rules/shipped.ts';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
/** Numbers of seconds in expressions: lengths of windows, and ages. */
const LENGTHS = /\b(600|1800|3600|7200|21600|86400|259200)\b/g;
/** The age at which data is old; the API that is down and the rejected key come before it, as in the shipped rules. */
const OLD = { shipped: '{kind="head"}), 900)', seconds: 20 };

const hurried = (duration: string): string =>
  `${Math.round((Number.parseInt(duration, 10) * (SECONDS[duration.slice(-1)] ?? Number.NaN) * 1000) / 60)}ms`;

/** Writes the rule files with all times divided by 60, but for the age of old data. Nothing else about them changes. */
export async function hurryRules(folder: string): Promise<readonly string[]> {
  return Promise.all(
    RULE_NAMES.map(async (name) => {
      const text = await readFile(path.join(RULES_DIRECTORY, name), 'utf8');
      const quick = text
        .replace(
          /(\[|:|offset |for: |interval: )(\d+[smhdw])\b/g,
          (_, before: string, time: string) => before + hurried(time),
        )
        .replaceAll(OLD.shipped, OLD.shipped.replace('900', `${OLD.seconds}`))
        .replace(LENGTHS, (seconds) => `${Number(seconds) / 60}`);
      const file = path.join(folder, name);
      await writeFile(file, quick);
      return file;
    }),
  );
}

type Receiver = Record<string, unknown> & { readonly name: string };
type Route = Record<string, unknown> & { routes?: readonly Route[] };
type Routing = { route: Route; receivers: readonly Receiver[]; templates: readonly string[] };

function hurryRoute(route: Route): void {
  for (const key of ['group_wait', 'group_interval', 'repeat_interval']) {
    if (typeof route[key] === 'string') route[key] = hurried(route[key]);
  }
  for (const child of route.routes ?? []) hurryRoute(child);
}

/** Writes the shipped configuration with short waits, and every receiver that notifies somebody as a webhook of its name. */
export async function hurryRoutes(folder: string, hook: string): Promise<string> {
  const config = parse(await readFile(CONFIG, 'utf8')) as Routing;
  hurryRoute(config.route);
  config.templates = config.templates.map((glob) => path.resolve(path.dirname(CONFIG), glob));
  config.receivers = config.receivers.map(({ name, ...notifiers }) =>
    Object.keys(notifiers).length === 0
      ? { name }
      : { name, webhook_configs: [{ url: `${hook}/${name}`, send_resolved: true }] },
  );
  const file = path.join(folder, 'alertmanager.yml');
  await writeFile(file, stringify(config));
  return file;
}

/** One alert of a notification. `id` is the number of the notification: alerts of one message share it. */
export type Notice = {
  readonly id: number;
  readonly receiver: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};

export type Receivers = {
  readonly url: string;
  /** Every alert that was told to anybody so far, in order. */
  readonly notices: readonly Notice[];
  stop(): Promise<void>;
};

async function alertsIn(request: IncomingMessage, id: number): Promise<readonly Notice[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { alerts } = JSON.parse(Buffer.concat(chunks).toString()) as {
    alerts: readonly Omit<Notice, 'receiver' | 'id'>[];
  };
  return alerts.map((alert) => ({ ...alert, id, receiver: (request.url ?? '').slice(1) }));
}

/** A web server that takes Alertmanager's webhook on a path for each receiver. */
export async function startReceivers(): Promise<Receivers> {
  const notices: Notice[] = [];
  let messages = 0;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    messages += 1;
    notices.push(...(await alertsIn(request, messages)));
    response.end();
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, notices, stop };
}
