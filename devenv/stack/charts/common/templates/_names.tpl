{{/* Full name of a component: team1-project-core-api. Argument: the root context of a subchart. */}}
{{- define "common.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* Name of anything of the release. Argument: list of the root context and a name without prefix. */}}
{{- define "common.named" -}}
{{- printf "%s-%s" (index . 0).Release.Name (index . 1) | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* Labels by which a component's pods are found; immutable in a Deployment, so nothing that changes. */}}
{{- define "common.selectorLabels" -}}
app: {{ .Chart.Name }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels of every object of a component. */}}
{{- define "common.labels" -}}
{{ include "common.selectorLabels" . }}
app.kubernetes.io/part-of: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Reference of a component's image, tag and registry from the values. */}}
{{- define "common.image" -}}
{{- printf "%s/%s:%s" .Values.global.imageRegistry (required (printf "%s.image.name is missing" .Chart.Name) .Values.image.name) (required (printf "%s.image.tag is missing" .Chart.Name) .Values.image.tag) -}}
{{- end }}

{{/* Port on which pods reach Postgres: the Service maps it when the database has an IP address, else it is the database's own. */}}
{{- define "common.postgresPort" -}}
{{- if regexMatch "^[0-9]+(\\.[0-9]+){3}$" (toString .external.host) -}}5432{{- else -}}{{ int .external.port }}{{- end -}}
{{- end }}
