/** Writes the version of package.json into the files beside it that name it, so that a release changes one line. */
import { readFileSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');

/** What precedes the version, by file. */
const NAMED: readonly (readonly [file: string, before: RegExp])[] = [
  ['README.md', /(llamacloud-exporter\/llamacloud-exporter:)\d[\w.-]*/g],
  ['docker-compose.yml', /(image: llamacloud-exporter:|VERSION: )\d[\w.-]*/g],
  ['deploy/kubernetes/kustomization.yaml', /(newTag: )\d[\w.-]*/g],
  ['package-lock.json', /("name": "llamacloud-exporter",\n\s+"version": ")[^"]+/g],
];

/** The files with the present version, by path. @throws Error where a file names none any more. */
export function versioned(): readonly (readonly [file: string, text: string])[] {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  return NAMED.map(([file, before]) => {
    const text = read(file);
    if (text.search(before) < 0) throw new Error(`${file} names no version: see scripts/versions.ts`);
    return [file, text.replaceAll(before, `$1${version}`)];
  });
}
