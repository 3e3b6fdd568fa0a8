/** Which pods take a Service's connections now, as its EndpointSlices tell. */
import type { KubeObject } from './object.ts'

/**
 * The pods behind the Service's port of that name ('' for one without). As kube-proxy chooses: those that are ready,
 * or, while none is, those that are ending but still serve.
 */
export function podsBehind(slices: KubeObject[], portName: string): { pod: string; port: number }[] {
  const pods = slices.flatMap(({ ports, endpoints }) => {
    const port: number | undefined = ports?.find((one: any) => (one.name ?? '') === portName)?.port
    if (port === undefined) return []
    return ((endpoints ?? []) as any[])
      .filter(({ targetRef }) => targetRef?.kind === 'Pod')
      .map(({ targetRef, conditions = {} }) => ({ pod: targetRef.name as string, port, conditions }))
  })
  const isReady = ({ conditions }: (typeof pods)[number]) => conditions.ready !== false
  const ready = pods.filter(isReady)
  const able = ready.length > 0 ? ready : pods.filter(({ conditions }) => conditions.serving === true)
  return able.map(({ pod, port }) => ({ pod, port }))
}
