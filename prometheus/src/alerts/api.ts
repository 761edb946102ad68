/** Alerts about the LlamaCloud API, for each account. */
import { EXPORTER } from '../../../src/metrics/catalog.ts';
import { ACCOUNT, INSTANCE } from '../levels.ts';
import { type AlertRule, promql, type RuleGroup } from '../rule.ts';
import { T } from '../thresholds/index.ts';

const requests = (codes: string, window: string): string =>
  `sum by (${ACCOUNT}) (increase(${EXPORTER.requests.name}${codes}[${window}]))`;

const FAILED = '{code=~"5..|error"}';

/** Share of the requests of a window with these codes above a threshold, and a number of them that is no chance even for one project. */
const share = (codes: string, window: string, few: number, threshold: string): string => promql`
  (
    (${requests(codes, window)} >= ${few})
      /
    ${requests('', window)}
  )
    > on (${INSTANCE}) group_left ()
  ${threshold}
`;

const DOWN: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudAuthenticationRejected',
    expr: promql`
      ${requests('{code=~"401|403"}', '30m')} > 0
        unless on (${ACCOUNT})
      ${requests('{code=~"2.."}', '10m')} > 0
    `,
    for: '5m',
    // Longer than what follows from it takes to end: that must not page when this has ended.
    keepFiringFor: '10m',
    severity: 'critical',
    summary: 'LlamaCloud rejects the API key of account {{ $labels.account }}',
    description:
      'The API answered 401 or 403 to {{ $labels.instance }}, and no request of account {{ $labels.account }} has succeeded for 10 minutes: no project of it is read. Put a valid key in place.',
  },
  {
    alert: 'LlamaCloudApiDown',
    expr: share(FAILED, '10m', 3, T.apiDownRatio),
    for: '5m',
    keepFiringFor: '10m',
    severity: 'critical',
    summary: 'The LlamaCloud API does not answer account {{ $labels.account }}',
    description:
      '{{ $value | humanizePercentage }} of the API requests of account {{ $labels.account }} failed in 10 minutes: no project of it is read, and agents are likely down as well. See the status page of LlamaCloud, then your own network.',
  },
];

const DEGRADED: readonly AlertRule[] = [
  {
    alert: 'LlamaCloudDiscoveryFailing',
    expr: `${EXPORTER.discoveryUp.name} == 0`,
    for: '25m',
    severity: 'warning',
    summary: 'The projects of account {{ $labels.account }} cannot be listed',
    description:
      'Discovery has failed for 25 minutes. Known projects are still polled; new ones are not found. See what its requests are answered.',
  },
  {
    alert: 'LlamaCloudNoProjects',
    expr: `${EXPORTER.projects.name} == 0`,
    for: '30m',
    severity: 'warning',
    summary: 'Account {{ $labels.account }} shows no project to poll',
    description:
      'Discovery has found no project of account {{ $labels.account }} for 30 minutes: the key sees none, or include and exclude leave none.',
  },
  {
    alert: 'LlamaCloudRateLimited',
    expr: share('{code="429"}', '15m', 3, T.rateLimitedRatio),
    for: '15m',
    severity: 'warning',
    summary: 'LlamaCloud limits the requests of account {{ $labels.account }}',
    description:
      '{{ $value | humanizePercentage }} of the API requests in 15 minutes were answered 429: polls take longer. Set requests_per_minute below the limit of the account.',
  },
  {
    alert: 'LlamaCloudApiErrors',
    expr: share(FAILED, '10m', 5, T.apiErrorRatio),
    for: '20m',
    severity: 'warning',
    summary: 'The LlamaCloud API fails for account {{ $labels.account }}',
    description:
      '{{ $value | humanizePercentage }} of the API requests in 10 minutes ended in a server error, or without an answer. They are repeated; nothing is lost yet.',
  },
  {
    alert: 'LlamaCloudApiSlow',
    expr: promql`
      histogram_quantile(0.95,
        sum by (${ACCOUNT}, le) (rate(${EXPORTER.requestDuration.name}_bucket[15m]))
      )
        > on (${INSTANCE}) group_left ()
      ${T.apiDurationP95}
        and on (${ACCOUNT})
      ${requests('', '15m')} >= 5
    `,
    for: '15m',
    severity: 'info',
    summary: 'The LlamaCloud API answers slowly to account {{ $labels.account }}',
    description: 'One API request in twenty took longer than {{ $value | humanizeDuration }} in the last 15 minutes.',
  },
];

export const API_ALERTS: readonly RuleGroup[] = [
  {
    name: 'llamacloud-api',
    comment: 'The LlamaCloud API, for each account.',
    interval: '',
    rules: [...DOWN, ...DEGRADED],
  },
];
