/** Three exporters over one database. */
import type { Exporter } from '../../run/exporter.ts';
import { valueOf } from '../../run/scrape.ts';
import type { Stage } from '../../run/stage.ts';

const MEMBERS = 3;
const SHARED_WITHIN_S = 300;

export type Shared = Pick<Parameters<Stage['exporter']>[0], 'baseUrl' | 'interval' | 'fullSweepInterval'> & {
  readonly nodeOptions?: readonly string[];
};

/** Three, or `count`, that share so many projects when this resolves: none has more than half more than its part. */
export async function membersOf(stage: Stage, projects: number, spec: Shared, count = MEMBERS): Promise<Exporter[]> {
  const state = await stage.database();
  const members = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      stage.exporter({ ...spec, state, flags: ['--member.name', `member-${i}`] }),
    ),
  );
  const most = (1.5 * projects) / count;
  const isShared = (text: string): boolean => {
    const owned = valueOf(text, 'llamacloud_exporter_projects_owned') ?? 0;
    const all = valueOf(text, 'llamacloud_exporter_projects') ?? 0;
    const unowned = valueOf(text, 'llamacloud_exporter_projects_unowned') ?? projects;
    return all === projects && unowned === 0 && owned > 0 && owned <= most;
  };
  for (const member of members) await member.until(isShared, SHARED_WITHIN_S, 1000);
  return members;
}

export async function stopAll(members: readonly Exporter[]): Promise<void> {
  await Promise.all(members.map((member) => member.stop()));
}
