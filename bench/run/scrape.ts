/** Scrapes, as a Prometheus would make them, and what they say. */
import { Agent, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

const agent = new Agent({ keepAlive: true });

/** The answer of an exporter, still compressed; rejects where nobody listens or it is no 200. */
export function fetchCompressed(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, headers: { 'accept-encoding': 'gzip' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`${url} answered ${response.statusCode}`));
        resolve(Buffer.concat(chunks));
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end();
  });
}

/** The text of /metrics; rejects as `fetchCompressed`. */
export async function scrape(url: string): Promise<string> {
  return gunzipSync(await fetchCompressed(url)).toString();
}

/** Sum over the series of a family whose labels contain each of `labels` (`name="value"`); null where there is none. */
export function valueOf(text: string, family: string, ...labels: readonly string[]): number | null {
  let sum: number | null = null;
  for (let at = text.indexOf(`\n${family}`); at >= 0; at = text.indexOf(`\n${family}`, at + 1)) {
    const line = text.slice(at + 1, text.indexOf('\n', at + 1));
    const after = line[family.length];
    if ((after !== '{' && after !== ' ') || !labels.every((label) => line.includes(label))) continue;
    sum = (sum ?? 0) + Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}
