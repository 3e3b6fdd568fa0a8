/** Images in the engine: pulled when they are missing, pushed, found by label. */
import { DevenvError, messageOf } from '../errors.ts'
import type { Engine, ImagePushOptions } from './engine.ts'

interface Waits {
  waiting: (what: string) => void
  signal?: AbortSignal
}

/** Pulls an image that the engine does not have. Throws STEP_FAILED with the registry's own words. */
export async function ensureImage(
  engine: Engine,
  image: string,
  { waiting, signal, offline = false }: Waits & { offline?: boolean },
): Promise<void> {
  if (await hasImage(engine, image)) return
  if (offline)
    throw new DevenvError(
      'DOWNLOAD_FAILED',
      `the engine does not have ${image}, and --offline forbids the network`,
      {
        fix: 'Run npm run up once with the network.',
      },
    )
  waiting(`${image} to be pulled`)
  try {
    const stream = await engine.pull(image, signal ? { abortSignal: signal } : {})
    await finished(engine, stream, (line) => waiting(`${image}: ${line}`))
  } catch (thrown) {
    throw new DevenvError('STEP_FAILED', `cannot pull ${image}: ${engineWords(thrown)}`, {
      cause: thrown,
      fix: pullFix(messageOf(thrown)),
    })
  }
}

/** The engine has settings and certificates of its own. */
export function pullFix(message: string): string {
  return /x509|certificate/i.test(message)
    ? 'The engine does not trust what answers: give it the CA certificate of your proxy (on Linux update-ca-certificates and a restart of the engine; in virtual machines through their settings), or npm run bundle -- load FILE.'
    : 'Check the network and the registry. The engine pulls by itself: behind a proxy it has to know it (on Linux proxies in /etc/docker/daemon.json and a restart of the engine, in virtual machines through their settings).'
}

/** The engine's own words, without what its client puts before them. */
export function engineWords(thrown: unknown): string {
  return messageOf(thrown)
    .replace(/^\(HTTP code \d+\) [^-]*- /, '')
    .trim()
}

export async function hasImage(engine: Engine, image: string): Promise<boolean> {
  return (await orMissing(() => engine.getImage(image).inspect())) !== undefined
}

/** Sends a tagged image to the registry of this machine that its name begins with. */
export async function pushImage(engine: Engine, image: string, { waiting }: Waits): Promise<void> {
  // Docker takes registries on 127.0.0.1 without TLS by itself; Podman has to be told, by a parameter of its own.
  const options: ImagePushOptions & { tlsVerify: boolean } = { authconfig: {}, tlsVerify: false }
  const stream = await engine.getImage(image).push(options)
  await finished(engine, stream, (line) => waiting(`${image}: ${line}`))
}

/** Gives the engine an image as `docker save` packs one. Throws STEP_FAILED with the engine's own words. */
export async function loadImage(
  engine: Engine,
  image: string,
  archive: NodeJS.ReadableStream,
  { waiting }: Waits,
): Promise<void> {
  waiting(`${image} to be loaded`)
  try {
    const stream = await engine.loadImage(archive, { quiet: true })
    await finished(engine, stream, (line) => waiting(`${image}: ${line}`))
  } catch (thrown) {
    throw new DevenvError('STEP_FAILED', `the engine does not take ${image}: ${engineWords(thrown)}`, {
      cause: thrown,
      fix: 'docker info shows whether the engine is well.',
    })
  }
}

/** Takes names away; an image that has no other is gone. */
export async function removeTags(engine: Engine, images: string[]): Promise<void> {
  for (const image of images)
    await engine
      .getImage(image)
      .remove({ force: true })
      .catch((thrown) => {
        if (!isMissing(thrown)) throw thrown
      })
}

/** Reads the engine's progress to its end; an error line in it is an error. */
export function finished(
  engine: Engine,
  stream: NodeJS.ReadableStream,
  tell: (line: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // The client's own follower, which reads BuildKit's answers, too.
    ;(engine as Engine & { followProgress: typeof engine.modem.followProgress }).followProgress(
      stream,
      (error: Error | null, lines: { error?: string }[] | null) => {
        const failed = lines?.find((line) => line.error)?.error
        if (error || failed) reject(error ?? new Error(failed))
        else resolve()
      },
      (event: { status?: string; stream?: string }) => {
        const line = (event.stream ?? event.status ?? '').trim()
        if (line) tell(line)
      },
    )
  })
}

/** True for the engine's 404. */
export function isMissing(thrown: unknown): boolean {
  return (thrown as { statusCode?: number }).statusCode === 404
}

/** What was asked for, or undefined when the engine has no such thing. */
export async function orMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}
