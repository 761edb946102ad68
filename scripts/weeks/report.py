#!/usr/bin/env python3
"""Prints the Markdown tables of docs/alerting.md from the results of replay.py. usage: report.py RESULT.json..."""
import json
import os
import sys

import yaml

import notify
import table
from scenarios import SCENARIOS

ROUTES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../alertmanager/alertmanager.yml')


def describe(kind, project):
    names = {'errors': 'failing runs', 'cost': 'tenfold cost', 'silent': 'silence', 'outage': 'outage of the API', 'restarts': 'ten restarts'}
    return names[kind] + (f' of {project}' if project else '')


def trace(incident):
    """How many runs an incident affected, and when the first one was; nothing for what is no matter of runs."""
    if not incident.get('times'):
        return '-'
    return f"{incident['affected']} from {table.minutes(round((incident['times'][0] - incident['start']) / 60))}"


def main(files):
    with open(ROUTES) as file:
        routes = yaml.safe_load(file)
    weeks, incidents = [], {}
    for name in files:
        with open(name) as file:
            result = json.load(file)
        meta = result['meta']
        found = table.summary(result, notify.replay(result['fired'], routes))
        order = list(SCENARIOS).index(meta['scenario'])
        weeks.append((order, meta['seed'], meta['scenario'], found))
        traces = {(i['kind'], i['project']): trace(i) for i in meta['incidents']}
        for key, (any_, page) in found['told'].items():
            incidents.setdefault((order, meta['scenario'], *key), []).append((meta['seed'], any_, page, traces[key]))
    print('| week | seed | messages | pages | false pages | false warnings | hidden in an open page |\n' + '| --- ' * 7 + '|')
    for _, seed, week, found in sorted(weeks, key=lambda row: row[:2]):
        print(f"| {week} | {seed} | {found['messages']} | {found['pages']} | {found['false pages']} | {found['false warnings']} | {found['hidden']} |")
    print('\n| incident | affected runs (by seed) | first message after | first page after |\n| --- | --- | --- | --- |')
    for (_, week, kind, project), rows in sorted(incidents.items()):
        rows.sort(key=lambda row: row[0])
        affected = '-' if all(first == '-' for *_, first in rows) else ', '.join(f'{first} ({seed})' for seed, *_, first in rows)
        told = ', '.join(table.minutes(any_) for _, any_, _, _ in rows)
        paged = ', '.join(table.minutes(page) for _, _, page, _ in rows)
        print(f'| {week}: {describe(kind, project)} | {affected} | {told} | {paged} |')


if __name__ == '__main__':
    main(sys.argv[1:])
