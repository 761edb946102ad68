"""What Alertmanager sends for alerts that fire over a week: routes, grouping, inhibition, waits and repeats of its configuration.

After its dispatcher and dedup stage: a group is flushed group_wait after its first alert, then every group_interval; a flush notifies
if an alert is new to the group, one has resolved, or repeat_interval has passed; a flush of which inhibition leaves nothing is not sent.
"""
import re

INHERITED = ('receiver', 'group_by', 'group_wait', 'group_interval', 'repeat_interval')


def seconds(duration):
    units = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400}
    return sum(int(n) * units[unit] for n, unit in re.findall(r'(\d+)([smhd])', str(duration)))


def matches(matchers, labels):
    for matcher in matchers:
        name, operator, value = re.match(r'\s*([\w.]+)\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$', matcher).groups()
        found = labels.get(name, '')
        same = bool(re.fullmatch(value, found)) if '~' in operator else found == value
        if same == (operator[0] == '!'):
            return False
    return True


def route(node, labels, inherited):
    node = {**inherited, **node}
    for child in node.get('routes', []):
        if matches(child.get('matchers', []), labels):
            return route(child, labels, {key: node[key] for key in INHERITED if key in node})
    return node


def is_muted(alert, now, firing, rules):
    for rule in rules:
        if not matches(rule['target_matchers'], alert['labels']):
            continue
        for source in firing:
            same = all(source['labels'].get(key, '') == alert['labels'].get(key, '') for key in rule.get('equal', []))
            both = matches(rule['target_matchers'], source['labels']) and matches(rule['source_matchers'], alert['labels'])
            if source['end'] > now and same and not both and matches(rule['source_matchers'], source['labels']):
                return True
    return False


def key_of(alert):
    return tuple(sorted(alert['labels'].items()))


class Group:
    def __init__(self, node, values, now):
        self.node, self.values, self.alerts = node, values, {}
        self.flush_at = now + seconds(node['group_wait'])
        self.told, self.resolved, self.sent_at = set(), set(), None

    def flush(self, now, firing, rules):
        """The message that is sent now, or None."""
        self.flush_at = now + seconds(self.node['group_interval'])
        shown = [alert for alert in self.alerts.values() if not is_muted(alert, now, firing, rules)]
        on = {key_of(alert) for alert in shown if alert['end'] > now}
        off = {key_of(alert) for alert in shown if alert['end'] <= now}
        new, first = on - self.told, not self.told
        repeat = self.sent_at is not None and now - self.sent_at >= seconds(self.node['repeat_interval'])
        due = new or (not on and self.told) or (on and (off - self.resolved or repeat))
        for key in [key for key, alert in self.alerts.items() if alert['end'] <= now]:
            del self.alerts[key]
        if not shown or not due or (self.sent_at is None and not on):
            return None
        projects = sorted(dict(key).get('project', '') for key in on)
        joined = [] if first else sorted(dict(key).get('project', '') for key in new)
        self.told, self.resolved, self.sent_at = on, off, now
        return dict(time=now, receiver=self.node['receiver'], alert=self.values.get('alertname', ''), firing=len(on),
                    projects=projects, opened=bool(on) and first, joined=joined)


def replay(fired, config):
    """The messages of a week in order. `opened`: nothing of the group was firing before; `joined`: projects that joined an open one."""
    rules, waiting = config.get('inhibit_rules', []), sorted(fired, key=lambda alert: alert['start'])
    groups, messages, firing = {}, [], []
    while waiting or any(group.alerts for group in groups.values()):
        times = [group.flush_at for group in groups.values() if group.alerts]
        now = min(times + ([waiting[0]['start']] if waiting else []))
        while waiting and waiting[0]['start'] <= now:
            alert = waiting.pop(0)
            firing.append(alert)
            node = route(config['route'], alert['labels'], {})
            values = {name: alert['labels'].get(name, '') for name in node['group_by']}
            name = (node['receiver'], *values.items())
            group = groups.get(name)
            if group is None or (not group.alerts and not group.told):
                group = groups[name] = Group(node, values, now)
            group.alerts[key_of(alert)] = alert
        firing = [alert for alert in firing if alert['end'] > now]
        for group in groups.values():
            if group.alerts and group.flush_at <= now:
                message = group.flush(now, firing, rules)
                if message is not None:
                    messages.append(message)
    return messages
