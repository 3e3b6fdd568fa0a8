/** The services outside the cluster: network, volumes and containers, made when missing or changed. */

import type { Engine } from '../../lib/docker/engine.ts'
import { ensureImage, orMissing } from '../../lib/docker/images.ts'
import { DevenvError, messageOf } from '../../lib/errors.ts'
import { tarOf } from '../../lib/tar.ts'
import { SPEC_LABEL, type WantedContainer } from './compose.ts'
import { engineLabels, networkName } from './names.ts'
import { subnetOf } from './subnet.ts'

interface Waits {
  waiting: (what: string) => void
  signal: AbortSignal
  offline: boolean
}

/** The environment's network, with the addresses that its services count on. */
export async function ensureNetwork(engine: Engine, environment: string, base: string): Promise<void> {
  const name = networkName(environment)
  if (await orMissing(() => engine.getNetwork(name).inspect())) return
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
    throw new DevenvError(
      'CONFLICT',
      `a container ${wanted.name} is there, and this environment did not make it`,
    )
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
  for (const { name, shared } of wanted.volumes)
    await engine.createVolume({
      Name: name,
      // A shared one belongs to no environment: `down` leaves it.
      Labels: shared ? { 'app.kubernetes.io/managed-by': 'devenv' } : engineLabels(environment),
    })
  const made = await engine.createContainer({ name: wanted.name, ...wanted.create } as never)
  const files = Object.entries(wanted.files)
  if (files.length > 0)
    await made.putArchive(
      tarOf(files.map(([name, content]) => ({ name: name.slice(1), content: Buffer.from(content) }))),
      { path: '/' },
    )
}

function startFailure(name: string, thrown: unknown): DevenvError {
  const message = messageOf(thrown)
  const taken = /port is already allocated|address already in use/i.test(message)
  return new DevenvError(
    taken ? 'PORT_BUSY' : 'STEP_FAILED',
    `container ${name} does not start: ${message}`,
    {
      cause: thrown,
      ...(taken
        ? { fix: 'End the program that has the port, or npm run down and npm run up for new ports.' }
        : {}),
    },
  )
}
