/** Every flag of the command line, as data: the parser, `--help`, the environment variables and docs/configuration.md are made from it. */

export const COMMANDS = ['serve', 'once', 'check', 'state', 'simulate', 'demo'] as const;
export type CommandName = (typeof COMMANDS)[number];

type FlagGroup = 'Configuration' | 'Web' | 'State' | 'Log' | 'Output' | 'Renewal' | 'Simulator';

export type FlagSpec = {
  readonly name: string;
  /** `text`: one value. `list`: repeatable. `switch`: given or not. */
  readonly kind: 'text' | 'list' | 'switch';
  /** Stands for the value in `--help`; empty for a switch. */
  readonly value: string;
  /** As people would write it; empty: none. */
  readonly default: string;
  /** The default of the demo, where it has its own. */
  readonly demoDefault?: string;
  /** All values that there are, where they can be listed. */
  readonly values?: readonly string[];
  readonly group: FlagGroup;
  readonly help: string;
  readonly commands: readonly CommandName[];
};

/** `check` takes what `serve` takes, so that one command line serves for both. */
const SERVING: readonly CommandName[] = ['serve', 'check'];
const POLLING: readonly CommandName[] = ['serve', 'once', 'check'];
const CONFIGURED: readonly CommandName[] = [...POLLING, 'state'];
const SIMULATING: readonly CommandName[] = ['simulate', 'demo'];

const flag = <N extends string>(name: N, spec: Omit<FlagSpec, 'name'>) => ({ name, ...spec }) as const;

