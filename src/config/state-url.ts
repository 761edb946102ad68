/** `state.url`: where counters live, and how it is shown. The parts of a `postgresql://` URL are read by the room that connects. */

export const STATE_WANTED =
  'sqlite:PATH, sqlite::memory: to keep nothing, or postgresql://USER@HOST[:PORT][,HOST[:PORT]]/DATABASE for several replicas';

/** `sqlite://` is refused: its slashes would silently become part of the path. */
const SQLITE = /^sqlite:(?!\/\/)[^\0]+$/;

/** User and password, hosts, database, parameters. */
const POSTGRESQL = /^postgres(?:ql)?:\/\/(?:([^@/]*)@)?([^@/?]*)\/([^@/?]+)(\?[^\0]*)?$/;

export function isStateUrl(text: string): boolean {
  return SQLITE.test(text) || POSTGRESQL.test(text);
}

/** The URL without user, password and parameters. */
export function shownStateUrl(url: string): string {
  const [, , hosts = '', database = ''] = POSTGRESQL.exec(url) ?? [];
  return SQLITE.test(url) ? url : `postgresql://${hosts}/${database}`;
}

/** The password in the URL, as written and decoded; none: nothing. */
export function passwordsOf(url: string): readonly string[] {
  const [, userInfo = ''] = POSTGRESQL.exec(url) ?? [];
  const colon = userInfo.indexOf(':');
  const password = colon < 0 ? '' : userInfo.slice(colon + 1);
  if (password === '') return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
