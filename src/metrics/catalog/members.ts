/** The catalogue of metrics on the members of a shared state. */
import { common, own } from './metric.ts';

/** How members share the work over one PostgreSQL; absent with a state in SQLite. */
export const MEMBERS = {
  unowned: common(
    'projects_unowned',
    'gauge',
    'Projects that no member with a standing lease owns, so that nobody polls them.',
  ),
  members: own('members', 'gauge', 'Members whose lease stands, as this member last saw them.'),
  lease: own(
    'member_lease_seconds',
    'gauge',
    'Time for which this member may still work without renewing its lease, in seconds; 0 when it has none.',
  ),
  owned: own('projects_owned', 'gauge', 'Projects that this member owns and polls.'),
  claims: own('claims_total', 'counter', 'Projects that this member has claimed.'),
  commitsLost: own(
    'commits_lost_total',
    'counter',
    'Commits that the database refused because another member owns the project or the database went back, by reason.',
    'reason',
  ),
  commitsInDoubt: own(
    'commits_in_doubt_total',
    'counter',
    'Commits whose answer was lost, so that the member had to read what became of them.',
  ),
  renewals: own(
    'state_renewals_total',
    'counter',
    'Projects whose counters this member began again at 0 because the database had lost commits.',
  ),
  rules: own('rules_info', 'gauge', 'Rules that this member counts by, as a hash; always 1.', 'hash'),
  refreshDuration: own(
    'refresh_duration_seconds',
    'histogram',
    'Duration of reading what has changed in the database before a scrape is answered, in seconds.',
  ),
} as const;
