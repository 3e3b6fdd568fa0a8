{{/* What every pod of ours has: pull secrets and ServiceAccount. Argument: list of the root context and the account's name. */}}
{{- define "common.podIdentity" -}}
{{- $root := index . 0 -}}
{{- with $root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $root.Values.global.rbac.enabled }}
serviceAccountName: {{ include "common.named" (list $root (index . 1)) }}
{{- end }}
{{- end }}

{{/* envFrom of a container. Argument: list of the root context and the Secret's name without prefix. */}}
{{- define "common.envFrom" -}}
- configMapRef:
    name: {{ include "common.named" (list (index . 0) "config") }}
- secretRef:
    name: {{ include "common.named" (list (index . 0) (index . 1)) }}
{{- end }}

{{/* Further env of a container from the values' `env` map, in the order of the names. */}}
{{- define "common.extraEnv" -}}
{{- range $name, $value := .Values.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* Restrictions that a pod without a need for privileges accepts. */}}
{{- define "common.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* A component's disruption budget: one pod at a time. */}}
{{- define "common.podDisruptionBudget" -}}
{{- if .Values.global.podDisruptionBudgets.enabled }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "common.fullname" . }}
  labels:
    {{- include "common.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "common.selectorLabels" . | nindent 6 }}
{{- end }}
{{- end }}
