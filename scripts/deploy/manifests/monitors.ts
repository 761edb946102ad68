/** How the Prometheus operator scrapes: one pod, or several. */
import { block, given, helmOnly, inline, type Node, note, value, whenever } from '../marks.ts';
import { called, type Manifest, metadata, NAME, PLAIN_NAMESPACE, route, SELECTOR } from './common.ts';

const PROTOCOLS = ['OpenMetricsText1.0.0', 'PrometheusText0.0.4'];

const monitored = (name: string): Node =>
  metadata({ namespace: `${name}.namespace`, labels: `${name}.additionalLabels` });
const NAMESPACE = helmOnly({ matchNames: [called('namespace', '')] });

/** Relabelings of the chart's values, behind ours. */
const moreRelabelings = (name: string): Node[] => {
  const path = `.Values.${name}.settings.relabelings`;
  return [whenever(path, false, block(`toYaml ${path}`, []))];
};
/** Everything else that the endpoint may have. */
const moreSettings = (name: string): Node => {
  const others = `omit .Values.${name}.settings "relabelings"`;
  return whenever(others, false, { '...': block(`toYaml (${others})`, {}) });
};

const INSTANCE =
  'There is one replica, with durable counters. Its address changes at every restart, and with it every series would: rules that\n' +
  'compare with last week need an instance that stays.';

export const SERVICE_MONITOR: Manifest = {
  file: 'service-monitor.yaml',
  about: 'Scrapes the one pod. Your Prometheus may select monitors by a label: see deploy/README.md.',
  condition: '.Values.serviceMonitor.enabled',
  document: {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: monitored('serviceMonitor'),
    spec: {
      namespaceSelector: NAMESPACE,
      selector: { matchLabels: SELECTOR },
      scrapeProtocols: note('OpenMetrics first: only it carries exemplars.', PROTOCOLS),
      endpoints: [
        {
          port: 'metrics',
          path: route('/metrics'),
          interval: value('serviceMonitor.interval'),
          scrapeTimeout: given('serviceMonitor.scrapeTimeout'),
          relabelings: [
            note(INSTANCE, { targetLabel: 'instance', replacement: called('fullname', NAME) }),
            ...moreRelabelings('serviceMonitor'),
          ],
          '...': moreSettings('serviceMonitor'),
        },
      ],
    },
  },
};

export const POD_MONITOR: Manifest = {
  file: 'pod-monitor.yaml',
  about: "Scrapes every pod's metrics about itself; the projects are scraped by the ScrapeConfig.",
  condition: '.Values.podMonitor.enabled',
  document: {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: monitored('podMonitor'),
    spec: {
      namespaceSelector: NAMESPACE,
      selector: { matchLabels: SELECTOR },
      scrapeProtocols: PROTOCOLS,
      podMetricsEndpoints: [
        {
          port: 'metrics',
          path: route('/metrics/exporter'),
          interval: value('podMonitor.interval'),
          scrapeTimeout: given('podMonitor.scrapeTimeout'),
          relabelings: [{ targetLabel: 'job', replacement: `${NAME}-members` }, ...moreRelabelings('podMonitor')],
          '...': moreSettings('podMonitor'),
        },
      ],
    },
  },
};

export const SCRAPE_CONFIG: Manifest = {
  file: 'scrape-config.yaml',
  about: 'Scrapes the projects through the service, as one target whichever pod answers.',
  condition: '.Values.scrapeConfig.enabled',
  document: {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    kind: 'ScrapeConfig',
    metadata: monitored('scrapeConfig'),
    spec: {
      jobName: NAME,
      metricsPath: route('/metrics/projects'),
      scrapeInterval: value('scrapeConfig.interval'),
      scrapeTimeout: given('scrapeConfig.scrapeTimeout'),
      scrapeProtocols: PROTOCOLS,
      staticConfigs: [
        {
          targets: [
            inline(
              'printf "%s.%s.svc:%v" (include "llamacloud-exporter.fullname" .) (include "llamacloud-exporter.namespace" .) .Values.service.port | quote',
              `${NAME}.${PLAIN_NAMESPACE}.svc:10940`,
            ),
          ],
        },
      ],
      '...': given('scrapeConfig.settings'),
    },
  },
};
