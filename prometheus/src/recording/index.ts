/** The file of recording rules that alerts share. */
import { LEVEL_RULES } from '../levels.ts';
import type { RuleFile } from '../rule.ts';
import { FRESHNESS } from './freshness.ts';
import { LONG_GROUP, RUN_GROUP } from './runs.ts';
import { USUAL_GROUP } from './usual.ts';

export const RECORDING: RuleFile = {
  name: 'llamacloud-recording.yml',
  header: `
Recording rules that the alerts share, named level:metric:operations. The level "project" has the labels job, instance and
project_id: a project can be renamed, its id stays. Scrape at least every minute: the shortest window is 5 minutes.`,
  groups: [
    { name: 'llamacloud-levels', comment: 'What is there.', interval: '', rules: LEVEL_RULES },
    FRESHNESS,
    RUN_GROUP,
    LONG_GROUP,
    USUAL_GROUP,
  ],
};
