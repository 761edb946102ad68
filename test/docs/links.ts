/** Links of Markdown documents within the repository. */
import path from 'node:path';

export type Link = { readonly from: string; readonly file: string; readonly anchor: string };

/** Text without blocks of code, in which a bracket is no link. */
const prose = (text: string): string => text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** Relative links of a document, their files by the path from the root of the repository. */
export function linksOf(from: string, text: string): readonly Link[] {
  const targets = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor = ''] = target.split('#');
      return { from, file: file === '' ? from : path.posix.join(path.posix.dirname(from), file), anchor };
    });
}

/** Anchors that GitHub gives the headings of a document. */
export function anchorsOf(text: string): readonly string[] {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(
    (match) => match[1] ?? '',
  );
  return headings.map((heading) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
