/** Scrapes, as a Prometheus would make them, and what they say. */
import { Agent, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

const agent = new Agent({ keepAlive: true });

/** The text of /metrics; rejects where nobody listens or the answer is no 200. */
export function scrape(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, headers: { 'accept-encoding': 'gzip' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`/metrics answered ${response.statusCode}`));
        resolve(gunzipSync(Buffer.concat(chunks)).toString());
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end();
  });
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
