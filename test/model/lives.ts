/** The state of one exporter after another: each kill leaves it as it was at that moment to the next life. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SILENT } from '../../src/domain/observer.ts';
import type { Store } from '../../src/domain/store.ts';
import type { Clock } from '../../src/domain/time.ts';
import { openStore } from '../../src/state/sqlite/open.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { judgeFile } from './judge.ts';

export interface Lives {
  /** Opens the state of the present life. */
  open(clock: Clock): Promise<Store>;
  /** The state as it is now is what the next life begins with. */
  leave(): void;
  /** The next life begins; nothing more comes of the one before. */
  begin(): Promise<void>;
  /** After the last life, once its store is closed: throws where the state itself is not whole. */
  judge(): void;
  clean(): void;
}

/** Where files are copied to be looked at. */
const SPARE = 'spare';

/** A state in SQLite: a kill takes its files as they are. */
export class FileLives implements Lives {
  readonly #root = mkdtempSync(path.join(tmpdir(), 'model-'));
  #life = 0;

  constructor() {
    mkdirSync(path.dirname(this.#file), { recursive: true });
  }

  open(clock: Clock): Promise<Store> {
    return openStore(this.#file, { clock, logger: new RecordingLogger(), observer: SILENT });
  }

  get #file(): string {
    return path.join(this.#root, String(this.#life), 'state.db');
  }

  leave(): void {
    this.#copyTo(this.#life + 1);
  }

  /** What SQLite makes of the state is looked at in a copy, which spares the files. */
  async begin(): Promise<void> {
    this.#life += 1;
    this.#copyTo(SPARE);
    judgeFile(path.join(this.#root, SPARE, 'state.db'));
  }

  judge(): void {
    judgeFile(this.#file);
  }

  /** Removes all files. */
  clean(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #copyTo(life: number | string): void {
    const target = path.join(this.#root, String(life));
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const suffix of ['', '-wal']) {
      if (existsSync(this.#file + suffix)) copyFileSync(this.#file + suffix, path.join(target, `state.db${suffix}`));
    }
  }
}
