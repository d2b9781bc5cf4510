{{/* "true" when a kind of the Prometheus Operator is to be rendered. */}}
{{- define "cognito-operator.knowsPrometheus" -}}
{{- $known := .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" }}
{{- if and (not $known) (eq .Values.metrics.renderMode "failIfMissing") }}
{{- fail "`metrics.renderMode` is failIfMissing, and the cluster does not know monitoring.coreos.com/v1: install the Prometheus Operator first" }}
{{- end }}
{{- if or $known (eq .Values.metrics.renderMode "alwaysRender") }}true{{ end }}
{{- end }}

{{- define "cognito-operator.refuseMonitors" -}}
{{- $monitors := list .Values.metrics.serviceMonitor .Values.metrics.podMonitor }}
{{- if and (first $monitors).enabled (last $monitors).enabled }}
{{- fail "`metrics.serviceMonitor` and `metrics.podMonitor` must not both be enabled: each pod would be scraped twice" }}
{{- end }}
{{- range $monitors }}
{{- if and .enabled (not $.Values.metrics.enabled) }}
{{- fail "`metrics.enabled` must be true for a ServiceMonitor or a PodMonitor: there is nothing to scrape" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "cognito-operator.endpoint" -}}
- port: metrics
  path: /metrics
  {{- with .interval }}
  interval: {{ . }}
  {{- end }}
  {{- with .scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  {{- with .relabelings }}
  relabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Labels and annotations of an object of the monitoring: (list ROOT VALUES). */}}
{{- define "cognito-operator.monitoringMetadata" -}}
namespace: {{ (first .).Release.Namespace }}
labels:
  {{- include "cognito-operator.labels" (first .) | nindent 2 }}
  {{- with (last .).labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with (last .).annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
