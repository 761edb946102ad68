/**
 * A process of its own that uses a state, for the tests that kill it, starve it or let it hold the lock:
 *   node child.ts hold PATH          opens the state, prints "open", and stays until killed
 *   node child.ts write PATH         commits pages of runs until killed; prints the number of runs after each commit
 *   node child.ts fill PATH          the same until a commit fails; prints the failure as JSON, goes on at each line of its input
 *   node child.ts open PATH [USER]   opens and closes, as that user (only root may choose); prints "open", or the failure as JSON
 */
import { ExporterError } from '../../../src/domain/errors.ts';
import { SILENT } from '../../../src/domain/observer.ts';
import type { Store, StoredProject } from '../../../src/domain/store.ts';
import { openTuned, TUNING } from '../../../src/state/sqlite/open.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { added, admissionOf, changed, commitOf, rowOf, totalsOf, VERIFIED } from '../contract/values.ts';

/** New sessions in a commit; as many old ones change with it. */
const PAGE = 37;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function openState(path: string): Promise<Store> {
  return openTuned(
    path,
    {
      clock: {
        now: () => Date.now() * 1_000,
        elapsed: () => performance.now(),
        sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
      },
      logger: new RecordingLogger(),
      observer: SILENT,
    },
    { ...TUNING, lockWaitMs: 5_000, pendingEntries: 100 },
  );
}

/** One commit: `PAGE` new sessions with a run each, and a new run of each session of the page before. */
async function writePage(store: Store, project: StoredProject, from: number): Promise<number> {
  const numbers = Array.from({ length: PAGE }, (_, i) => from + i);
  const fresh = numbers.map((no) => added(rowOf(no, `s${no}`)));
  const again = numbers
    .map((no) => no - PAGE)
    .filter((no) => no >= 0)
    .map((no) => changed(rowOf(no, `s${no}`, { errorClass: 'other', history: VERIFIED })));
  const totals = totalsOf(from + PAGE, { sweeps: from + PAGE + again.length });
  await store.commit(commitOf(project.key, [...again, ...fresh], { totals }));
  return from + PAGE;
}

async function write(path: string, onFailure: (error: unknown) => Promise<void>): Promise<void> {
  const store = await openState(path);
  const [project] = await store.admit('default', 1, [admissionOf('p')]);
  if (project === undefined) throw new Error('no project');
  for (let runs = project.totals.nextNo; ; ) {
    try {
      runs = await writePage(store, project, runs);
      print(String(runs));
    } catch (error) {
      await onFailure(error);
    }
  }
}

function describe(error: unknown): string {
  if (!(error instanceof ExporterError)) return JSON.stringify({ code: 'none', message: String(error) });
  return JSON.stringify({ code: error.code, message: error.message, fix: error.fix });
}

async function nextLine(): Promise<void> {
  await new Promise((resolve) => process.stdin.once('data', resolve));
}

/** Lets go of root's rights. All code is loaded by now, so the tree need not be readable to that user. */
function become(user: number): void {
  process.setgroups?.([]);
  process.setgid?.(user);
  process.setuid?.(user);
}

const [mode, path = '', user] = process.argv.slice(2);
if (user !== undefined) become(Number(user));
try {
  if (mode === 'write') {
    await write(path, async (error) => {
      throw error;
    });
  } else if (mode === 'fill') {
    await write(path, async (error) => {
      print(describe(error));
      await nextLine();
    });
  } else {
    const store = await openState(path);
    print('open');
    if (mode === 'hold') await new Promise((resolve) => setTimeout(resolve, 60_000));
    await store.close();
  }
} catch (error) {
  print(describe(error));
  process.exitCode = 1;
}
