"""The table of a replayed week: what was sent, what was false, and when each incident was told."""
import time
from collections import Counter

PAGERS = ('pager', 'billing-pager')
HOUR = 3600
# Alerts that tell an incident, by parts of their names, and how long after its end they may still begin.
TELLS = {
    'errors': (('ErrorBudget', 'ErrorRatio', 'FailingRuns'), 6 * HOUR),
    'cost': (('Cost', 'Token'), 24 * HOUR),
    'silent': (('Silent',), HOUR),
    'restarts': (('Restarting',), 1.2 * HOUR),
    'outage': (('Api', 'DataStale', 'Discovery'), HOUR / 2),
}


def cause(labels, start, incidents):
    for incident in incidents:
        names, grace = TELLS[incident['kind']]
        fits = any(name in labels['alertname'] for name in names)
        mine = not incident['project'] or incident['project'] == labels.get('project')
        if fits and mine and incident['start'] <= start <= incident['end'] + grace:
            return incident
    return None


def told(incident, fired, sent, pagers_only):
    """Minutes until the first message about an incident; None for never."""
    names, grace = TELLS[incident['kind']]
    for message in sent:
        about = any(name in message['alert'] for name in names) and message['firing']
        mine = not incident['project'] or incident['project'] in message['projects']
        heard = message['receiver'] in PAGERS if pagers_only else message['receiver'] != 'quiet'
        if about and mine and heard and incident['start'] <= message['time'] <= incident['end'] + grace:
            return round((message['time'] - incident['start']) / 60)
    return None


def summary(result, sent):
    meta = result['meta']
    incidents = meta['incidents']
    loud = [message for message in sent if message['receiver'] != 'quiet' and message['firing']]
    false = Counter(f['labels']['severity'] for f in result['fired'] if cause(f['labels'], f['start'], incidents) is None)
    first = {(i['kind'], i['project']): (told(i, result['fired'], sent, False), told(i, result['fired'], sent, True)) for i in incidents}
    return {
        'messages': len(loud),
        'pages': sum(message['receiver'] in PAGERS and message['opened'] for message in loud),
        'false pages': false['critical'],
        'false warnings': false['warning'],
        'hidden': sum(len(message['joined']) for message in loud if message['receiver'] in PAGERS),
        'told': first,
        'untold': [key for key, (any_, _) in first.items() if any_ is None],
    }


def minutes(value):
    return '-' if value is None else f'{value} min' if value < 120 else f'{value / 60:.1f} h'


def text(result, sent, found):
    meta = result['meta']
    lines = [f"week {meta['scenario']}, seed {meta['seed']}: {found['messages']} messages, {found['pages']} pages, "
             f"{found['false pages']} false pages, {found['false warnings']} false warnings, {found['hidden']} hidden in an open page"]
    for (kind, project), (any_, page) in found['told'].items():
        lines.append(f'  {kind} {project}: told after {minutes(any_)}, paged after {minutes(page)}')
    for alert, count in Counter(f['labels']['alertname'] for f in result['fired']).most_common():
        times = [time.strftime('%a %H:%M', time.gmtime(f['start'])) + ' ' + f['labels'].get('project', '')
                 for f in sorted(result['fired'], key=lambda f: f['start']) if f['labels']['alertname'] == alert]
        lines.append(f"  {alert.removeprefix('LlamaCloud')}: {count} ({', '.join(times[:6])}{' ...' if count > 6 else ''})")
    return '\n'.join(lines)
