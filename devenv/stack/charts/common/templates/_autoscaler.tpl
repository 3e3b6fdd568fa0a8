{{/*
HPA on CPU, and on memory where a target is given.
Argument: list of the root context, the apiVersion and the kind of what it scales.
*/}}
{{- define "common.horizontalPodAutoscaler" -}}
{{- $root := index . 0 -}}
{{- $autoscaling := $root.Values.autoscaling -}}
{{- if $autoscaling.enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "common.fullname" $root }}
  labels:
    {{- include "common.labels" $root | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: {{ index . 1 }}
    kind: {{ index . 2 }}
    name: {{ include "common.fullname" $root }}
  minReplicas: {{ $autoscaling.minReplicas }}
  maxReplicas: {{ $autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ $autoscaling.targetCPUUtilization }}
    {{- with $autoscaling.targetMemoryUtilization }}
    - type: Resource
      resource:
        name: memory
        target:
          type: Utilization
          averageUtilization: {{ . }}
    {{- end }}
  {{- with $autoscaling.behavior }}
  behavior:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
