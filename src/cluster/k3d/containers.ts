/** The services outside the cluster: network, volumes and containers, made when missing or changed. */

import type { Engine } from '../../lib/docker/engine.ts'
import { ensureImage, orMissing } from '../../lib/docker/images.ts'
import { DevenvError, messageOf } from '../../lib/errors.ts'
import { tarOf } from '../../lib/tar.ts'
import { SPEC_LABEL, type WantedContainer } from './compose.ts'
import { engineLabels, networkName } from './names.ts'
import { portTaken } from './port-taken.ts'
import { subnetOf } from './subnet.ts'

interface Waits {
  waiting: (what: string) => void
  signal: AbortSignal
  offline: boolean
}

/** Whether the environment's network is there. Throws CONFLICT for one of its name that it did not make. */
export async function hasOwnNetwork(engine: Engine, environment: string): Promise<boolean> {
  const name = networkName(environment)
  const there = await orMissing(() => engine.getNetwork(name).inspect())
  if (!there) return false
  if (there.Labels?.['devenv/environment'] === environment) return true
  throw foreign(`a network ${name} is`)
}

/** Somebody else's is neither used nor, by `down`, removed. */
function foreign(what: string): DevenvError {
  return new DevenvError('CONFLICT', `${what} there, and this environment did not make it`, {
    fix: 'Take another --name, or remove it if nobody needs it.',
  })
}

/** The environment's network, with the addresses that its services count on. */
export async function ensureNetwork(engine: Engine, environment: string, base: string): Promise<void> {
  const name = networkName(environment)
  if (await hasOwnNetwork(engine, environment)) return
  const { subnet, range, gateway } = subnetOf(base)
  await engine.createNetwork({
    Name: name,
    Driver: 'bridge',
    CheckDuplicate: true,
    Labels: engineLabels(environment),
    IPAM: { Config: [{ Subnet: subnet, IPRange: range, Gateway: gateway }] },
  } as never)
}

/** Networks of the engine, in CIDR form, without the environment's own. */
export async function takenSubnets(engine: Engine, environment: string): Promise<string[]> {
  const networks = await engine.listNetworks()
  return networks
    .filter(({ Name }) => Name !== networkName(environment))
    .flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []))
}

/** Makes and starts one container; one that runs as wanted is left alone. Throws with the engine's own words. */
export async function ensureContainer(
  engine: Engine,
  wanted: WantedContainer,
  environment: string,
  waits: Waits,
): Promise<void> {
  const container = engine.getContainer(wanted.name)
  const labels = wanted.create.Labels as Record<string, string>
  const there = await orMissing(() => container.inspect())
  if (there && there.Config.Labels?.['devenv/environment'] !== environment)
    throw foreign(`a container ${wanted.name} is`)
  if (there?.State.Running && there.Config.Labels[SPEC_LABEL] === labels[SPEC_LABEL]) return
  const fits = there?.Config.Labels[SPEC_LABEL] === labels[SPEC_LABEL]
  if (there && !fits) await container.remove({ force: true, v: true })
  if (!fits) await makeContainer(engine, wanted, environment, waits)
  waits.waiting(`container ${wanted.name} to start`)
  try {
    await container.start()
  } catch (thrown) {
    if (!fits || !isLost(thrown)) throw startFailure(wanted.name, thrown)
    await container.remove({ force: true, v: true })
    await makeContainer(engine, wanted, environment, waits)
    await container.start().catch((again) => {
      throw startFailure(wanted.name, again)
    })
  }
}

/** An engine that was killed may take a port or a task of the container for used, by that container itself. */
function isLost(thrown: unknown): boolean {
  return /already allocated|already exists|already in use/i.test(messageOf(thrown))
}

async function makeContainer(
  engine: Engine,
  wanted: WantedContainer,
  environment: string,
  waits: Waits,
): Promise<void> {
  await ensureImage(engine, wanted.image, waits)
  for (const { name, shared } of wanted.volumes) {
    // A shared one belongs to no environment: `down` leaves it.
    const labels: Record<string, string> = shared
      ? { 'app.kubernetes.io/managed-by': 'devenv' }
      : engineLabels(environment)
    await ensureVolume(engine, name, labels)
  }
  const made = await engine.createContainer({ name: wanted.name, ...wanted.create } as never)
  const files = Object.entries(wanted.files)
  if (files.length > 0)
    await made.putArchive(
      tarOf(files.map(([name, content]) => ({ name: name.slice(1), content: Buffer.from(content) }))),
      { path: '/' },
    )
}

/** Makes a volume; one that is there is kept. Throws CONFLICT for one of its name without these labels. */
export async function ensureVolume(
  engine: Engine,
  name: string,
  labels: Record<string, string>,
): Promise<void> {
  const there = await orMissing(() => engine.getVolume(name).inspect())
  if (there && Object.entries(labels).some(([key, value]) => there.Labels?.[key] !== value))
    throw foreign(`a volume ${name} is`)
  if (!there) await engine.createVolume({ Name: name, Labels: labels })
}

function startFailure(name: string, thrown: unknown): DevenvError {
  const what = `container ${name}`
  return (
    portTaken(what, thrown) ??
    new DevenvError('STEP_FAILED', `${what} does not start: ${messageOf(thrown)}`, { cause: thrown })
  )
}
