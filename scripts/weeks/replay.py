#!/usr/bin/env python3
"""Replays a week against the rules and routes of this repository: series, recording rules, alerts, notifications, a table.

usage: python3 scripts/weeks/replay.py WEEK [--seed N] [--work DIR] [--keep]      weeks: S SR SX M MX L I U N
"""
import argparse
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import yaml

import notify
import table
from generate import generate
from scenarios import DAY

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..')
UNITS = {'ms': 0.001, 's': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 604800}


def seconds(duration):
    return sum(int(n) * UNITS[unit] for n, unit in re.findall(r'(\d+)(ms|[smhdw])', str(duration or '0s')))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f'{command}: {done.stdout[-500:]}{done.stderr[-1500:]}')


class Prometheus:
    """A server over a folder of blocks, on loopback. It finds new blocks only at a start."""

    def __init__(self, folder, data, port):
        self.url, self.process = f'http://127.0.0.1:{port}', None
        self.log, empty = f'{folder}/prometheus.log', f'{folder}/empty.yml'
        with open(empty, 'w') as file:
            file.write('global: {}\n')
        self.command = ['prometheus', f'--config.file={empty}', f'--storage.tsdb.path={data}', '--storage.tsdb.retention.time=100y',
                        f'--web.listen-address=127.0.0.1:{port}', '--query.max-samples=2000000000', '--query.timeout=20m',
                        '--storage.tsdb.min-block-duration=54h', '--storage.tsdb.max-block-duration=54h',
                        '--no-storage.tsdb.allow-overlapping-compaction', '--log.level=warn']

    def start(self):
        self.stop()
        with open(self.log, 'a') as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, env=dict(os.environ, GOMAXPROCS='1'))
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(self.url + '/-/ready', timeout=2).read()
                return
            except OSError:
                time.sleep(.1)
        raise RuntimeError(f'Prometheus does not start: {self.log}')

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def range(self, query, start, end, step):
        form = urllib.parse.urlencode(dict(query=query, start=start, end=end, step=step)).encode()
        with urllib.request.urlopen(self.url + '/api/v1/query_range', form, timeout=1200) as answer:
            return json.load(answer)['data']['result']


def read_rules(folder):
    records, alerts = [], []
    for name in sorted(glob.glob(f'{folder}/*.yml')):
        with open(name) as file:
            groups = yaml.safe_load(file)['groups']
        for group in groups:
            for rule in group['rules']:
                (records if 'record' in rule else alerts).append(dict(rule, interval=group.get('interval', '1m')))
    return records, alerts


def layers(records):
    """Rules in the order of what they read: a rule that reads a recorded series needs it on the server first."""
    names = {rule['record'] for rule in records}
    reads = {rule['record']: {name for name in names if re.search(rf'(?<![\w:]){re.escape(name)}(?![\w:])', rule['expr'])}
             for rule in records}
    depth = {}

    def visit(name):
        if name not in depth:
            depth[name] = 1 + max((visit(other) for other in reads[name] - {name}), default=-1)
        return depth[name]

    for name in names:
        visit(name)
    return [[rule for rule in records if depth[rule['record']] == d] for d in range(max(depth.values()) + 1)]


def wanted_past(records, rules):
    """Names of the recorded series of which something reads last week, and of what these are made of."""
    names = {rule['record']: rule['expr'] for rule in records}
    reads = lambda expr: {name for name in names if re.search(rf'(?<![\w:]){re.escape(name)}(?![\w:])', expr)}
    past = {name for rule in rules for name in names if re.search(re.escape(name) + r'(\[[^\]]*\])?\s+offset\s', rule['expr'])}
    while more := {other for name in past for other in reads(names[name])} - past:
        past |= more
    return past


