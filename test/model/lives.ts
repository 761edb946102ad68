/** The files of one exporter after another: each kill leaves the state as it was at that moment to the next life. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { judgeFile } from './judge.ts';

/** Where files are copied to be looked at. */
const SPARE = 'spare';

export class Lives {
  readonly #root = mkdtempSync(path.join(tmpdir(), 'model-'));
  #life = 0;

  constructor() {
    mkdirSync(path.dirname(this.file), { recursive: true });
  }

  /** The state of the present life. */
  get file(): string {
    return path.join(this.#root, String(this.#life), 'state.db');
  }

  /** The state as it is now is what the next life begins with. */
  leave(): void {
    this.#copyTo(this.#life + 1);
  }

  /** The next life begins. What SQLite makes of its state is looked at in a copy, which spares the files. */
  begin(): void {
    this.#life += 1;
    this.#copyTo(SPARE);
    judgeFile(path.join(this.#root, SPARE, 'state.db'));
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
      if (existsSync(this.file + suffix)) copyFileSync(this.file + suffix, path.join(target, `state.db${suffix}`));
    }
  }
}
