/** The three dashboards: which rows they have, and what they are called. */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { api } from './exporter/api.ts';
import { freshness } from './exporter/freshness.ts';
import { health } from './exporter/health.ts';
import { members } from './exporter/members.ts';
import { polling } from './exporter/polling.ts';
import { process } from './exporter/process.ts';
import { storage } from './exporter/storage.ts';
import { verification } from './exporter/verification.ts';
import { assemble, type Definition } from './layout.ts';
import { budgets } from './overview/budgets.ts';
import { glance } from './overview/glance.ts';
import { PROJECT_DASHBOARD, projects } from './overview/projects.ts';
import { sessions } from './overview/sessions.ts';
import { spend } from './overview/spend.ts';
import { traffic } from './overview/traffic.ts';
import { cost } from './project/cost.ts';
import { durations } from './project/durations.ts';
import { glance as projectGlance } from './project/glance.ts';
import { runsAndErrors } from './project/runs.ts';
import { sessions as projectSessions } from './project/sessions.ts';
import { tokens } from './project/tokens.ts';
import { turns } from './project/turns.ts';

const overview: Definition = {
  uid: 'llamacloud-overview',
  title: 'LlamaCloud chat: overview',
  description: 'Chat agents of all projects: runs, errors, tokens, cost, durations, and what needs a look.',
  from: 'now-6h',
  rows: [glance(), traffic(), projects(), spend(), budgets(), sessions()],
};

const project: Definition = {
  uid: PROJECT_DASHBOARD,
  title: 'LlamaCloud chat: project',
  description:
    'Chat agents of one project, or of several summed up, down to the single session, beside the week before.',
  from: 'now-6h',
  rows: [projectGlance(), runsAndErrors(), durations(), tokens(), cost(), turns(), projectSessions()],
};

const exporter: Definition = {
  uid: 'llamacloud-exporter',
  title: 'LlamaCloud exporter',
  description:
    'The exporter itself: how fresh and how exact the data is, how polling and the API do, what the process needs.',
  from: 'now-6h',
  rows: [health(), freshness(), polling(), verification(), api(), storage(), process(), members()],
};

/** The dashboards by the names of their files. */
export function dashboards(): ReadonlyMap<string, Dashboard> {
  return new Map([
    ['overview.json', assemble(overview)],
    ['project.json', assemble(project)],
    ['exporter.json', assemble(exporter)],
  ]);
}
