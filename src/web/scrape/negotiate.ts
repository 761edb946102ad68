/** Chooses format and encoding of a scrape by the request's headers (RFC 9110, 12.4 and 12.5). */
import type { Format } from '../../domain/serving.ts';

type Choice = { readonly name: string; readonly parameters: ReadonlyMap<string, string>; readonly q: number };

/** Each element of an Accept or Accept-Encoding header, lower case; a `q` that is no number counts as 0. */
function choices(header: string): readonly Choice[] {
  return header
    .toLowerCase()
    .split(',')
    .map((element) => {
      const [name = '', ...rest] = element.split(';').map((part) => part.trim());
      const parameters = new Map(
        rest.map((part) => {
          const [key = '', value = ''] = part.split('=', 2);
          return [key.trim(), value.trim().replace(/^"(.*)"$/, '$1')] as const;
        }),
      );
      return { name, parameters, q: quality(parameters.get('q')) };
    });
}

function quality(text: string | undefined): number {
  if (text === undefined) return 1;
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

/** Versions of each format that this exporter's output satisfies; a range without a version takes any. */
const VERSIONS: Readonly<Record<Format, readonly string[]>> = {
  text: ['0.0.4'],
  openmetrics: ['1.0.0', '0.0.1'],
};

const RANGES: Readonly<Record<string, Format>> = {
  'application/openmetrics-text': 'openmetrics',
  'text/plain': 'text',
  'text/*': 'text',
  '*/*': 'text',
};

/**
 * OpenMetrics only where it is asked for by name, with at least the weight of anything else that we have; text for all others,
 * also for those that accept neither: an answer helps more than a 406.
 */
export function formatFor(accept: string | undefined): Format {
  if (accept === undefined) return 'text';
  let best: { format: Format; q: number } = { format: 'text', q: 0 };
  for (const { name, parameters, q } of choices(accept)) {
    const format = RANGES[name];
    const version = parameters.get('version');
    if (format === undefined || (version !== undefined && !VERSIONS[format].includes(version))) continue;
    if (q > best.q) best = { format, q };
  }
  return best.format;
}

/** True when gzip is acceptable and at least as welcome as no encoding. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  const all = choices(acceptEncoding);
  const weight = (...names: string[]): number | undefined => all.find((choice) => names.includes(choice.name))?.q;
  const gzip = weight('gzip', 'x-gzip') ?? weight('*') ?? 0;
  return gzip > 0 && gzip >= (weight('identity') ?? 0);
}

/** Remembers the answers for the few headers that scrapers send; bounded, as anybody may send anything. */
export function remembering<T>(
  decide: (header: string | undefined) => T,
  most = 64,
): (header: string | undefined) => T {
  const known = new Map<string | undefined, T>();
  return (header) => {
    const before = known.get(header);
    if (before !== undefined) return before;
    const decision = decide(header);
    if (known.size >= most) known.clear();
    known.set(header, decision);
    return decision;
  };
}
