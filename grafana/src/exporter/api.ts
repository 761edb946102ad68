/** Requests to the LlamaCloud API: how many, how fast, how they end. */
import type { Endpoint } from '../../../src/domain/observer.ts';
import { EXPORTER } from '../../../src/metrics/catalog.ts';
import { byValue, events, limited, lines, stacked } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { color, dashed, rightAxis } from '../overrides.ts';
import { COLOR, FAILURE_COLORS } from '../palette.ts';
import { age, max, ofExporter, rate, sum } from '../promql.ts';
import { series } from '../queries.ts';

const requestsPerSecond = rate(ofExporter(EXPORTER.requests));

function byCode() {
  return stacked(
    'Requests by code',
    'Attempts of requests per second by status code; error means that no answer came.',
    'reqps',
  )
    .withTarget(series(`${sum(requestsPerSecond, 'code')} > 0`, '{{code}}'))
    .overrideByRegexp('/^2/', [color(COLOR.ok)])
    .overrideByRegexp('/^4/', [color(COLOR.p95)])
    .overrideByRegexp('/^429$/', [color(COLOR.warning)])
    .overrideByRegexp('/^5/', [color(COLOR.error)])
    .overrideByRegexp('/^error$/', [color(COLOR.p99)]);
}

function quantile(q: number): string {
  return `histogram_quantile(${q}, ${sum(rate(ofExporter(`${EXPORTER.requestDuration.name}_bucket`)), 'le')})`;
}

function durations() {
  const panel = lines(
    'Duration of requests',
    'Quantiles of the duration of attempts, over all endpoints. The dashed lines stand at 5 and 10 seconds.',
    's',
  );
  return limited(panel, LIMITS.requestP95)
    .withTarget(series(quantile(0.5), 'p50'))
    .withTarget(series(quantile(0.95), 'p95'))
    .withTarget(series(quantile(0.99), 'p99'))
    .overrideByName('p50', [color(COLOR.p50)])
    .overrideByName('p95', [color(COLOR.p95)])
    .overrideByName('p99', [color(COLOR.p99)]);
}

function rateLimit() {
  return lines(
    'Rate limit',
    'Requests per second that the limiter allows now, beside those that were sent. No limit is drawn where there is none.',
    'reqps',
  )
    .withTarget(series(sum(requestsPerSecond), 'Sent'))
    .withTarget(series(max(`${ofExporter(EXPORTER.rateLimit)} < Inf`, 'account'), 'Limit of {{account}}'))
    .overrideByName('Sent', [color(COLOR.input)])
    .overrideByRegexp('/^Limit/', [color(COLOR.error), ...dashed()]);
}

function retries() {
  const panel = events('Retries by reason', 'Repeated attempts per minute, by reason.')
    .noValue('No request was repeated')
    .withTarget(series(`60 * ${sum(rate(ofExporter(EXPORTER.retries)), 'reason')} > 0`, '{{reason}}'));
  for (const [reason, reasonColor] of FAILURE_COLORS) panel.overrideByName(reason, [color(reasonColor)]);
  return panel;
}

function byEndpoint() {
  const panel = lines(
    'Requests by endpoint',
    'Attempts of requests per second by endpoint of the API.',
    'reqps',
  ).withTarget(series(sum(requestsPerSecond, 'endpoint'), '{{endpoint}}'));
  const colors = { sessions: COLOR.input, session: COLOR.p95, projects: COLOR.output, project: COLOR.ok };
  for (const [endpoint, endpointColor] of Object.entries<string>(colors satisfies Record<Endpoint, string>)) {
    panel.overrideByName(endpoint, [color(endpointColor)]);
  }
  return panel;
}

function throughput() {
  return lines(
    'Pages and sessions read',
    'Pages of session lists read per second, and the sessions on them (right).',
    'short',
  )
    .withTarget(series(sum(rate(ofExporter(EXPORTER.pages))), 'Pages'))
    .withTarget(series(sum(rate(ofExporter(EXPORTER.sessionsSeen))), 'Sessions'))
    .overrideByName('Pages', [color(COLOR.input)])
    .overrideByName('Sessions', [color(COLOR.output), rightAxis()]);
}

function discovery() {
  return lines('Age of discovery', 'Time since the last successful discovery of projects, by account.', 's')
    .colorScheme(byValue())
    .withTarget(series(max(age(ofExporter(EXPORTER.discoveryLastSuccess)), 'account'), '{{account}}'));
}

export function api(): Row {
  return {
    title: 'API',
    panels: [
      place(byCode(), 8, 9),
      place(durations(), 8, 9),
      place(rateLimit(), 8, 9),
      place(retries(), 6, 9),
      place(byEndpoint(), 6, 9),
      place(throughput(), 6, 9),
      place(discovery(), 6, 9),
    ],
  };
}
