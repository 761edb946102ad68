/** The dashboards for import by hand: up to date, and asking for nothing but a data source. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateDashboards, generateImports } from '../../grafana/src/main.ts';

type Model = {
  readonly __inputs?: readonly { readonly name: string; readonly type: string; readonly pluginId: string }[];
  readonly __requires?: readonly { readonly id: string }[];
  readonly uid: string;
  readonly panels: readonly unknown[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
};

const folder = new URL('../../grafana/import/', import.meta.url);
const imports = [...generateImports()];

describe('dashboards for import by hand', () => {
  it('are up to date, one for each dashboard', () => {
    expect(readdirSync(folder).sort()).toEqual([...generateDashboards().keys()].sort());
    for (const [name, text] of imports) expect(readFileSync(new URL(name, folder), 'utf8') === text, name).toBe(true);
  });

  it.each(imports)('%s asks for its data source and nothing else', (name, text) => {
    const model = JSON.parse(text) as Model;
    expect(model['__inputs']).toEqual([
      expect.objectContaining({ name: 'DS_PROMETHEUS', type: 'datasource', pluginId: 'prometheus' }),
    ]);
    expect(model['__requires']?.map(({ id }) => id)).toEqual(['grafana', 'prometheus']);
    expect(text).not.toContain('${datasource}');
    expect(text).toContain('"uid": "${DS_PROMETHEUS}"');
    const plain = JSON.parse(generateDashboards().get(name) ?? '') as Model;
    expect(model.uid).toBe(plain.uid);
    expect(model.panels).toHaveLength(plain.panels.length);
    const others = plain.templating.list.filter(({ type }) => type !== 'datasource');
    expect(model.templating.list.map((variable) => variable.name)).toEqual(others.map((variable) => variable.name));
  });
});
