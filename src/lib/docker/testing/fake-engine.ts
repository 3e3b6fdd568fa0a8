/** The parts of the Docker Engine API that devenv asks, on a unix socket, with the shapes of its documentation. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { hostname, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { buffer, json as jsonOf } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import type { EngineAnswers } from './engines.ts'

interface Thing {
  kind: 'containers' | 'networks' | 'volumes' | 'images'
  id: string
  labels: Record<string, string>
  /** Networks of a container. */
  networks?: string[]
  /** Volumes of a container. */
  volumes?: string[]
  /** A container that has ended. */
  ended?: boolean
  /** Ports of this machine that a running container has. */
  ports?: number[]
  /** What a container mounts of this machine. */
  mounted?: { Source: string; Target: string }[]
  /** An image that only its id names. */
  untagged?: boolean
  /** Size of a volume. */
  bytes?: number
}

interface ContainerBody {
  Labels?: Record<string, string>
  HostConfig?: { Mounts?: { Source: string; Target: string }[] }
}

/** GET /info of an engine: what the fixtures of a test do not say otherwise. */
const INFO = {
  ServerVersion: '28.3.2',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  Name: hostname(),
  OSType: 'linux',
  Architecture: 'x86_64',
  NCPU: 8,
  MemTotal: 16 * 1024 ** 3,
  CgroupVersion: '2',
  DockerRootDir: '/nonexistent/docker',
}

