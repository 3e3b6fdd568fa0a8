/** Whether there is nothing to do: the same inputs, the cluster answers, and all that must be ready is. */
import { missingApplication } from '../components/gitops/application.ts'
import { missingDeployment, missingReady, missingRollout } from '../components/ready/conditions.ts'
import { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { type RunRecord, readRecord } from '../lib/record.ts'
import { frontDoors } from '../status/front-doors.ts'
import { stateDiskProblem } from '../status/state-disk.ts'

/** The record of the running environment, or undefined when a full `up` has something to do. */
export async function alreadyUp(name: string, print: string): Promise<RunRecord | undefined> {
  const record = await readRecord(name)
  if (record?.phase !== 'Ready' || record.fingerprint !== print) return undefined
  const [ready, disk] = await Promise.all([everythingReady(record), stateDiskProblem(name)])
  return ready && disk === undefined ? record : undefined
}

async function everythingReady(record: RunRecord): Promise<boolean> {
  let kube: KubeClient | undefined
  try {
    kube = await KubeClient.fromFile(record.cluster.kubeconfig)
    const { namespace, release, argocd } = record
    const list = async (resource: string) => (await kube!.list(resource, { namespace })).items
    const [deployments, rollouts, secrets, scaled, application, doors] = await Promise.all([
      list('apps/v1/deployments'),
      list('argoproj.io/v1alpha1/rollouts'),
      list('external-secrets.io/v1/externalsecrets'),
      list('keda.sh/v1alpha1/scaledobjects'),
      kube.find('argoproj.io/v1alpha1/applications', release, { namespace: argocd }),
      frontDoors(record.endpoints),
    ])
    const all = (objects: KubeObject[], missing: (object: KubeObject) => string | undefined) =>
      objects.length > 0 && objects.every((object) => missing(object) === undefined)
    return (
      all(deployments, missingDeployment) &&
      all(rollouts, missingRollout) &&
      all(secrets, missingReady) &&
      all(scaled, missingReady) &&
      missingApplication(application, rollouts) === undefined &&
      doors.every(({ ok }) => ok)
    )
  } catch {
    // No answer, or not the one hoped for: the full bring-up finds out what is wrong and says so.
    return false
  } finally {
    kube?.close()
  }
}
