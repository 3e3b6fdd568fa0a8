/** The Vault-compatible server: HTTP in front of the router, and what the environment does to it directly. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  type AddressInfo,
  createServer as createListener,
  type Server as Listener,
  type Socket,
} from 'node:net'
import { type Clock, systemClock } from '../../lib/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import { writeVersion } from './kv2.ts'
import { LIST_STAND_IN, ListMethodSocket } from './list-method.ts'
import { parsePolicy } from './policy.ts'
import { badRequest, type Operation, VaultError, type VaultRequest, type VaultResponse } from './request.ts'
import { handle } from './router.ts'
import { emptyState, type VaultState } from './state.ts'
import { mountKv } from './sys-api.ts'
import { issueToken, sha256 } from './tokens.ts'

export interface VaultOptions {
  /** Loopback address to listen on. */
  host: string
  /** 0 = any free port. */
  port: number
  /** Must come back with every start: the state does not hold it. */
  rootToken: string
  /** From an earlier exportState. */
  state?: VaultState
  /**
   * Keeps exportState() somewhere. Called after every request that may have changed the state, which is
   * answered once the promise resolves: what a client was told is written survives this process.
   */
  save?: () => Promise<void>
  clock?: Clock
}

/** A running server. State lives in memory: `save` or whoever stops it keeps it. */
export class VaultServer implements AsyncDisposable {
  readonly address: string
  readonly #listener: Listener
  readonly #sockets: Set<Socket>
  readonly #state: VaultState
  readonly #clock: Clock

  constructor(listener: Listener, sockets: Set<Socket>, state: VaultState, clock: Clock) {
    const { address, port } = listener.address() as AddressInfo
    this.address = `http://${address}:${port}`
    this.#listener = listener
    this.#sockets = sockets
    this.#state = state
    this.#clock = clock
  }

  /** Mounts a KV v2 engine unless one is there. */
  ensureMount(mount: string): void {
    if (!this.#state.mounts[`${mount}/`]) mountKv(this.#state, mount, 2)
  }

  /** Writes the next version of a KV v2 secret, mounting its engine when needed. */
  putSecret(mount: string, path: string, data: Record<string, unknown>): void {
    this.ensureMount(mount)
    const engine = this.#state.mounts[`${mount}/`]!
    if (engine.version !== 2) throw badRequest(`${mount} is not a KV v2 engine`)
    writeVersion(engine, path, data, engine.secrets[path]?.currentVersion ?? 0, this.#clock.now())
  }

  /** Sets an ACL policy (HCL or JSON). */
  putPolicy(name: string, policy: string): void {
    parsePolicy(policy)
    this.#state.policies[name] = policy
  }

  /** A token that may only read and list one KV v2 mount; it does not expire while renewed or within 32 days. */
  createReadToken(mount: string): string {
    const name = `read-${mount}`
    const rule = (path: string, list: string) => `path "${mount}/${path}/*" { capabilities = [${list}] }`
    this.putPolicy(name, `${rule('data', '"read"')}\n${rule('metadata', '"read", "list"')}`)
    return this.createToken([name, 'default'])
  }

  /** An orphan token with these policies; `ttl` in seconds. */
  createToken(policies: string[], ttl?: number): string {
    const { id } = issueToken(
      this.#state,
      { policies, displayName: 'token', path: 'auth/token/create', orphan: true, ...(ttl ? { ttl } : {}) },
      this.#clock.now(),
    )
    return id
  }

  /** Everything but the root token, as JSON. It holds secrets: keep it 0600. */
  exportState(): VaultState {
    return structuredClone(this.#state)
  }

  async close(): Promise<void> {
    if (!this.#listener.listening) return
    const closed = once(this.#listener, 'close')
    this.#listener.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Starts listening. Rejects with Node's error (EADDRINUSE…) when it cannot. */
export async function startVault(options: VaultOptions): Promise<VaultServer> {
  const clock = options.clock ?? systemClock
  const state = structuredClone(options.state ?? emptyState())
  addRootToken(state, options.rootToken, clock.now())
  const save = options.save ?? (async () => undefined)
  const server = createServer((incoming, outgoing) => {
    void answer({ state, clock, save }, incoming, outgoing)
  })
  const sockets = new Set<Socket>()
  const listener = createListener({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    server.emit('connection', new ListMethodSocket(socket))
  })
  listener.listen(options.port, options.host)
  await once(listener, 'listening')
  return new VaultServer(listener, sockets, state, clock)
}

function addRootToken(state: VaultState, id: string, now: number): void {
  delete state.tokens[sha256(id)]
  issueToken(
    state,
    { id, policies: ['root'], displayName: 'root', path: 'auth/token/root', orphan: true },
    now,
  )
}

interface Storage {
  state: VaultState
  clock: Clock
  save(): Promise<void>
}

async function answer(
  { state, clock, save }: Storage,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  let response: VaultResponse
  try {
    const request = await readRequest(incoming)
    response = handle(state, request, clock.now())
    if (request.operation !== 'read' && request.operation !== 'list') await save()
  } catch (thrown) {
    response =
      thrown instanceof VaultError
        ? thrown.toResponse()
        : { status: 500, body: { errors: [`internal error: ${messageOf(thrown)}`] } }
  }
  const body = response.body ? `${JSON.stringify(response.body)}\n` : ''
  outgoing.writeHead(response.status, {
    'Cache-Control': 'no-store',
    ...(body ? { 'Content-Type': 'application/json' } : {}),
  })
  outgoing.end(incoming.method === 'HEAD' ? undefined : body)
}

const OPERATIONS: Record<string, Operation> = {
  GET: 'read',
  HEAD: 'read',
  [LIST_STAND_IN]: 'list',
  POST: 'update',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

async function readRequest(incoming: IncomingMessage): Promise<VaultRequest> {
  const url = new URL(incoming.url ?? '/', 'http://vault')
  if (!url.pathname.startsWith('/v1/')) throw new VaultError(404)
  const operation = OPERATIONS[incoming.method ?? '']
  if (!operation) throw new VaultError(405)
  const listed = operation === 'read' && url.searchParams.get('list') === 'true'
  return {
    operation: listed ? 'list' : operation,
    path: decodeURIComponent(url.pathname.slice('/v1/'.length)).replace(/^\/+|\/+$/g, ''),
    query: url.searchParams,
    body: await readBody(incoming),
    contentType: incoming.headers['content-type'] ?? '',
    clientToken: tokenOf(incoming),
  }
}

function tokenOf(incoming: IncomingMessage): string | undefined {
  const header = incoming.headers['x-vault-token']
  if (typeof header === 'string' && header) return header
  return /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1]
}

async function readBody(incoming: IncomingMessage): Promise<Record<string, any>> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text) ?? {}
  } catch (thrown) {
    throw badRequest(`error parsing JSON: ${messageOf(thrown)}`)
  }
}
