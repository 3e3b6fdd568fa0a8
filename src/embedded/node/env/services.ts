/** The environment variables of Services, Docker-link style (pkg/kubelet/envvars). */
import type { KubeObject } from '../../objects.ts'

const upper = (name: string) => name.toUpperCase().replaceAll('-', '_')

/** Variables of every Service that has a cluster address, in the order given. */
export function serviceVariables(services: KubeObject[]): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const service of services) {
    const ip: string | undefined = service.spec?.clusterIP
    const ports: any[] = service.spec?.ports ?? []
    if (!ip || ip === 'None' || ports.length === 0) continue
    const name = upper(service.metadata.name)
    variables[`${name}_SERVICE_HOST`] = ip
    variables[`${name}_SERVICE_PORT`] = String(ports[0].port)
    for (const port of ports) {
      if (port.name) variables[`${name}_SERVICE_PORT_${upper(port.name)}`] = String(port.port)
    }
    for (const [index, port] of ports.entries()) {
      const protocol: string = port.protocol ?? 'TCP'
      const url = `${protocol.toLowerCase()}://${ip.includes(':') ? `[${ip}]` : ip}:${port.port}`
      if (index === 0) variables[`${name}_PORT`] = url
      const prefix = `${name}_PORT_${port.port}_${protocol}`
      variables[prefix] = url
      variables[`${prefix}_PROTO`] = protocol.toLowerCase()
      variables[`${prefix}_PORT`] = String(port.port)
      variables[`${prefix}_ADDR`] = ip
    }
  }
  return variables
}
