/** A reload that is refused: a bad file or a state that cannot be written leaves the running exporter as it was. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { QUICK } from './configured.ts';
import { scrapeUntil } from './exporter.ts';
import { isRead, PRICES, reloadStage, runsOf, SUCCESSFUL, valueOf } from './reload-stage.ts';

const s = reloadStage();

describe('a bad file', () => {
  it('changes nothing and says why', async () => {
    expect(valueOf(await s.reloaded(s.file(`${QUICK}\n${PRICES}`)), SUCCESSFUL)).toBe(1);
    const answer = await s.refused(s.file('polling: { interval: soon }\nprices: [{ input: -1 }]'));
    expect(answer).toContain('polling.interval: found "soon"');
    expect(answer).toContain('prices');
    expect(answer).not.toContain('llx-reload-key');
    const text = await scrapeUntil(s.exporter, (seen) => valueOf(seen, SUCCESSFUL) === 0);
    expect(valueOf(text, 'llamacloud_exporter_poll_interval_seconds{kind="head"}')).toBe(1);
    s.runSome(s.support, 2);
    await scrapeUntil(s.exporter, (seen) => runsOf(seen, s.support) === 2);
    const page = await (await fetch(`${s.exporter.url}/api/v1/status`)).text();
    expect(page).toContain('polling.interval');
    await s.reloaded(s.file(QUICK));
    await scrapeUntil(s.exporter, (seen) => valueOf(seen, SUCCESSFUL) === 1);
  });

  it('is said in the log after SIGHUP', async () => {
    s.exporter.write(s.file('poling: {}'));
    s.exporter.running.child.kill('SIGHUP');
    await until('the log says so', () => s.exporter.warnings('Reload failed').length === 1);
    expect(s.exporter.warnings('Reload failed')[0]?.['reason']).toMatch(/poling: unknown key, wanted polling\?/);
    await scrapeUntil(s.exporter, (seen) => valueOf(seen, SUCCESSFUL) === 0);
  });

  it('may not name another state', async () => {
    const answer = await s.refused(s.file(`${QUICK}\nstate: { url: "sqlite:${s.exporter.folder}/other.db" }`));
    expect(answer).toMatch(/state\.url cannot change by reload \(from sqlite:.*state\.db to sqlite:.*other\.db\)/);
    expect(answer).toContain('restart the exporter');
    await scrapeUntil(s.exporter, (seen) => valueOf(seen, SUCCESSFUL) === 0);
    s.runSome(s.support, 2);
    await scrapeUntil(s.exporter, (seen) => runsOf(seen, s.support) === 2);
  });
});

describe('a state that cannot be written', () => {
  it('leaves the exporter polling as before', async (context) => {
    const prlimit = findTool('prlimit') ?? context.skip('prlimit is not on the PATH');
    const pid = String(s.exporter.running.child.pid);
    execFileSync(prlimit, ['--pid', pid, '--fsize=1024:unlimited']);
    const answer = await s.refused(s.file(QUICK, ', projects: { exclude: ["Sales"] }'));
    expect(answer).toMatch(/The state .*state\.db cannot be (read or )?written/);
    execFileSync(prlimit, ['--pid', pid, '--fsize=unlimited:unlimited']);
    s.runSome(s.support, 2);
    s.runSome(s.sales, 3);
    await scrapeUntil(s.exporter, (text) => runsOf(text, s.support) === 2 && runsOf(text, s.sales) === 3);
    const text = await s.reloaded(s.file(QUICK, ', projects: { exclude: ["Sales"] }'));
    expect([isRead(text, s.support), isRead(text, s.sales)]).toEqual([true, false]);
  });

  it('leaves one poller behind, however many reloads it refuses at once', async (context) => {
    const prlimit = findTool('prlimit') ?? context.skip('prlimit is not on the PATH');
    const pid = String(s.exporter.running.child.pid);
    execFileSync(prlimit, ['--pid', pid, '--fsize=1024:unlimited']);
    s.exporter.write(s.file(QUICK, ', projects: { exclude: ["Sales"] }'));
    const answers = await Promise.all([s.exporter.reload(), s.exporter.reload(), s.exporter.reload()]);
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 500]);
    execFileSync(prlimit, ['--pid', pid, '--fsize=unlimited:unlimited']);
    s.runSome(s.support, 2);
    s.runSome(s.sales, 3);
    await scrapeUntil(s.exporter, (text) => runsOf(text, s.support) === 2 && runsOf(text, s.sales) === 3);
  });
});
