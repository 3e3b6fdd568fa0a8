/** compose/compose.yaml as what the engine's API takes: variables filled in, names and labels of the environment. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { DevenvError } from '../../lib/errors.ts'
import { containerName, engineLabels, networkName } from './names.ts'

const service = z.strictObject({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  cap_add: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  networks: z.strictObject({ devenv: z.strictObject({ ipv4_address: z.string() }) }),
})

export const composeSchema = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.strictObject({ external: z.boolean().optional() })),
})

export type Compose = z.output<typeof composeSchema>

/** A container as it should be, and the volumes that it needs. */
export interface WantedContainer {
  service: string
  name: string
  image: string
  volumes: { name: string; shared: boolean }[]
  /** Put into it before it starts: path → content. */
  files: Record<string, string>
  create: Record<string, unknown>
}

/** What services that reach out of this machine are given: the user's proxies and certificates. */
export interface Outward {
  env: Record<string, string>
  files: Record<string, string>
}

/** Changes whenever a container must be made anew. */
export const SPEC_LABEL = 'devenv/spec'

/** Every service of the file. Throws BUG for a variable that nobody gave. */
export function wantedContainers(
  compose: Compose,
  environment: string,
  variables: Record<string, string>,
  outward: Outward = { env: {}, files: {} },
): WantedContainer[] {
  return Object.entries(compose.services).map(([name, declared]) => {
    const fill = (text: string) => substitute(text, variables)
    const volumes = declared.volumes.map((volume) => {
      const [source = '', target = ''] = volume.split(':')
      const shared = compose.volumes[source]?.external === true
      return { name: shared ? source : containerName(environment, source), target, shared }
    })
    const ports = declared.ports.map(fill).map(publishedPort)
    const image = fill(declared.image)
    // Only the mirrors ask anybody outside.
    const own = name.startsWith('mirror-') ? outward : { env: {}, files: {} }
    const create = {
      Image: image,
      ...(declared.command ? { Cmd: declared.command } : {}),
      Env: Object.entries({ ...declared.environment, ...own.env }).map(
        ([key, value]) => `${key}=${fill(value)}`,
      ),
      ExposedPorts: Object.fromEntries(ports.map(({ container }) => [container, {}])),
      HostConfig: {
        // Back after a restart of the engine, unless `devenv stop` ended it.
        RestartPolicy: { Name: 'unless-stopped' },
        CapAdd: declared.cap_add,
        PortBindings: Object.fromEntries(
          ports.map(({ container, host, ip }) => [container, [{ HostIp: ip, HostPort: host }]]),
        ),
        Mounts: volumes.map(({ name: Source, target: Target }) => ({ Type: 'volume', Source, Target })),
        NetworkMode: networkName(environment),
      },
      NetworkingConfig: {
        EndpointsConfig: {
          [networkName(environment)]: {
            IPAMConfig: { IPv4Address: fill(declared.networks.devenv.ipv4_address) },
            Aliases: [name],
          },
        },
      },
    }
    const made = JSON.stringify([create, own.files])
    const spec = createHash('sha256').update(made).digest('hex').slice(0, 16)
    return {
      service: name,
      name: containerName(environment, name),
      image,
      volumes: volumes.map(({ name: volume, shared }) => ({ name: volume, shared })),
      files: own.files,
      create: { ...create, Labels: { ...engineLabels(environment), [SPEC_LABEL]: spec } },
    }
  })
}

function substitute(text: string, variables: Record<string, string>): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = variables[name]
    if (value === undefined) throw new DevenvError('BUG', `compose.yaml asks for ${name}, which nobody gave`)
    return value
  })
}

/** `127.0.0.1:8200:8200`: never without an address, which would be every interface. */
function publishedPort(text: string): { ip: string; host: string; container: string } {
  const [ip = '', host = '', container = ''] = text.split(':')
  if (ip !== '127.0.0.1')
    throw new DevenvError('CONFIG_INVALID', `compose.yaml: port ${text} is not on 127.0.0.1`)
  return { ip, host, container: `${container}/tcp` }
}
