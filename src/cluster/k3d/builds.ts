/** The images of workloads/: built with the engine, tagged and pushed as the chart names them. */
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Builder, buildKitLines, findBuilder } from '../../lib/docker/builder.ts'
import type { Engine } from '../../lib/docker/engine.ts'
import { ensureImage, finished, pullFix, pushImage } from '../../lib/docker/images.ts'
import { DevenvError, messageOf } from '../../lib/errors.ts'
import { inRegistry } from '../../lib/registry/reference.ts'
import { type Build, basesOf, SOURCE_LABEL, sourceOf } from './build-source.ts'
import { engineLabels } from './names.ts'

export interface BuildRule extends Omit<Build, 'image' | 'args'> {
  match: string
  args?: Record<string, string> | undefined
}

/** What has to be built of the images that the manifests run; each image once. */
export function neededBuilds(images: string[], rules: BuildRule[]): Build[] {
  return [...new Set(images)].flatMap((image) => {
    const rule = rules.find(({ match }) => wildcard(match).test(image))
    if (!rule) return []
    const { context, dockerfile, args = {} } = rule
    return [{ image, context, dockerfile, args }]
  })
}

export interface BuildOptions {
  engine: Engine
  environment: string
  checkout: string
  /** `127.0.0.1:PORT`. */
  registry: string
  /** The user's proxies and certificates, which a build needs to reach a package registry. */
  outward: { proxies: Record<string, string>; certificates?: string | undefined }
  signal: AbortSignal
  waiting: (what: string) => void
}

/** Where the Dockerfiles of workloads/ look for certificates. */
const CERTIFICATES = { file: 'devenv-ca.pem', path: '/app/devenv-ca.pem' }

/**
 * BuildKit takes them all at once, and does once what several have in common. The classic builder gets one after the
 * other: they share their layers. The engine's cache makes an unchanged one cost nothing.
 */
export async function buildImages(builds: Build[], options: BuildOptions): Promise<void> {
  if (builds.length === 0) return
  const { engine, registry } = options
  const builder = await findBuilder(engine)
  const tagOf = (build: Build) => inRegistry(build.image, registry)
  if (builder === 'buildkit') {
    await ensureBases(builds, options)
    await Promise.all(builds.map((build) => buildOne(build, tagOf(build), builder, options)))
  }
  for (const build of builds) {
    if (builder === 'classic') await buildOne(build, tagOf(build), builder, options)
    // Never two at once: a layer that one repository has is not sent again to the next.
    await pushImage(engine, tagOf(build), options)
  }
}

/** BuildKit keeps what it pulls to itself, and would ask the registry again each time; not so for an image that is there. */
async function ensureBases(
  builds: Build[],
  { engine, checkout, signal, waiting }: BuildOptions,
): Promise<void> {
  const bases = await Promise.all(builds.map((build) => basesOf(build, checkout)))
  await Promise.all([...new Set(bases.flat())].map((base) => ensureImage(engine, base, { waiting, signal })))
}

async function buildOne(build: Build, tag: string, builder: Builder, options: BuildOptions): Promise<void> {
  const { engine, environment, checkout, outward, signal, waiting } = options
  const output: string[] = []
  try {
    const stream = await engine.buildImage(
      await contextOf(join(checkout, build.context), outward.certificates),
      {
        t: tag,
        dockerfile: build.dockerfile,
        buildargs: {
          ...build.args,
          ...outward.proxies,
          ...(outward.certificates ? { NODE_EXTRA_CA_CERTS: CERTIFICATES.path } : {}),
        },
        labels: { ...engineLabels(environment), [SOURCE_LABEL]: await sourceOf(build, checkout) },
        ...(builder === 'buildkit' ? { version: '2' } : { forcerm: true }),
        abortSignal: signal,
      },
    )
    await finished(engine, stream, (text) => {
      for (const line of builder === 'buildkit' ? buildKitLines(text) : [text]) {
        output.push(line)
        waiting(`${build.image}: ${line}`)
      }
    })
  } catch (thrown) {
    const last = output.slice(-8).map((line) => `  ${line}`)
    // The engine pulls the image that a Dockerfile begins with, before anything runs.
    const pulls = /^Get "https?:/.test(messageOf(thrown))
    throw new DevenvError(
      'STEP_FAILED',
      [`cannot build ${build.image}: ${messageOf(thrown)}`, ...last].join('\n'),
      {
        cause: thrown,
        fix: pulls
          ? pullFix(messageOf(thrown))
          : (networkFix(output.join(' ') + messageOf(thrown)) ??
            'docker build on that Dockerfile shows the rest.'),
      },
    )
  }
}

/** The build's folder, with the user's certificates in it. */
export async function contextOf(folder: string, certificates: string | undefined): Promise<Readable> {
  const { pack } = await import('tar-fs')
  if (!certificates) return Readable.from(pack(folder))
  const packed = pack(folder, {
    finalize: false,
    finish(entries) {
      entries.entry({ name: CERTIFICATES.file }, certificates)
      entries.finalize()
    },
  })
  return Readable.from(packed)
}

/** npm inside a build does not know the proxy, nor the certificate of one that opens TLS. */
function networkFix(text: string): string | undefined {
  if (/EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(text))
    return 'The build does not reach its package registry: check the network; behind a proxy set HTTPS_PROXY, which builds get, too.'
  if (!/SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|certificate/i.test(text)) return undefined
  return 'A proxy opens TLS on the way: set NODE_EXTRA_CA_CERTS to a file with its CA certificate, which builds get, too.'
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${source}$`)
}