def record(server, records, alerts, meta, folder, data):
    """Backfills the recorded series: over the past week where something compares with it, else from two hours before the judged one."""
    past = wanted_past(records, records + alerts)
    server.start()
    for number, layer in enumerate(layers(records)):
        lots = {}
        for rule in layer:
            start = meta['first'] if rule['record'] in past else max(meta['first'], meta['start'] - 7200)
            lots.setdefault((start, rule['interval']), []).append({key: rule[key] for key in ('record', 'expr')})
        for (start, interval), rules in lots.items():
            name = f'{folder}/layer-{number}-{interval}-{start}.yml'
            with open(name, 'w') as file:
                yaml.safe_dump(dict(groups=[dict(name=f'layer-{number}', interval=interval, rules=rules)]), file)
            run('promtool', 'tsdb', 'create-blocks-from', '--max-block-duration=54h', 'rules', f'--url={server.url}',
                f'--start={start}', f'--end={meta["end"]}', f'--eval-interval={interval}', f'--output-dir={data}', name)
        server.start()


def episodes(samples, hold, keep):
    """Firing times of one label set: from the first step at which it was there for `for`, to the first without it, and `keep_firing_for` on."""
    found, i = [], 0
    while i < len(samples):
        j = i
        while j + 1 < len(samples) and samples[j + 1] - samples[j] == 60:
            j += 1
        if found and keep and samples[i] <= found[-1][1]:
            found[-1] = (found[-1][0], samples[j] + 60 + keep)
        elif samples[j] - samples[i] >= hold:
            found.append((samples[i] + hold, samples[j] + 60 + keep))
        i = j + 1
    return found


def fire(server, alerts, meta):
    fired = []
    for rule in alerts:
        seen = {}
        for start in range(meta['start'], meta['end'], DAY):
            for series in server.range(rule['expr'], start, min(meta['end'], start + DAY) - 60, 60):
                labels = {key: value for key, value in series['metric'].items() if key != '__name__'}
                labels.update(rule['labels'], alertname=rule['alert'])
                seen.setdefault(tuple(sorted(labels.items())), []).extend(int(float(t)) for t, _ in series['values'])
        for labels, times in seen.items():
            for start, end in episodes(sorted(times), seconds(rule['for']), seconds(rule.get('keep_firing_for'))):
                fired.append(dict(labels=dict(labels), start=start, end=end))
    return fired


def replay(week, seed, folder, rules, port, keep):
    shutil.rmtree(folder, ignore_errors=True)
    data = f'{folder}/data'
    os.makedirs(data)
    meta = generate(week, seed, f'{folder}/text')
    for part in sorted(glob.glob(f'{folder}/text/*.om')):
        run('promtool', 'tsdb', 'create-blocks-from', '--max-block-duration=54h', 'openmetrics', '-q', part, data)
        os.remove(part)
    records, alerts = read_rules(rules)
    server = Prometheus(folder, data, port)
    try:
        record(server, records, alerts, meta, folder, data)
        fired = fire(server, alerts, meta)
    finally:
        server.stop()
    if not keep:
        shutil.rmtree(data)
    return dict(meta=meta, fired=fired)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('week')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--work', default='weeks.d')
    parser.add_argument('--rules', default=f'{ROOT}/prometheus/rules')
    parser.add_argument('--routes', default=f'{ROOT}/alertmanager/alertmanager.yml')
    parser.add_argument('--port', type=int, default=19777)
    parser.add_argument('--keep', action='store_true', help='keep the blocks, to query them')
    options = parser.parse_args()
    folder = f'{options.work}/{options.week}-{options.seed}'
    result = replay(options.week, options.seed, folder, options.rules, options.port, options.keep)
    with open(f'{folder}.json', 'w') as file:
        json.dump(result, file)
    with open(options.routes) as file:
        sent = notify.replay(result['fired'], yaml.safe_load(file))
    summary = table.summary(result, sent)
    print(table.text(result, sent, summary))
    sys.exit(1 if summary['false pages'] or summary['untold'] else 0)


if __name__ == '__main__':
    main()