export class FakeEngine implements AsyncDisposable {
  readonly things: Thing[] = []
  readonly deleted: string[] = []
  /** Ids whose removal fails, with the engine's message. */
  readonly stuck = new Map<string, string>()
  readonly killed: string[] = []
  /** Folders of this machine that it does not have, nor what is in them. */
  readonly unseen = new Set<string>()
  /** Image → folders that it declares as volumes. */
  readonly declared = new Map<string, string[]>()
  /** Whose files of this machine are in containers. */
  owner = 1000
  /** Whether it hands out files of a container that never ran. */
  archives = true
  /** Whether it looks for a folder when something is read from it, not when a container is made. */
  looksLate = false
  /** Images that were sent to a registry, with what was asked for. */
  readonly pushed: { image: string; query: Record<string, string> }[] = []
  /** What was run in its containers, and what each of them ends with. */
  readonly executed: string[][] = []
  exitCode: (command: string[]) => number = () => 0
  /** Whether images may be removed with their untagged parents. */
  prunes = false
  info: Record<string, unknown> = INFO
  version: Record<string, unknown> = { ApiVersion: '1.51' }
  /** Of Podman's own API, which other engines do not have. */
  podman: EngineAnswers['podman']
  readonly #folder = mkdtempSync(join(tmpdir(), 'dve-'))
  readonly #server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://engine')
    if (/^\/(containers\/[^/]+\/)?exec\b/.test(url.pathname)) return void this.#exec(url, request, response)
    if (url.pathname === '/containers/create') return void this.#create(url, request, response)
    if (url.pathname === '/volumes/create') return void this.#makeVolume(request, response)
    if (url.pathname === '/images/create') return void this.#import(url, request, response)
    this.#answer(request.method ?? 'GET', url, response)
  })

  static async start(): Promise<FakeEngine> {
    const engine = new FakeEngine()
    engine.#server.listen(engine.socket)
    await once(engine.#server, 'listening')
    return engine
  }

  /** Makes it an engine that was recorded, or is described. */
  answerAs({ info, version, podman }: EngineAnswers): void {
    this.info = info
    this.version = version
    this.podman = podman
  }

  get socket(): string {
    return join(this.#folder, 'docker.sock')
  }

  /** With a folder for state that tests may write to. */
  get env(): Record<string, string> {
    return { DOCKER_HOST: `unix://${this.socket}`, DEVENV_HOME: join(this.#folder, 'home') }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #answer(method: string, url: URL, response: ServerResponse): unknown {
    const json = (code: number, body: unknown) => {
      response.writeHead(code, { 'content-type': 'application/json' })
      response.end(code === 204 ? undefined : JSON.stringify(body))
    }
    const path = url.pathname.replace(/^\/v[\d.]+/, '')
    if (path === '/info') return json(200, this.info)
    if (path === '/version') return json(200, { Version: this.info.ServerVersion, ...this.version })
    if (path === '/libpod/info' && this.podman) return json(200, { host: this.podman })
    if (path === '/system/df') return json(200, { Volumes: this.things.flatMap(usageOf) })
    const image = /^\/images\/(.+)\/push$/.exec(path)?.[1]
    if (image) {
      this.pushed.push({ image: decodeURIComponent(image), query: Object.fromEntries(url.searchParams) })
      return json(200, { status: 'pushed' })
    }
    const [, kind, ...rest] = path.split('/') as [string, Thing['kind'], ...string[]]
    const id = rest.join('/')
    if (method === 'DELETE') {
      // Untagged parents of an image are what the next build begins with.
      if (kind === 'images' && url.searchParams.get('noprune') !== 'true' && !this.prunes)
        return json(500, { message: 'parents would go, too' })
      if (kind === 'containers' && url.searchParams.get('v') === 'true')
        this.things.splice(0, Infinity, ...this.things.filter((thing) => thing.id !== `anonymous-${id}`))
      return this.#remove(kind, decodeURIComponent(id), json)
    }
    const killed = /^\/containers\/([^/]+)\/kill$/.exec(path)?.[1]
    if (killed) {
      this.killed.push(killed)
      return json(204, undefined)
    }
    const inspected = /^\/containers\/([^/]+)\/json$/.exec(path)?.[1]
    if (inspected) {
      const found = this.things.find((thing) => thing.kind === 'containers' && thing.id === inspected)
      if (!found) return json(404, { message: `No such container: ${inspected}` })
      return json(200, { Id: found.id, State: { Running: !found.ended }, Config: { Labels: found.labels } })
    }
    const read = /^\/containers\/([^/]+)\/archive$/.exec(path)?.[1]
    if (read) return this.#archive(read, url.searchParams.get('path') ?? '', response)
    if (kind === 'networks' && id) {
      const network = this.things.find((thing) => thing.kind === kind && thing.id === decodeURIComponent(id))
      return network
        ? json(200, { Name: network.id, Labels: network.labels })
        : json(404, { message: `network ${id} not found` })
    }
    if (kind === 'volumes' && id) {
      const volume = this.things.find((thing) => thing.kind === kind && thing.id === decodeURIComponent(id))
      return volume
        ? json(200, { Name: volume.id, Labels: volume.labels })
        : json(404, { message: `no such volume: ${id}` })
    }
    const paths = this.declared.get(/^\/images\/(.+)\/json$/.exec(decodeURIComponent(path))?.[1] ?? '')
    if (paths) return json(200, { Config: { Volumes: Object.fromEntries(paths.map((one) => [one, {}])) } })
    const found = this.things.filter((thing) => thing.kind === kind && matches(thing, url))
    return json(200, list(kind, found))
  }

  /** As Docker does it: a folder that is to be mounted must be there. */
  async #create(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { Labels = {}, HostConfig } = (await jsonOf(request)) as ContainerBody
    const mounted = HostConfig?.Mounts ?? []
    const missing = this.looksLate ? undefined : mounted.find(({ Source }) => this.#lacks(Source))?.Source
    const id = url.searchParams.get('name') ?? ''
    // With a volume that its image declares, as a registry's does: it goes with the container only where that is asked.
    if (missing === undefined)
      this.things.push(
        { kind: 'containers', id, labels: Labels, volumes: [`anonymous-${id}`], mounted, ended: true },
        { kind: 'volumes', id: `anonymous-${id}`, labels: {} },
      )
    const message = `invalid mount config for type "bind": bind source path does not exist: ${missing}`
    response.writeHead(missing === undefined ? 201 : 400, { 'content-type': 'application/json' })
    response.end(JSON.stringify(missing === undefined ? { Id: id } : { message }))
  }

  async #makeVolume(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { Name, Labels } = (await jsonOf(request)) as { Name: string; Labels: Record<string, string> }
    this.things.push({ kind: 'volumes', id: Name, labels: Labels })
    response.writeHead(201, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ Name, Labels }))
  }

  /** Made, started and inspected, each by its own request; the output is empty. */
  async #exec(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id, verb] = /^\/exec\/(\d+)\/(\w+)$/.exec(url.pathname) ?? []
    if (id === undefined) {
      const { Cmd } = (await jsonOf(request)) as { Cmd: string[] }
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ Id: String(this.executed.push(Cmd) - 1) }))
    } else if (verb === 'start') {
      request.resume()
      response.writeHead(200).end()
    } else {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ ExitCode: this.exitCode(this.executed[Number(id)]!) }))
    }
  }

  #lacks(path: string): boolean {
    return [...this.unseen].some((folder) => path === folder || path.startsWith(`${folder}/`))
  }

  /** An image from an archive of its files, with the labels of `changes`. */
  async #import(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    await buffer(request)
    const id = `sha256:${this.things.length}`
    const words = (url.searchParams.get('changes') ?? '').split(' ').slice(1)
    const labels = Object.fromEntries(words.map((word) => word.split('=')))
    this.things.push({ kind: 'images', id, labels, untagged: true })
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ status: id }))
  }

  /** A file below a mounted folder, as an archive with the ids that containers see. */
  #archive(container: string, path: string, response: ServerResponse): void {
    const found = this.things.find(({ kind, id }) => kind === 'containers' && id === container)
    if (!this.archives) {
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: 'container is not running' }))
      return
    }
    const mount = found?.mounted?.find(({ Target }) => path.startsWith(`${Target}/`))
    const source = mount ? join(mount.Source, path.slice(mount.Target.length)) : undefined
    if (!source || this.#lacks(source) || !existsSync(source)) {
      response.writeHead(404, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: `Could not find the file ${path} in container ${container}` }))
      return
    }
    const archive = pack()
    archive.entry({ name: basename(path), uid: this.owner }, readFileSync(source))
    archive.finalize()
    archive.pipe(response)
  }

  #remove(kind: Thing['kind'], id: string, json: (code: number, body: unknown) => void): unknown {
    const index = this.things.findIndex((thing) => thing.kind === kind && thing.id === id)
    if (index < 0) return json(404, { message: `no such ${kind}: ${id}` })
    const stuck = this.stuck.get(id)
    if (stuck) return json(409, { message: stuck })
    this.things.splice(index, 1)
    this.deleted.push(`${kind} ${id}`)
    return json(kind === 'images' ? 200 : 204, [])
  }
}

