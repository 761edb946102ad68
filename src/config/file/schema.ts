/** The configuration file: every key with its default, bounds and meaning. docs/configuration.md is generated from here. */
import { z } from 'zod';

import { DURATION_BUCKETS } from '../../domain/rules.ts';
import { proxyFault } from '../accounts/proxy.ts';
import { keyFault } from '../accounts/secrets.ts';
import { baseUrlFault, DEFAULT_BASE_URL } from '../addresses.ts';
import { flagSpec } from '../flags/flags.ts';
import { isStateUrl, STATE_WANTED } from '../state-url.ts';
import { FAMILY_WANTED, GLOB_WANTED, isFamilyGlob, isGlob } from './globs.ts';
import { patternFault } from './patterns.ts';
import { above, amount, duration, list, mapping, text, validated, whole, within, yesNo } from './value-types.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const NAME_WANTED = 'a name of 1 to 64 letters, digits, ".", "_" or "-"';
export const ID_WANTED = 'an id of 1 to 128 letters, digits, "_" or "-"';
const BUCKETS_WANTED = '1 to 100 numbers of seconds above 0, each greater than the one before';

const TEAM_WANTED = 'a name of 1 to 128 characters, without control characters or blanks around it';
/** Becomes a label value that Alertmanager routes by. */
const isTeam = (value: string): boolean => /^[^\p{Cc}]{1,128}$/u.test(value) && value.trim() === value;

/** True for an id of an organization or project; it becomes part of a URL. */
export const isId = (value: string): boolean => /^[\w-]{1,128}$/.test(value);

const id = () => text(ID_WANTED, isId);
const ONE_GLOB = 'a list of at least one glob';
const path = (wanted: string) => text(wanted, (value) => value !== '' && !value.includes('\0'));
const globs = () => list(text(GLOB_WANTED, isGlob), 'a list of globs');

const Selection = mapping({
  include: globs().prefault(['*']).meta({ description: 'Globs on project name or id: what to poll.' }),
  exclude: globs()
    .prefault([])
    .meta({ description: 'Globs on project name or id: what to leave out; stronger than include.' }),
});

const ClientTls = mapping({
  ca_file: path('the path of a file with certificates of CAs')
    .optional()
    .meta({ description: 'CAs to trust beside those of the system, PEM, relative to this file.' }),
  cert_file: path('the path of a file with a certificate')
    .optional()
    .meta({ description: 'Client certificate, PEM. Together with `key_file`.' }),
  key_file: path('the path of a file with a private key').optional().meta({ description: 'Its private key, PEM.' }),
});

export const Account = mapping({
  name: text(NAME_WANTED, (value) => /^[\w.-]{1,64}$/.test(value))
    .optional()
    .meta({
      description: 'Value of the label `account`. `default` where there is one account only; needed beside others.',
    }),
  base_url: validated(baseUrlFault).optional().meta({
    description: 'The API: North America, or Europe at `https://api.cloud.eu.llamaindex.ai`.',
    default: DEFAULT_BASE_URL,
  }),
  api_key: validated((value) => keyFault(value.trim()))
    .optional()
    .meta({ description: 'The API key; better write `${NAME}` here, or use `api_key_file`.' }),
  api_key_file: path('the path of a file that holds the API key').optional().meta({
    description: 'A file that holds the API key, relative to this file. Read again when the API answers 401.',
  }),
  organization_id: id().optional().meta({ description: 'One organization only; without it all that the key can see.' }),
  project_id: id().optional().meta({ description: 'One project only, without discovery.' }),
  projects: Selection.optional().meta({ description: 'Which of the discovered projects to poll.' }),
  requests_per_minute: whole(0, 1_000_000)
    .prefault(0)
    .meta({ description: 'Own limit on requests. 0: none, learn from the answers 429.' }),
  concurrency: whole(1, 100).prefault(4).meta({ description: 'Requests in flight at once.' }),
  request_timeout: duration(100, 10 * MINUTE)
    .prefault('30s')
    .meta({ description: 'How long one request may take.' }),
  history_share: within(0.05, 1).prefault(0.5).meta({
    description: 'Share of the requests that may read event histories, where a limit is in force.',
  }),
  history_megabytes_per_minute: whole(0, 1_000_000).prefault(100).meta({
    description: 'How much of event histories may be read. 0: no limit.',
  }),
  proxy_url: validated(proxyFault).optional().meta({
    description:
      'Proxy for the requests, with user and password where it wants them. Without it `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` decide; `""`: none.',
  }),
  tls: ClientTls.optional().meta({
    description: 'Certificates, for a gateway with a CA of its own. Read again at a reload.',
  }),
  page_size: whole(1, 10_000).prefault(100).meta({ description: 'Sessions asked for in one request.' }),
  max_pages: whole(1, 1_000_000_000)
    .prefault(1_000_000)
    .meta({ description: 'A sweep of more pages than this fails: a guard against an endless list.' }),
});
export type Account = z.infer<typeof Account>;

const Polling = mapping({
  interval: duration(SECOND, DAY).prefault('60s').meta({
    description:
      'How often each project is polled. After its first poll each project has its own phase within the interval, so that polls are spread.',
  }),
  full_sweep_interval: duration(SECOND, 7 * DAY)
    .prefault('30m')
    .meta({
      description: 'How often all sessions of a project are read, where reading the newest is enough in between.',
    }),
  discovery_interval: duration(SECOND, DAY).prefault('10m').meta({ description: 'How often projects are looked for.' }),
  stale_after: duration(SECOND, 30 * DAY)
    .prefault('1h')
    .meta({ description: 'Gauges of a project not read for so long are withdrawn.' }),
});

