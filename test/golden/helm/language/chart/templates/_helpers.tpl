{{/* A comment
over lines. */}}
{{- define "language.name" -}}
{{ .Values.name }}-{{ .Release.Name }}
{{- end -}}
{{ define "language.args" }}{{ index . 0 }}/{{ (index . 1).Values.name }}{{ end }}
{{ define "language.loop" }}{{ if gt (int .) 0 }}{{ . }},{{ include "language.loop" (sub . 1) }}{{ end }}{{ end }}
{{- define "language.overridden" }}first{{ end }}
