/** Cases for alerts about the LlamaCloud API: rejected keys, outages, discovery, rate limits and slow answers. */
import type { AlertCase } from '../case.ts';
import { ACCOUNT_LABELS, account, apiBucket, flat, gone, ramp, requests, seq } from '../series.ts';

const DISCOVERY = account('llamacloud_exporter_discovery_up');
const PROJECTS = account('llamacloud_exporter_projects');

export const API_CASES: readonly AlertCase[] = [
  {
    alert: 'LlamaCloudAuthenticationRejected',
    step: 1,
    // Answers change from 200 to 401 after minute 10; the last success leaves the window of 10 minutes at minute 19.
    series: {
      [requests('200')]: seq(ramp(0, 10, 11), flat(100, 60)),
      [requests('401')]: seq(gone(11), ramp(1, 1, 60)),
    },
    since: 19,
    for: 5,
    severity: 'critical',
    labels: ACCOUNT_LABELS,
    summary: 'LlamaCloud rejects the API key of account default',
    description:
      'The API answered 401 or 403 to exporter:10940, and no request of account default has succeeded for 10 minutes: no project of it is read. Put a valid key in place.',
    silent: [
      { name: 'the key is rotated', series: { [requests('401')]: seq(gone(10), '1 2', flat(3, 60)) } },
      { name: 'one project of many is forbidden', series: { [requests('403')]: ramp(0, 1, 80) } },
      { name: 'the API is down', series: { [requests('200')]: flat(100, 80), [requests('503')]: ramp(0, 5, 80) } },
    ],
  },
  {
    alert: 'LlamaCloudApiDown',
    step: 1,
    // Every request fails after minute 10; at minute 20 nine tenths of the window's requests have failed: the window holds 9 intervals.
    series: {
      [requests('200')]: seq(ramp(0, 10, 11), flat(100, 60)),
      [requests('503')]: seq(flat(0, 11), ramp(10, 10, 60)),
    },
    since: 19,
    for: 5,
    severity: 'critical',
    labels: ACCOUNT_LABELS,
    summary: 'The LlamaCloud API does not answer account default',
    description:
      '100% of the API requests of account default failed in 10 minutes: no project of it is read, and agents are likely down as well. See the status page of LlamaCloud, then your own network.',
    silent: [
      { name: 'four of five requests fail', series: { [requests('503')]: seq(flat(0, 11), ramp(40, 40, 80)) } },
      { name: 'nothing is asked', series: { [requests('200')]: flat(100, 90), [requests('503')]: flat(100, 90) } },
      {
        name: 'an outage of 12 minutes',
        series: {
          [requests('200')]: seq(ramp(0, 10, 11), flat(100, 12), ramp(110, 10, 60)),
          [requests('503')]: seq(flat(0, 11), ramp(10, 10, 12), flat(120, 60)),
        },
      },
      {
        name: 'a restart sets the counters to 0',
        series: {
          [requests('200')]: seq(ramp(0, 10, 20), ramp(0, 10, 60)),
          [requests('503')]: seq(flat(900, 20), flat(0, 60)),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudDiscoveryFailing',
    step: 1,
    series: { [DISCOVERY]: seq(flat(1, 10), flat(0, 60)) },
    since: 10,
    for: 25,
    severity: 'warning',
    labels: ACCOUNT_LABELS,
    summary: 'The projects of account default cannot be listed',
    description:
      'Discovery has failed for 25 minutes. Known projects are still polled; new ones are not found. See what its requests are answered.',
    silent: [
      {
        name: 'two discoveries fail, the third succeeds',
        series: { [DISCOVERY]: seq(flat(1, 10), flat(0, 20), flat(1, 60)) },
      },
    ],
  },
  {
    alert: 'LlamaCloudNoProjects',
    step: 1,
    series: { [PROJECTS]: seq(flat(1, 10), flat(0, 60)) },
    since: 10,
    for: 30,
    severity: 'warning',
    labels: ACCOUNT_LABELS,
    summary: 'Account default shows no project to poll',
    description:
      'Discovery has found no project of account default for 30 minutes: the key sees none, or include and exclude leave none.',
    silent: [{ name: 'the projects come back', series: { [PROJECTS]: seq(flat(1, 10), flat(0, 20), flat(1, 60)) } }],
  },
  {
    alert: 'LlamaCloudRateLimited',
    step: 1,
    // One 429 beside ten answers a minute: 8 of 158 in the window is the first share above 5 %, 15 of 165 the last.
    series: { [requests('429')]: seq(flat(0, 11), ramp(1, 1, 60)) },
    since: 18,
    for: 15,
    severity: 'warning',
    labels: ACCOUNT_LABELS,
    summary: 'LlamaCloud limits the requests of account default',
    description:
      '9.091% of the API requests in 15 minutes were answered 429: polls take longer. Set requests_per_minute below the limit of the account.',
    silent: [
      {
        name: 'two answers of few',
        series: { [requests('200')]: ramp(0, 0.5, 80), [requests('429')]: seq(flat(0, 11), '1', flat(2, 80)) },
      },
      { name: 'one burst', series: { [requests('429')]: seq(flat(0, 11), flat(20, 60)) } },
      {
        name: 'a restart sets the counters to 0',
        series: {
          [requests('200')]: seq(ramp(0, 10, 20), ramp(0, 10, 60)),
          [requests('429')]: seq(flat(300, 20), flat(0, 60)),
        },
      },
    ],
  },
  {
    alert: 'LlamaCloudApiErrors',
    step: 1,
    // Three 503 beside ten answers a minute: 12 of 102 is the first share above 10 %, 27 of 117 the last.
    series: { [requests('503')]: seq(flat(0, 11), ramp(3, 3, 60)) },
    since: 14,
    for: 20,
    severity: 'warning',
    labels: ACCOUNT_LABELS,
    summary: 'The LlamaCloud API fails for account default',
    description:
      '23.08% of the API requests in 10 minutes ended in a server error, or without an answer. They are repeated; nothing is lost yet.',
    silent: [
      {
        name: 'four errors of few requests',
        series: { [requests('200')]: ramp(0, 0.5, 80), [requests('error')]: seq(flat(0, 11), '1 2 3', flat(4, 80)) },
      },
      { name: 'one burst', series: { [requests('503')]: seq(flat(0, 11), flat(50, 60)) } },
      { name: 'answers that are no fault of the API', series: { [requests('404')]: ramp(0, 10, 80) } },
    ],
  },
  {
    alert: 'LlamaCloudApiSlow',
    step: 1,
    // All answers take 10 to 30 s; the 5 requests that make them believable are there at minute 1.
    series: { [apiBucket('1')]: flat(0, 80), [apiBucket('10')]: flat(0, 80) },
    since: 1,
    for: 15,
    severity: 'info',
    labels: ACCOUNT_LABELS,
    summary: 'The LlamaCloud API answers slowly to account default',
    description: 'One API request in twenty took longer than 29s in the last 15 minutes.',
    silent: [
      {
        name: 'few requests',
        series: { [apiBucket('1')]: flat(0, 80), [apiBucket('10')]: flat(0, 80), [requests('200')]: ramp(0, 0.2, 80) },
      },
      {
        name: 'one answer in forty is slow',
        series: { [apiBucket('1')]: ramp(0, 9.75, 80), [apiBucket('10')]: ramp(0, 9.75, 80) },
      },
    ],
  },
];
