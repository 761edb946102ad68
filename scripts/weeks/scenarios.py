"""The weeks: who runs agents, how often, at what cost, and what goes wrong. Times are seconds since the epoch, UTC."""
from dataclasses import dataclass, field

HOUR, DAY, WEEK = 3600, 86400, 7 * 86400
PAST = 1793577600  # Monday 2026-11-02: a week that rules compare with
JUDGED = PAST + WEEK


def at(day: int, hour: int, minute: int = 0) -> int:
    """A time of the judged week; day 0 is Monday."""
    return JUDGED + day * DAY + hour * HOUR + minute * 60


@dataclass(frozen=True)
class Incident:
    """`amount` is the share of runs that fail, or the factor of the cost."""
    kind: str  # errors, cost, silent, outage, restarts
    project: str
    start: int
    end: int
    amount: float = 1.0
    error_class: str = ''


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    projects: list  # (name, runs a day, projects that it stands for)
    usd_per_day: float
    failure_ratio: float
    shape: str  # office, day, world: when the runs happen
    incidents: list = field(default_factory=list)
    start: int = PAST
    judged: int = JUDGED
    end: int = JUDGED + WEEK
    step: int = 60


TEAM = [('support', 12, 1), ('docs', 6, 1), ('helper', 2, 1)]
TWENTY = [(f'{name}-{team:02d}', runs, 1) for team in range(20) for name, runs, _ in TEAM]
ZIPF_10 = [(f'team-{i:02d}', 2000 / i / 2.929, 1) for i in range(1, 11)]
# 14 of 300 projects whose sizes follow Zipf's law; each stands for its neighbours.
RANKS = {1: 1, 2: 1, 3: 2, 5: 3, 8: 4, 12: 6, 20: 13, 45: 30, 80: 40, 120: 40, 150: 40, 199: 40, 240: 40, 280: 40}
ZIPF_300 = [(f'p{rank:03d}', 1e6 / rank / 6.283, weight) for rank, weight in RANKS.items()]

S_INCIDENTS = [
    Incident('errors', 'support', at(2, 9), at(2, 17), 1.0, 'authentication'),
    Incident('cost', 'docs', at(3, 9), at(3, 17), 10),
    Incident('silent', 'support', at(4, 0), at(5, 0)),
]
M_INCIDENTS = [
    Incident('silent', 'team-01', at(1, 10), at(1, 16)),
    Incident('errors', 'team-04', at(2, 13), at(2, 15), 1.0, 'authentication'),
    Incident('errors', 'team-02', at(3, 10), at(3, 10, 30), 0.4, 'internal'),
    Incident('cost', 'team-03', at(4, 8), at(4, 14), 10),
]
L_INCIDENTS = [
    Incident('outage', '', at(2, 14), at(2, 15)),
    Incident('errors', 'p012', at(3, 10), at(3, 10, 30), 0.4, 'internal'),
    Incident('errors', 'p199', at(3, 13), at(3, 13, 30), 0.4, 'internal'),
    Incident('cost', 'p020', at(4, 8), at(4, 14), 10),
    Incident('cost', 'p150', at(4, 8), at(4, 14), 10),
]
RESTARTS = [Incident('restarts', '', at(1, 14), at(1, 15))]

SCENARIOS = {
    each.name: each
    for each in [
        Scenario('S', 'a small team, 20 runs a day', TEAM, 1, 0.02, 'office'),
        Scenario('SR', 'twenty small teams', TWENTY, 20, 0.02, 'office'),
        Scenario('SX', 'S with three incidents', TEAM, 1, 0.02, 'office', S_INCIDENTS),
        Scenario('M', '10 projects, 2,000 runs a day', ZIPF_10, 20, 0.02, 'day'),
        Scenario('MX', 'M with four incidents', ZIPF_10, 20, 0.02, 'day', M_INCIDENTS),
        Scenario('L', '14 of 300 projects, 1,000,000 runs a day', ZIPF_300, 3000, 0.01, 'world'),
        Scenario('I', 'L with an outage and four incidents', ZIPF_300, 3000, 0.01, 'world', L_INCIDENTS),
        Scenario('U', 'M: ten restarts within an hour, a young Prometheus', ZIPF_10, 20, 0.02, 'day', RESTARTS,
                 start=JUDGED, end=at(2, 12), step=15),
        Scenario('N', 'L: Prometheus installed on a Wednesday at 11:00', ZIPF_300, 3000, 0.01, 'world',
                 start=at(2, 11), judged=at(2, 11), end=at(4, 0)),
    ]
}
