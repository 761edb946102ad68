/**
 * What a short script would do: `for await` over the official SDK, summing into prom-client. `sdk.ts BASE_URL PROJECT_ID PASSES`
 * prints what each pass took, in seconds, and the sessions of one pass.
 */
import { LlamaCloud } from '@llamaindex/llama-cloud';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const [baseURL = '', project_id = '', passes = '1'] = process.argv.slice(2);
const client = new LlamaCloud({ apiKey: 'bench-key', baseURL });
const registers = [new Registry()];
const labelNames = ['project_id'];
const sessionsGauge = new Gauge({
  name: 'sessions',
  help: 'sessions',
  labelNames: [...labelNames, 'state'],
  registers,
});
const input = new Counter({ name: 'input_tokens_total', help: 'input tokens', labelNames, registers });
const output = new Counter({ name: 'output_tokens_total', help: 'output tokens', labelNames, registers });
const turns = new Counter({ name: 'turns_total', help: 'turns', labelNames, registers });
const duration = new Histogram({ name: 'duration_seconds', help: 'duration', labelNames, registers });

async function pass(): Promise<number> {
  let sessions = 0;
  for await (const { job_metadata: run } of client.beta.chat.list({ project_id, page_size: 100 })) {
    sessions += 1;
    sessionsGauge.inc({ project_id, state: run === null ? 'never_run' : run?.is_error ? 'error' : 'ok' });
    input.inc({ project_id }, run?.total_input_tokens ?? 0);
    output.inc({ project_id }, run?.total_output_tokens ?? 0);
    turns.inc({ project_id }, run?.turns ?? 0);
    if (run?.duration_ms) duration.observe({ project_id }, run.duration_ms / 1000);
  }
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
process.stdout.write(JSON.stringify({ seconds, cpu, sessions }));
