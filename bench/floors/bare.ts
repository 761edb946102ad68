/**
 * Floor of a sweep: undici and JSON.parse over the same pages, no more. `bare.ts BASE_URL PROJECT_ID PASSES` prints what each pass
 * took, in seconds, and the sessions of one pass.
 */
import { Agent, request } from 'undici';

const [baseUrl = '', projectId = '', passes = '1'] = process.argv.slice(2);
const dispatcher = new Agent({ connections: 1, pipelining: 1 });

async function pass(): Promise<number> {
  let sessions = 0;
  let token: string | null = null;
  do {
    const page: string = token === null ? '' : `&page_token=${token}`;
    const { body } = await request(`${baseUrl}/api/v1/chat?project_id=${projectId}&page_size=100${page}`, {
      dispatcher,
    });
    const list = JSON.parse(await body.text()) as { items: unknown[]; next_page_token: string | null };
    sessions += list.items.length;
    token = list.next_page_token;
  } while (token !== null);
  return sessions;
}

const seconds: number[] = [];
const cpu: number[] = [];
let sessions = 0;
for (let i = 0; i < Number(passes); i++) {
  const since = performance.now();
  const before = process.cpuUsage();
  sessions = await pass();
  seconds.push((performance.now() - since) / 1000);
  const { user, system } = process.cpuUsage(before);
  cpu.push((user + system) / 1e6);
}
await dispatcher.close();
process.stdout.write(JSON.stringify({ seconds, cpu, sessions }));