const Metrics = mapping({
  exemplars: yesNo().prefault(true).meta({ description: 'Session ids as exemplars in the OpenMetrics output.' }),
  indexes: yesNo().prefault(false).meta({ description: 'Sessions by index; switching it on refills by one sweep.' }),
  max_indexes: whole(1, 10_000)
    .prefault(100)
    .meta({ description: 'Indexes with a series of their own; the rest is `other`.' }),
  disable: list(text(FAMILY_WANTED, isFamilyGlob), 'a list of globs on names of metrics').prefault([]).meta({
    description:
      'Globs on names of metrics of the projects: these are left out. docs/metrics.md says how many series each has.',
  }),
  duration_buckets: list(amount('a number of seconds'), BUCKETS_WANTED)
    .refine((b) => b.length > 0 && b.length <= 100 && b.every((x, i) => x > (i === 0 ? 0 : (b[i - 1] ?? 0))), {
      error: BUCKETS_WANTED,
    })
    .optional()
    .meta({
      description: 'Upper bounds of the duration histogram in seconds. A change restarts that histogram at 0.',
      default: DURATION_BUCKETS,
    }),
});

const State = mapping({
  url: text(STATE_WANTED, isStateUrl)
    .optional()
    .meta({
      description:
        'Where counters live: `sqlite:PATH`, relative to the working directory, `sqlite::memory:`, or `postgresql://USER@HOST/DATABASE` for several replicas (docs/replicas.md). Cannot change by reload.',
      default: flagSpec('state.url').default,
    }),
  password_file: text('the path of a file', (value) => value !== '')
    .optional()
    .meta({
      description:
        'Holds the password of `postgresql://`, and is read again for each connection; its path cannot change by reload. Otherwise the URL has it, or `PGPASSWORD`.',
    }),
});

const Price = mapping({
  projects: globs()
    .prefault(['*'])
    .meta({ description: 'Globs on project name or id. The first price that applies wins.' }),
  input: amount('US dollars per million tokens, at least 0').meta({ description: 'USD per million input tokens.' }),
  output: amount('US dollars per million tokens, at least 0').meta({ description: 'USD per million output tokens.' }),
});

const usd = () => above(0, 'US dollars, a number above 0');

const Budget = mapping({
  projects: list(text(GLOB_WANTED, isGlob), ONE_GLOB)
    .refine((found) => found.length > 0, { error: ONE_GLOB })
    .optional()
    .meta({
      description:
        'Globs on project name or id. The first budget that applies to a project is its own; one without this key is for all projects together.',
    }),
  per_day: usd().optional().meta({ description: 'US dollars in any 24 hours.' }),
  per_month: usd().optional().meta({ description: 'US dollars in a calendar month (UTC).' }),
}).refine((budget) => budget.per_day !== undefined || budget.per_month !== undefined, {
  error: 'per_day, per_month or both',
});

const Team = mapping({
  projects: globs()
    .prefault(['*'])
    .meta({ description: 'Globs on project name or id. The first team that applies wins.' }),
  team: text(TEAM_WANTED, isTeam).meta({
    description: 'Value of the label `team` of `llamacloud_project_info`, and of every alert about the project.',
  }),
});

const Pattern = z.string({ error: 'a regular expression' }).superRefine((value, ctx) => {
  const fault = patternFault(value);
  if (fault !== null) ctx.addIssue({ code: 'custom', message: `another regular expression: ${fault}` });
});

const ErrorClass = mapping({
  class: text('a class of 1 to 64 small letters, digits or "_"', (value) => /^[a-z][a-z0-9_]{0,63}$/.test(value)).meta({
    description: 'Value of the label `class`; may be a built-in one.',
  }),
  pattern: Pattern.meta({
    description:
      'Regular expression on the error text, in any case. Tried before the built-in classes, first match wins.',
  }),
});

/** The sections of the file. Each is validated by itself, so that a mistake in one does not hide those of another. */
export const SECTIONS = {
  accounts: list(Account, 'a list of accounts').prefault([]).meta({ description: 'Whose projects to poll.' }),
  polling: Polling.prefault({}).meta({ description: 'How often.' }),
  accounting: z.enum(['every_run', 'last_run'], { error: 'every_run or last_run' }).prefault('every_run').meta({
    description:
      '`every_run` counts from the session list at once and adds from event histories what the list hides; `last_run` is the list alone, a lower bound.',
  }),
  state: State.prefault({}).meta({ description: 'The durable state.' }),
  metrics: Metrics.prefault({}).meta({ description: 'What is shown.' }),
  prices: list(Price, 'a list of prices')
    .prefault([])
    .meta({ description: 'For the cost estimate; none: no cost metric.' }),
  budgets: list(Budget, 'a list of budgets')
    .prefault([])
    .meta({ description: 'What projects may cost; the alerts about cost compare with it.' }),
  teams: list(Team, 'a list of teams').prefault([]).meta({ description: 'Who owns which projects.' }),
  error_classes: list(ErrorClass, 'a list of error classes')
    .prefault([])
    .meta({ description: 'Own classes of failed runs.' }),
} as const;

export type Sections = { readonly [K in keyof typeof SECTIONS]: z.output<(typeof SECTIONS)[K]> };
