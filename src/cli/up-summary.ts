/** What `up` prints at its end: where everything is, and what to do next. */
import type { RunRecord } from '../lib/record.ts'
import type { Paint } from './io.ts'

/** Argo CD makes the password itself, a new one for each environment. */
const ARGOCD_LOGIN = [
  'Argo CD takes the user admin with the password that this prints:',
  '  npm run kubectl -- get secret argocd-initial-admin-secret -n argocd -o go-template=\'{{.data.password | base64decode}}{{"\\n"}}\'',
  '',
]

/** The closing lines, for people. */
export function upSummary(
  record: RunRecord,
  /** The dashboard's address with its token. */
  page: string | undefined,
  tookMs: number,
  alreadyUp: boolean,
  paint: Paint,
): string {
  const { endpoints, cluster } = record
  const took = `${(tookMs / 1000).toFixed(1)} s`
  const places: [string, string | undefined][] = [
    ['dashboard', page],
    ['core-api', endpoints.coreApi],
    ['frontend', endpoints.frontend],
    ['ingress', endpoints.ingress],
    ['Argo CD', endpoints.argocd],
    ['RabbitMQ management', endpoints.rabbitmqManagement],
    ['RabbitMQ', endpoints.rabbitmq],
    ['Vault', endpoints.vault],
    ['Postgres', endpoints.postgres],
    ['Kubernetes', endpoints.kubernetes],
    ['git', record.repository?.folder],
    ['kubeconfig', cluster.kubeconfig],
  ]
  const shown = places.filter((place): place is [string, string] => place[1] !== undefined)
  return [
    paint(
      'green',
      alreadyUp ? `${record.release} is up already (${took})` : `${record.release} is up (${took})`,
    ) +
      paint('dim', ` · ${cluster.kind} cluster, Kubernetes ${cluster.kubernetes}, profile ${record.profile}`),
    '',
    ...(record.expiresAt ? [`  removes itself at ${new Date(record.expiresAt).toLocaleString()}`, ''] : []),
    ...shown.map(([title, place]) => `  ${title.padEnd(20)} ${place}`),
    '',
    ...(endpoints.argocd ? ARGOCD_LOGIN : []),
    'Next:',
    '  npm run load -- --messages 300 --wait          fill the queues, watch the workers go 0→5→0',
    '  npm run release -- core-api sha-1234567        a canary, by a commit that Argo CD syncs',
    '  npm run dashboard                              open the live page, with buttons',
    '  npm run status                                 what there is, and why',
    `  npm run kubectl -- get pods -n ${record.namespace}        (or: eval "$(bin/devenv env)")`,
    '  npm run down                                   leave nothing behind',
  ].join('\n')
}
