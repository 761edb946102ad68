/** A simulator in a process of its own, and a way to switch its faults. */
import { type Running, start } from './program.ts';

export type Api = {
  readonly url: string;
  /** Answers matching requests by this status; replaces earlier faults. */
  fault(match: object, status: number): Promise<void>;
  stop(): Promise<void>;
};

export async function startApi(args: readonly string[] = []): Promise<Api> {
  const running: Running = start(['simulate', '--listen-address=127.0.0.1:0', ...args]);
  const url = (await running.said(/listens on (\S+)/))[1] ?? '';
  const faults = `${url}/_faults`;
  return {
    url,
    async fault(match, status) {
      await fetch(faults, { method: 'DELETE' });
      const body = JSON.stringify({ match, fault: { kind: 'status', status } });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(faults, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async stop() {
      running.child.kill('SIGTERM');
      await running.ended;
    },
  };
}
