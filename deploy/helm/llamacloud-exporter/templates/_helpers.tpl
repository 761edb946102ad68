{{/* Named templates of the chart. The manifests that use them are generated from scripts/deploy. */}}

{{- define "llamacloud-exporter.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The name of the release, with the name of the chart unless the release has it already. 52: a suffix must fit. */}}
{{- define "llamacloud-exporter.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- default $full .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- define "llamacloud-exporter.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "llamacloud-exporter.selectorLabels" -}}
app.kubernetes.io/name: {{ include "llamacloud-exporter.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "llamacloud-exporter.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "llamacloud-exporter.selectorLabels" . }}
app.kubernetes.io/part-of: llamacloud
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "llamacloud-exporter.image" -}}
{{- $repository := .Values.image.repository }}
{{- with .Values.image.registry }}{{ $repository = printf "%s/%s" . $repository }}{{ end }}
{{- with .Values.image.digest }}{{ printf "%s@%s" $repository . }}
{{- else }}{{ printf "%s:%s" $repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{- define "llamacloud-exporter.serviceAccountName" -}}
{{- $own := ternary (include "llamacloud-exporter.fullname" .) "default" .Values.serviceAccount.create }}
{{- default $own .Values.serviceAccount.name }}
{{- end }}

{{/* The secret with the API key. */}}
{{- define "llamacloud-exporter.secretName" -}}
{{- default (include "llamacloud-exporter.fullname" .) .Values.existingSecret }}
{{- end }}

{{- define "llamacloud-exporter.claimName" -}}
{{- default (include "llamacloud-exporter.fullname" .) .Values.state.sqlite.persistence.existingClaim }}
{{- end }}

{{- define "llamacloud-exporter.stateUrl" -}}
{{- if eq .Values.state.type "sqlite" }}sqlite:/var/lib/llamacloud-exporter/state.db
{{- else }}{{ .Values.state.postgresql.url }}
{{- end }}
{{- end }}

{{/* The exporter's configuration. The password of the database is a file, read at every connect. */}}
{{- define "llamacloud-exporter.config" -}}
{{- include "llamacloud-exporter.validate" . }}
{{- $config := deepCopy .Values.config }}
{{- if and (eq .Values.state.type "postgresql") .Values.state.postgresql.existingSecret }}
{{- $state := dict "password_file" "/run/secrets/llamacloud-exporter-state/password" }}
{{- $config = set $config "state" (merge (dict) $state (default (dict) $config.state)) }}
{{- end }}
{{- toYaml $config }}
{{- end }}

{{/* What the schema refuses as well; this holds where the schema is skipped. */}}
{{- define "llamacloud-exporter.validate" -}}
{{- $type := .Values.state.type }}
{{- if not (has $type (list "sqlite" "postgresql")) }}
{{- fail (printf "state.type is %q, wanted sqlite or postgresql" $type) }}
{{- end }}
{{- if and (eq $type "sqlite") (gt (int .Values.replicaCount) 1) }}
{{- fail (printf "replicaCount is %d, but one process holds a SQLite state: set replicaCount to 1, or state.type to postgresql" (int .Values.replicaCount)) }}
{{- end }}
{{- if and (eq $type "postgresql") (not (regexMatch "^postgres(ql)?://" .Values.state.postgresql.url)) }}
{{- fail "state.postgresql.url is missing: set it to postgresql://USER@HOST:5432/DATABASE" }}
{{- end }}
{{- end }}

{{/* The prefix of all paths, without a slash at its end. */}}
{{- define "llamacloud-exporter.routePrefix" -}}
{{- $path := "" }}
{{- with .Values.web.externalUrl }}{{ $path = (urlParse .).path }}{{ end }}
{{- default $path .Values.web.routePrefix | trimAll "/" | printf "/%s" | trimSuffix "/" }}
{{- end }}

{{- define "llamacloud-exporter.probeHeaders" -}}
{{- with .Values.probes.basicAuth }}
{{- if .username }}
- name: Authorization
  value: {{ printf "%s:%s" .username .password | b64enc | printf "Basic %s" | quote }}
{{- end }}
{{- end }}
{{- with .Values.probes.httpHeaders }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "llamacloud-exporter.topologySpreadConstraints" -}}
{{- $selector := dict "matchLabels" (include "llamacloud-exporter.selectorLabels" . | fromYaml) }}
{{- range .Values.topologySpreadConstraints }}
- {{ toYaml (merge (dict) . (dict "labelSelector" $selector)) | nindent 2 | trim }}
{{- end }}
{{- end }}
