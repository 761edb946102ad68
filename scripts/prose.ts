/** Prose of the generated documents, in lines that a reader of the source can take in. */

/** Lines of at most 145 characters; a single word that is longer has a line of its own. */
export function wrapped(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(.{1,145})(?: |$)/g, '$1\n')
    .trimEnd();
}
