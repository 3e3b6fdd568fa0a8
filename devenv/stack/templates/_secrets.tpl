{{/*
Which Secret has which keys, and from which Vault path. Two layouts:
components: every component reads a path of its own, which repeats the common values;
shared: common values are read where they live.
*/}}
{{- define "stack.secrets" -}}
postgres-secrets:
  keys: { POSTGRES_PASSWORD: postgres }
rabbitmq-secrets:
  keys: { RABBITMQ_DEFAULT_USER: rabbitmq, RABBITMQ_DEFAULT_PASS: rabbitmq }
{{- if eq .Values.externalSecrets.layout "components" }}
core-api-secrets:
  keys: { OPENAI_API_KEY: core-api, POSTGRES_PASSWORD: core-api, RABBITMQ_DEFAULT_PASS: core-api }
frontend-secrets:
  keys: { OPENAI_API_KEY: frontend, KC_CLIENT_SECRET: frontend }
workers-secrets:
  keys: { OPENAI_API_KEY: workers, POSTGRES_PASSWORD: workers, RABBITMQ_DEFAULT_PASS: workers }
{{- else if eq .Values.externalSecrets.layout "shared" }}
core-api-secrets:
  keys: { OPENAI_API_KEY: shared, POSTGRES_PASSWORD: postgres, RABBITMQ_DEFAULT_PASS: rabbitmq }
frontend-secrets:
  extract: frontend
workers-secrets:
  keys: { OPENAI_API_KEY: shared, RABBITMQ_DEFAULT_PASS: rabbitmq }
{{- else }}
{{- fail (printf "externalSecrets.layout is %q: it must be components or shared" .Values.externalSecrets.layout) }}
{{- end }}
{{- end }}