export const FLAGS = [
  flag('config.file', {
    kind: 'text',
    value: 'FILE',
    default: '',
    group: 'Configuration',
    help: 'Configuration in YAML. Without it the environment is enough.',
    commands: CONFIGURED,
  }),
  flag('config.check', {
    kind: 'switch',
    value: '',
    default: '',
    group: 'Configuration',
    help: 'Validate the configuration, say what is wrong, exit 0 or 1. No request is sent.',
    commands: ['serve'],
  }),
  flag('web.listen-address', {
    kind: 'list',
    value: 'ADDRESS',
    default: ':10940',
    demoDefault: '127.0.0.1:10940',
    group: 'Web',
    help: 'Where to listen: host:port, [::1]:port or :port. Repeatable.',
    commands: [...SERVING, 'demo'],
  }),
  flag('web.telemetry-path', {
    kind: 'text',
    value: 'PATH',
    default: '/metrics',
    group: 'Web',
    help: 'Path of the metrics.',
    commands: SERVING,
  }),
  flag('web.external-url', {
    kind: 'text',
    value: 'URL',
    default: '',
    group: 'Web',
    help: 'URL under which people reach the exporter, behind a proxy for example.',
    commands: SERVING,
  }),
  flag('web.route-prefix', {
    kind: 'text',
    value: 'PATH',
    default: 'the path of the external URL',
    group: 'Web',
    help: 'Prefix of all paths; / for none, if the proxy takes it away.',
    commands: SERVING,
  }),
  flag('web.config.file', {
    kind: 'text',
    value: 'FILE',
    default: '',
    group: 'Web',
    help: "TLS and users, as Prometheus' exporter-toolkit defines them.",
    commands: SERVING,
  }),
  flag('web.max-requests', {
    kind: 'text',
    value: 'N',
    default: '40',
    group: 'Web',
    help: 'Scrapes served at once; further ones are answered 503.',
    commands: SERVING,
  }),
  flag('web.enable-lifecycle', {
    kind: 'switch',
    value: '',
    default: '',
    group: 'Web',
    help: 'Allow POST /-/reload. (SIGHUP reloads always.)',
    commands: SERVING,
  }),
  flag('state.url', {
    kind: 'text',
    value: 'URL',
    default: 'sqlite:llamacloud-exporter.db',
    group: 'State',
    help: 'Where counters live: sqlite:PATH, sqlite::memory: to keep nothing, or postgresql://USER@HOST/DATABASE for several replicas.',
    commands: CONFIGURED,
  }),
  flag('member.name', {
    kind: 'text',
    value: 'NAME',
    default: 'the host name',
    group: 'State',
    help: 'With postgresql://: what this replica is called.',
    commands: SERVING,
  }),
  flag('log.level', {
    kind: 'text',
    value: 'LEVEL',
    default: 'info',
    demoDefault: 'warn',
    values: ['debug', 'info', 'warn', 'error'],
    group: 'Log',
    help: 'debug, info, warn or error. Logs go to stderr.',
    commands: COMMANDS,
  }),
  flag('log.format', {
    kind: 'text',
    value: 'FORMAT',
    default: 'json; pretty on a terminal',
    group: 'Log',
    values: ['json', 'logfmt', 'pretty'],
    help: 'json, logfmt or pretty.',
    commands: COMMANDS,
  }),
  flag('output', {
    kind: 'text',
    value: 'FILE',
    default: 'stdout',
    group: 'Output',
    help: "Write the metrics to FILE, whole or not at all: for node_exporter's textfile collector. - is stdout.",
    commands: ['once'],
  }),
  flag('keep', {
    kind: 'switch',
    value: '',
    default: '',
    group: 'Renewal',
    help: 'Counters continue: after pg_upgrade, or a planned move of the database that lost nothing.',
    commands: ['state'],
  }),
  flag('listen-address', {
    kind: 'text',
    value: 'ADDRESS',
    default: '127.0.0.1:10941',
    group: 'Simulator',
    help: 'Where the simulated API listens.',
    commands: ['simulate'],
  }),
  flag('seed', {
    kind: 'text',
    value: 'N',
    default: '1',
    group: 'Simulator',
    help: 'Seed of the simulated world: the same seed, the same sessions.',
    commands: SIMULATING,
  }),
  flag('speed', {
    kind: 'text',
    value: 'FACTOR',
    default: '1',
    demoDefault: '20',
    group: 'Simulator',
    help: 'How many times busier than real life the simulated users are.',
    commands: SIMULATING,
  }),
  flag('order', {
    kind: 'text',
    value: 'ORDER',
    default: 'newest',
    values: ['newest', 'oldest', 'id'],
    group: 'Simulator',
    help: 'Order of the session list: newest, oldest or id.',
    commands: SIMULATING,
  }),
  flag('projects', {
    kind: 'text',
    value: 'N',
    default: '5',
    group: 'Simulator',
    help: 'Number of projects.',
    commands: SIMULATING,
  }),
] as const satisfies readonly FlagSpec[];

export type FlagName = (typeof FLAGS)[number]['name'];

/** What was given on the command line, not validated. A switch is `true`, a repeatable flag a list. */
export type Flags = Readonly<Partial<Record<FlagName, string | boolean | readonly string[]>>>;

/** Flags of groups that hold for one command only have no twin in the environment. */
const WITHOUT_VARIABLE: readonly FlagGroup[] = ['Output', 'Renewal', 'Simulator'];

/** The environment variable that replaces a flag; null where there is none. */
export function environmentName(spec: FlagSpec): string | null {
  if (WITHOUT_VARIABLE.includes(spec.group)) return null;
  return `LLAMACLOUD_EXPORTER_${spec.name.replaceAll(/[.-]/g, '_').toUpperCase()}`;
}

/** The default of a flag in a command; empty: none. */
export function defaultOf({ default: usual, demoDefault }: FlagSpec, command: CommandName): string {
  return command === 'demo' && demoDefault !== undefined ? demoDefault : usual;
}

/** The definition of a flag. */
export function flagSpec(name: FlagName): FlagSpec {
  const spec = FLAGS.find((f) => f.name === name);
  if (spec === undefined) throw new RangeError(`no flag ${name}`);
  return spec;
}
