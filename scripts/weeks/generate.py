"""Writes a week of series of the exporter as OpenMetrics text. Read by replay.py; the weeks are in scenarios.py."""
import json
import math
import os

import numpy as np

from scenarios import DAY, HOUR, JUDGED, SCENARIOS

CLASSES = ['rate_limited', 'timeout', 'context_length', 'authentication', 'index_unavailable', 'cancelled',
           'content_filter', 'internal', 'other', 'unknown']
USUAL_SHARES = np.array([.15, .20, .08, .03, .05, .30, .03, .15, .01, 0])
SMALL_SHARES = np.array([.10, .20, .05, 0, .05, .50, 0, .10, 0, 0])
TARGET = 'job="llamacloud",instance="a:1"'
ACCOUNT = 'account="default"'
BLOCK = 54 * HOUR  # promtool reads a file once for each block that it makes of it


class Files:
    """One file per block, each series whole within its block."""

    def __init__(self, folder, times):
        os.makedirs(folder, exist_ok=True)
        self.times = [f' {int(t)}\n' for t in times]
        blocks = times // BLOCK
        self.parts = [(np.nonzero(blocks == b)[0], open(f'{folder}/part-{b}.om', 'w', buffering=1 << 22))
                      for b in np.unique(blocks)]

    def put(self, name, labels, values, mask=None):
        head = f'{name}{{{TARGET}{"," + labels if labels else ""}}} '
        values = values.tolist() if isinstance(values, np.ndarray) else [values] * len(self.times)
        for index, file in self.parts:
            a, b = index[0], index[-1] + 1
            rows = zip(values[a:b], self.times[a:b], mask[a:b] if mask is not None else [True] * (b - a))
            file.write(''.join(f'{head}{value}{time}' for value, time, there in rows if there))

    def close(self):
        for _, file in self.parts:
            file.write('# EOF\n')
            file.close()


