/** The generated files: rules for Prometheus, and the same for the Prometheus operator on Kubernetes. */
import { ALERT_FILE } from './alerts/index.ts';
import { RECORDING } from './recording.ts';
import { THRESHOLDS } from './thresholds.ts';
import { renderPrometheusRule, renderRuleFile } from './yaml.ts';

export const RULE_FILES = [THRESHOLDS, RECORDING, ALERT_FILE] as const;

/** Text of every generated file by its path from the root of the repository. */
export function generateRules(): Map<string, string> {
  const files = new Map(RULE_FILES.map((file) => [`prometheus/rules/${file.name}`, renderRuleFile(file)]));
  return files.set('deploy/kubernetes/prometheus-rule.yaml', renderPrometheusRule(RULE_FILES));
}
