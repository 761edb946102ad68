/** A real Alertmanager with the shipped configuration, and what it makes of alerts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningServer, startServer } from '../support/process.ts';
import { CONFIG } from './amtool.ts';

export type Labels = Readonly<Record<string, string>>;
type Shown = { readonly labels: Labels; readonly status: { readonly state: string } };
export type Group = {
  readonly labels: Labels;
  readonly receiver: { readonly name: string };
  readonly alerts: readonly { readonly labels: Labels }[];
};

export type Alertmanager = {
  /** Posts alerts under a label of their own, and gives them back once it has decided about each. */
  process(alerts: readonly Labels[]): Promise<readonly Shown[]>;
  /** The groups into which it puts alerts, one message each; only those of these alerts. */
  groups(alerts: readonly Labels[]): Promise<readonly Group[]>;
  stop(): Promise<void>;
};

/** A tenth of a second apart. */
const STABLE_ANSWERS = 4;

const marked = (mark: string): string => `filter=${encodeURIComponent(`test="${mark}"`)}`;

/** Runs the program alone, without a cluster, with a configuration and a folder for what it stores. */
export function runAlertmanager(program: string, config: string, storage: string): Promise<RunningServer> {
  const args = [`--config.file=${config}`, `--storage.path=${storage}`, '--cluster.listen-address='];
  return startServer(program, (port) => [...args, `--web.listen-address=127.0.0.1:${port}`], '/-/ready');
}

export async function startAlertmanager(program: string): Promise<Alertmanager> {
  const folder = await mkdtemp(join(tmpdir(), 'llamacloud-alertmanager-'));
  const server = await runAlertmanager(program, CONFIG, folder);
  const ask = async (path: string): Promise<unknown> => (await fetch(`${server.url}/api/v2/alerts${path}`)).json();

  async function settle(alerts: readonly Labels[], mark: string): Promise<readonly Shown[]> {
    const body = JSON.stringify(alerts.map((labels) => ({ labels: { ...labels, test: mark } })));
    const headers = { 'content-type': 'application/json' };
    const posted = await fetch(`${server.url}/api/v2/alerts`, { method: 'POST', headers, body });
    if (!posted.ok) throw new Error(`alerts were refused: ${await posted.text()}`);
    const end = Date.now() + 15_000;
    // The inhibitor hears of an alert a moment after it was processed: what was decided has to hold for some answers.
    for (let answers: string[] = []; ; ) {
      const shown = (await ask(`?${marked(mark)}`)) as readonly Shown[];
      const isProcessed = shown.length === alerts.length && shown.every((each) => each.status.state !== 'unprocessed');
      const states = JSON.stringify(shown.map((each) => each.status.state));
      answers = isProcessed ? [...answers.filter((earlier) => earlier === states), states] : [];
      if (answers.length === STABLE_ANSWERS) return shown;
      if (Date.now() > end) throw new Error(`alerts were not processed: ${JSON.stringify(shown)}`);
      await sleep(100);
    }
  }

  return {
    process: (alerts) => settle(alerts, `case-${Math.random()}`),
    async groups(alerts) {
      const mark = `case-${Math.random()}`;
      await settle(alerts, mark);
      return (await ask(`/groups?${marked(mark)}`)) as readonly Group[];
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
