/** KEDA's admission webhooks, over what is in the cluster. */
import type { AdmissionRequest, ValidatingWebhook } from '../../../admission.ts'
import type { Client } from '../../../client.ts'
import type { KubeObject } from '../../../objects.ts'
import { equal } from '../../../store/json.ts'
import { HPAS, SCALED_OBJECTS } from '../resources.ts'
import type { ScaledObject } from '../types.ts'
import { validateScaledObject } from './validate-scaled-object.ts'

export function kedaWebhooks(client: Client): ValidatingWebhook[] {
  return [
    {
      name: 'vscaledobject.kb.io',
      resource: 'scaledobjects.keda.sh',
      validate(request) {
        if (removesFinalizersOnly(request)) return { warnings: [] }
        const { object, dryRun } = request
        const { namespace } = object.metadata
        return validateScaledObject(object as ScaledObject, {
          scaledObjects: client.list(SCALED_OBJECTS, { namespace }) as ScaledObject[],
          hpas: client.list(HPAS, { namespace }),
          workload: workloadOf(client, object as ScaledObject),
          limitRanges: client.list('v1/limitranges', { namespace }),
          dryRun,
        })
      },
    },
  ]
}

/** An object that became invalid must still be able to go. */
function removesFinalizersOnly({ object, old }: AdmissionRequest): boolean {
  const had = old?.metadata.finalizers?.length ?? 0
  return had > 0 && !object.metadata.finalizers?.length && equal(object.spec, old?.spec)
}

function workloadOf(client: Client, { metadata, spec }: ScaledObject): KubeObject | undefined {
  const { apiVersion = 'apps/v1', kind = 'Deployment', name } = spec.scaleTargetRef
  const resource = client.resourceFor(apiVersion, kind)
  return resource ? client.get(resource, metadata.namespace, name) : undefined
}
