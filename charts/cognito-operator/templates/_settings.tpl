{{/* The operator's flags. What is empty is left to the operator's own default. */}}
{{- define "cognito-operator.args" -}}
{{- $rows := list
  (list "namespaces" (join "," .Values.watch.namespaces))
  (list "label-selector" .Values.watch.labelSelector)
  (list "concurrency" .Values.controller.concurrency)
  (list "resync" .Values.controller.resyncPeriod)
  (list "shutdown-grace" .Values.controller.shutdownGracePeriod)
  (list "account-id" .Values.aws.accountId)
  (list "share" .Values.rateLimit.share)
  (list "account-reads-per-second" .Values.rateLimit.accountReadsPerSecond)
  (list "account-writes-per-second" .Values.rateLimit.accountWritesPerSecond)
  (list "pool-calls-per-second" .Values.rateLimit.poolCallsPerSecond)
  (list "lease-name" (include "cognito-operator.leaseName" .))
  (list "lease-duration" .Values.leaderElection.leaseDuration)
  (list "renew-deadline" .Values.leaderElection.renewDeadline)
  (list "retry-period" .Values.leaderElection.retryPeriod)
  (list "metrics-port" (.Values.metrics.enabled | ternary .Values.metrics.port "off"))
  (list "probes-port" .Values.probes.port)
  (list "log-level" .Values.log.level)
}}
{{- range $rows }}
{{- if last . }}
- {{ printf "--%s=%v" (first .) (last .) | quote }}
{{- end }}
{{- end }}
{{- range .Values.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end }}

{{/* Flags that the rest of the chart must know of; elsewhere the last of two flags wins. */}}
{{- define "cognito-operator.refuseArgs" -}}
{{- $owners := dict
  "--namespaces" "set `watch.namespaces`"
  "--lease-name" "set `leaderElection.leaseName`"
  "--lease-namespace" "the Lease is in the namespace of the release, where its Role is"
  "--renew-deadline" "set `leaderElection.renewDeadline`"
  "--shutdown-grace" "set `controller.shutdownGracePeriod`"
  "--metrics-port" "set `metrics.port`"
  "--probes-port" "set `probes.port`"
}}
{{- range $at, $arg := .Values.extraArgs }}
{{- with get $owners (first (splitList "=" $arg)) }}
{{- fail (printf "`extraArgs[%d]` must not be %s: %s" $at $arg .) }}
{{- end }}
{{- end }}
{{- end }}

{{/* `800ms`, `4s`, `10m` or `1h` as whole seconds. */}}
{{- define "cognito-operator.seconds" -}}
{{- $amount := regexFind "^[0-9]+" . | int }}
{{- $unit := regexFind "[a-z]+$" . }}
{{- if eq $unit "ms" }}{{ div (add $amount 999) 1000 }}
{{- else }}{{ mul $amount (get (dict "s" 1 "m" 60 "h" 3600) $unit) }}
{{- end }}
{{- end }}

{{/* Longer than both together: the Lease is given back last. */}}
{{- define "cognito-operator.terminationSeconds" -}}
{{- $grace := include "cognito-operator.seconds" .Values.controller.shutdownGracePeriod }}
{{- $renew := include "cognito-operator.seconds" .Values.leaderElection.renewDeadline }}
{{- .Values.terminationGracePeriodSeconds | default (add $grace $renew 5) }}
{{- end }}