function usageOf({ kind, id, bytes = -1 }: Thing): unknown[] {
  return kind === 'volumes' ? [{ Name: id, UsageData: { Size: bytes } }] : []
}

function matches({ kind, labels, networks = [], volumes = [], ended }: Thing, url: URL): boolean {
  if (kind === 'containers' && ended && url.searchParams.get('all') !== 'true') return false
  const filters = JSON.parse(url.searchParams.get('filters') ?? '{}') as Record<string, string[]>
  const labelled = (filters.label ?? []).every((wanted) => {
    const [key = '', value] = wanted.split('=')
    return value === undefined ? key in labels : labels[key] === value
  })
  const has = (wanted: string[] | undefined, those: string[]) =>
    (wanted ?? []).every((one) => those.includes(one))
  return labelled && has(filters.network, networks) && has(filters.volume, volumes)
}

function list(kind: Thing['kind'], things: Thing[]): unknown {
  const rows = things.map(({ id, labels, untagged, ports = [] }) => ({
    Id: id,
    Name: id,
    Names: [`/${id}`],
    RepoTags: [untagged ? '<none>:<none>' : id],
    Labels: labels,
    Ports: ports.map((PublicPort) => ({ PublicPort })),
  }))
  return kind === 'volumes' ? { Volumes: rows } : rows
}
