/**
 * The yardstick of `bench api`, in a process of its own: JSON over node:https with the same certificates and paths,
 * objects in a Map, and nothing that makes an API server: no schema, no managedFields, no history, no file.
 */
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

const [folder = ''] = process.argv.slice(2)
const { ca, cert, key } = JSON.parse(await readFile(join(folder, 'certificates.json'), 'utf8'))
const objects = new Map<string, any>()
const watchers = new Set<ServerResponse>()
let version = 0

const server = createServer({ ca, cert, key, requestCert: true }, (request, response) => {
  void answer(request, response)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://bare')
  response.setHeader('content-type', 'application/json')
  if (searchParams.has('watch')) {
    watchers.add(response)
    response.flushHeaders()
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined
  response.end(JSON.stringify(change(request.method ?? 'GET', pathname, body)))
}

function change(method: string, path: string, body: any): unknown {
  if (method === 'GET') {
    const items = [...objects.values()]
    return { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: String(version) }, items }
  }
  const name = method === 'POST' ? body.metadata.name : path.split('/').pop()
  const known = objects.get(name)
  if (method === 'DELETE') {
    objects.delete(name)
    return known
  }
  const metadata = { ...known?.metadata, ...body.metadata, resourceVersion: String(++version) }
  const object = { ...known, ...body, data: { ...known?.data, ...body.data }, metadata }
  objects.set(name, object)
  const event = JSON.stringify({ type: known ? 'MODIFIED' : 'ADDED', object })
  for (const watcher of watchers) watcher.write(`${event}\n`)
  return object
}
