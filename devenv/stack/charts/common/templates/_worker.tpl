{{/* The scaling numbers of a worker: its own over the release's. */}}
{{- define "common.queueAutoscaling" -}}
{{- mergeOverwrite (deepCopy .Values.global.queueAutoscaling) (.Values.autoscaling | default dict) | toYaml -}}
{{- end }}

{{/* Deployment of a queue worker. KEDA owns the replicas, so the field is written only while KEDA is off. */}}
{{- define "common.worker.deployment" -}}
{{- $autoscaling := include "common.queueAutoscaling" . | fromYaml -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "common.fullname" . }}
  labels:
    {{- include "common.labels" . | nindent 4 }}
spec:
  {{- if not $autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "common.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "common.selectorLabels" . | nindent 8 }}
        egress: llm
    spec:
      {{- include "common.podIdentity" (list . "workers") | trim | nindent 6 }}
      # A task in hand is finished and answered before the pod ends.
      terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
      containers:
        - name: {{ .Chart.Name }}
          image: {{ include "common.image" . }}
          imagePullPolicy: {{ .Values.global.imagePullPolicy }}
          env:
            - name: QUEUE
              value: {{ required (printf "%s.queue is missing" .Chart.Name) .Values.queue }}
            {{- with include "common.extraEnv" . | trim }}
            {{- . | nindent 12 }}
            {{- end }}
          envFrom:
            {{- include "common.envFrom" (list . "workers-secrets") | nindent 12 }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          securityContext:
            {{- include "common.securityContext" . | nindent 12 }}
{{- end }}

{{/* ScaledObject of a queue worker: KEDA asks RabbitMQ's management API, which counts the messages in hand too. */}}
{{- define "common.worker.scaledObject" -}}
{{- $autoscaling := include "common.queueAutoscaling" . | fromYaml -}}
{{- if $autoscaling.enabled }}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "common.fullname" . }}-scaler
  labels:
    {{- include "common.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    name: {{ include "common.fullname" . }}
  minReplicaCount: {{ int $autoscaling.minReplicaCount }}
  maxReplicaCount: {{ int $autoscaling.maxReplicaCount }}
  pollingInterval: {{ int $autoscaling.pollingInterval }}
  cooldownPeriod: {{ int $autoscaling.cooldownPeriod }}
  {{- with $autoscaling.behavior }}
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        {{- toYaml . | nindent 8 }}
  {{- end }}
  triggers:
    - type: rabbitmq
      metadata:
        protocol: http
        host: http://{{ include "common.named" (list . "rabbitmq") }}.{{ .Release.Namespace }}.svc.cluster.local:15672
        queueName: {{ .Values.queue }}
        queueLength: {{ int $autoscaling.queueLength | quote }}
      authenticationRef:
        name: {{ include "common.named" (list . "rabbitmq-trigger-auth") }}
{{- end }}
{{- end }}
