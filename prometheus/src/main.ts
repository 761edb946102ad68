/** The generated files: rules for Prometheus, and the same for the Prometheus operator on Kubernetes. */
import { ALERT_FILE } from './alerts/index.ts';
import { RECORDING } from './recording/index.ts';
import { THRESHOLDS } from './thresholds/index.ts';
import { renderJson, renderPrometheusRule, renderRuleFile } from './yaml.ts';

const FILES = [THRESHOLDS, RECORDING, ALERT_FILE] as const;

/** Text of every rule file by its name in prometheus/rules/. */
export function generateRules(): Map<string, string> {
  return new Map(FILES.map((file) => [file.name, renderRuleFile(file)]));
}

/** All rules as one PrometheusRule: deploy/kubernetes/prometheus-rule.yaml. */
export function generatePrometheusRule(): string {
  return renderPrometheusRule(FILES);
}

/** The rules as JSON by the names of files in mixin/rules/: jsonnet reads it in every version. */
export function generateMixin(): Map<string, string> {
  return new Map([
    ['alerts.json', renderJson([ALERT_FILE])],
    ['records.json', renderJson([THRESHOLDS, RECORDING])],
  ]);
}