class Week:
    """The world moves once a minute, as polls do; scrapes see the last minute."""

    def __init__(self, scenario, seed, folder):
        self.scenario = scenario
        self.rng = np.random.default_rng([seed, *map(ord, scenario.name)])
        self.times = np.arange(scenario.start, scenario.end, scenario.step)
        self.minutes = np.arange(scenario.start, scenario.end, 60)
        self.seen = (self.times - scenario.start) // 60
        self.files = Files(folder, self.times)
        restarts = [i for i in scenario.incidents if i.kind == 'restarts']
        self.restarts = [i.start + 360 * n + int(self.rng.integers(0, 60)) for i in restarts for n in range(10)]
        up = np.ones(len(self.times), int)
        for restart in self.restarts:  # one scrape fails
            up[(self.times >= restart) & (self.times < restart + scenario.step)] = 0
        self.up, self.mask = up, up.astype(bool) if self.restarts else None
        self.outage = np.zeros(len(self.minutes), bool)
        self.traces = {}
        for incident in self.of('outage', ''):
            self.outage |= self.span(incident)

    def span(self, incident):
        return (self.minutes >= incident.start) & (self.minutes < incident.end)

    def of(self, kind, project):
        return [i for i in self.scenario.incidents if i.kind == kind and i.project == project]

    def affects(self, incident, runs):
        """Notes how many runs an incident affected, and when the first five were; `runs` may be an expectation."""
        total = np.cumsum(np.where(self.span(incident), runs, 0))
        times = [int(self.minutes[np.argmax(total >= n - 1e-9)]) for n in range(1, 6) if total[-1] >= n - 1e-9]
        self.traces[incident.kind, incident.project] = dict(affected=round(float(total[-1])), times=times)

    def noise(self, sigma, hours=1):
        """A slow log-normal factor with mean 1."""
        n = math.ceil(len(self.minutes) / 60 / hours) + 2
        path = np.interp(np.arange(len(self.minutes)) / 60 / hours, np.arange(n), self.rng.normal(0, sigma, n))
        return np.exp(path - sigma ** 2 / 2)

    def shape(self):
        """Runs by the time of day and the day of the week, relative to the mean of a working day."""
        hour, working = self.minutes % DAY / HOUR, (self.minutes - JUDGED) // DAY % 7 < 5
        if self.scenario.shape == 'office':
            return np.where((hour >= 9) & (hour < 17) & working, 3.0, 0.0)
        if self.scenario.shape == 'day':
            bell = lambda h: 0.1 + np.exp(-((h - 13.5) / 4) ** 2)
            return bell(hour) / bell(np.arange(0, 24, 1 / 60)).mean() * np.where(working, 1, .25)
        return (1 + 0.6 * np.sin((hour - 8) / 24 * 2 * np.pi)) * np.where(working, 1, .65)

    def counted(self, events):
        """A durable counter. It stands still in an outage; afterwards 70 % of what was missed is counted in two polls (last_run)."""
        events = events.copy()
        missed = np.nonzero(self.outage)[0]
        if len(missed):
            lost = events[missed].sum(0)
            events[missed] = 0
            for after, share in ((1, .4), (2, .3)):
                events[missed[-1] + after] += np.asarray(lost * share).astype(events.dtype)
        total = np.cumsum(events)
        return (total if total.dtype.kind in 'iu' else np.round(total, 6))[self.seen]

    def write(self):
        per_run = self.scenario.usd_per_day / sum(runs * weight for _, runs, weight in self.scenario.projects)
        for number, (name, daily, _) in enumerate(self.scenario.projects):
            self.project(number, name, daily, per_run)
        self.instance()
        self.files.close()

    def runs(self, name, daily):
        weekly = np.where(self.minutes < JUDGED, 1.0, self.rng.lognormal(0, .1))  # this week against the last
        rate = daily / 1440 * self.shape() * weekly
        if self.scenario.shape != 'office':
            rate = rate * self.noise(.15)
        for incident in self.of('silent', name):
            self.affects(incident, rate)
            rate = np.where(self.span(incident), 0, rate)
        return self.rng.poisson(rate).astype(np.int64)

    def failures(self, name, runs):
        ratio = self.scenario.failure_ratio
        if self.scenario.shape == 'world':  # projects differ
            ratio *= float(self.rng.lognormal(-.08, .4))
        shares = SMALL_SHARES if self.scenario.shape == 'office' else USUAL_SHARES
        failed = self.rng.multinomial(self.rng.binomial(runs, np.clip(ratio * self.noise(.2), 0, 1)), shares / shares.sum())
        for incident in self.of('errors', name):
            more = self.rng.binomial(np.where(self.span(incident), runs - failed.sum(1), 0), incident.amount)
            failed[:, CLASSES.index(incident.error_class)] += more
            self.affects(incident, more)
        return failed

    def money(self, name, runs, per_run):
        """The cost of a run varies exponentially."""
        cost = np.where(runs > 0, self.rng.gamma(np.maximum(runs, 1e-9)) * per_run, 0)
        for incident in self.of('cost', name):
            self.affects(incident, runs)
            cost = np.where(self.span(incident), cost * incident.amount, cost)
        return cost

    def durations(self, number, runs):
        """Log-normal; in large teams one project in ten does long research."""
        long = self.scenario.shape == 'world' and number % 10 == 7
        median = 45 if long else 8 * float(self.rng.lognormal(0, .3))
        weekly = np.where(self.minutes < JUDGED, 1, float(self.rng.lognormal(0, .05)))
        spread = 1 / (math.exp(.81) - 1)
        mean = median * math.exp(.405) * weekly
        return np.where(runs > 0, self.rng.gamma(np.maximum(runs * spread, 1e-9)) * mean / spread, 0)

    def project(self, number, name, daily, per_run):
        labels = f'project_id="{self.scenario.name.lower()}{number:03d}",project="{name}"'
        put = lambda metric, values, extra='': self.files.put(
            metric, labels + (',' + extra if extra else ''), values, self.mask)
        chat = lambda metric, events, extra='': put('llamacloud_chat_' + metric, self.counted(events), extra)
        runs = self.runs(name, daily)
        failed, cost = self.failures(name, runs), self.money(name, runs, per_run)
        chat('runs_total', runs)
        for index, error_class in enumerate(CLASSES):
            chat('run_errors_total', failed[:, index], f'class="{error_class}"')
        chat('cost_usd_total', cost)
        chat('input_tokens_total', (cost * 8e5).astype(np.int64))
        chat('output_tokens_total', (cost * 5e4).astype(np.int64))
        chat('runs_without_usage_total', self.rng.binomial(runs, .01))
        chat('run_duration_seconds_sum', self.durations(number, runs))
        chat('run_duration_seconds_count', runs)
        put('llamacloud_project_info', 1, f'{ACCOUNT},organization_id="org"')
        self.polling(number, daily, put)

    def polling(self, number, daily, put):
        last = self.minutes - self.rng.integers(0, 50, len(self.minutes))
        sweep = self.minutes - (self.minutes - number * 97 % 1800) % 1800
        gap = 60 + self.rng.integers(-4, 5, len(self.minutes))
        if self.outage.any():
            last[self.outage], sweep[self.outage] = 0, 0
            last, sweep = np.maximum.accumulate(last), np.maximum.accumulate(sweep)
            end = np.nonzero(self.outage)[0][-1] + 1
            gap[end] = self.outage.sum() * 60 + 60
        put('llamacloud_exporter_project_last_success_timestamp_seconds', last[self.seen])
        put('llamacloud_exporter_project_last_full_sweep_timestamp_seconds', sweep[self.seen])
        put('llamacloud_exporter_project_poll_gap_seconds', gap[self.seen])
        put('llamacloud_exporter_poll_duration_seconds', round(3 + daily / 400, 1), 'kind="full"')
        put('llamacloud_exporter_invalid_sessions_total', 0, 'reason="id"')

    def live(self, events):
        """A counter of the process: it starts at 0 after a restart."""
        total = np.cumsum(events)[self.seen]
        for restart in self.restarts:
            first = np.argmax(self.times >= restart)
            total = np.concatenate([total[:first], total[first:] - total[first]])
        return total

    def instance(self):
        own = lambda metric, values, labels='', mask=self.mask: self.files.put(metric, labels, values, mask)
        exporter = lambda metric, values, labels='': own('llamacloud_exporter_' + metric, values, labels)
        started = np.full(len(self.times), self.scenario.start - 5 * DAY)
        for restart in self.restarts:
            started = np.where(self.times >= restart, restart, started)
        projects = sum(weight for _, _, weight in self.scenario.projects)
        own('up', self.up, mask=None)
        own('process_start_time_seconds', started)
        own('process_resident_memory_bytes', (1.2e8 + projects * 4e5 + self.rng.integers(0, 3e7, len(self.times))).astype(int))
        exporter('build_info', 1, 'version="1.0.0"')
        exporter('config_last_reload_successful', 1)
        exporter('snapshot_timestamp_seconds', self.times - self.rng.integers(0, 20, len(self.times)))
        exporter('projects', projects, ACCOUNT)
        for kind, seconds in (('head', 60), ('full', 1800)):
            exporter('poll_interval_seconds', seconds, f'kind="{kind}"')
        discovered = np.ones(len(self.minutes), int)
        discovered[np.roll(self.outage, 4)] = 0
        exporter('discovery_up', discovered[self.seen], ACCOUNT)
        exporter('state_size_bytes', 2e7 + projects * 1.6e6)
        exporter('state_created_timestamp_seconds', self.scenario.start - 30 * DAY)
        exporter('state_write_errors_total', 0)
        self.api(projects, exporter)

    def api(self, projects, exporter):
        labels = f'{ACCOUNT},endpoint="list_sessions"'
        asked = self.rng.poisson(projects * 1.3, len(self.minutes))
        codes = {
            '200': np.where(self.outage, 0, asked),
            '429': np.where(self.outage, 0, self.rng.binomial(asked, .002)),
            '503': np.where(self.outage, self.rng.poisson(projects * 1.5, len(asked)), self.rng.binomial(asked, .0005)),
        }
        for code, events in codes.items():
            exporter('api_requests_total', self.live(events), f'{labels},code="{code}"')
        everything = sum(codes.values())
        for bound, share in (('0.5', .9), ('2.5', .995), ('10.0', 1), ('+Inf', 1)):
            quick = np.where(self.outage, bound in ('10.0', '+Inf'), share)
            exporter('api_request_duration_seconds_bucket', self.live((everything * quick).astype(int)), f'{labels},le="{bound}"')


def generate(name, seed, folder):
    """Writes part-*.om and meta.json."""
    scenario = SCENARIOS[name]
    week = Week(scenario, seed, folder)
    week.write()
    meta = dict(scenario=name, seed=seed, start=scenario.judged, end=scenario.end, first=scenario.start,
                weights={project: weight for project, _, weight in scenario.projects},
                incidents=[{**vars(i), **week.traces.get((i.kind, i.project), {})} for i in scenario.incidents])
    with open(f'{folder}/meta.json', 'w') as file:
        json.dump(meta, file)
    return meta
