import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Artifact, artifactPath, fetchArtifact } from './artifact.ts'

const BODY = Buffer.alloc(200_000, 'pinned content ')
const SHA256 = createHash('sha256').update(BODY).digest('hex')

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let cacheDir: string
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'devenv-download-'))
})
afterEach(() => rm(cacheDir, { recursive: true, force: true }))

/** Answers each request with the next of `answers`, the last one for all further ones. */
async function serve(...answers: Answer[]) {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answers[Math.min(requests.length, answers.length) - 1]!(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const artifact: Artifact = { title: 'tool v1', url: `http://127.0.0.1:${port}/v1/tool`, sha256: SHA256 }
  return {
    artifact,
    requests,
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const whole: Answer = (_, response) => response.end(BODY)
const ranged: Answer = (request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': BODY.length - from })
  response.end(BODY.subarray(from))
}
const cutOff: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': BODY.length })
  response.write(BODY.subarray(0, 70_000))
  // Once something of it is on the disk: what only travels is lost with the connection.
  const look = setInterval(() => {
    if (!someBytes(cacheDir)) return
    clearInterval(look)
    response.destroy()
  }, 2)
}

function someBytes(folder: string): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).size > 0,
  )
}

describe('fetchArtifact', () => {
  it('downloads once, then reads the cache', async () => {
    await using server = await serve(whole)
    const path = await fetchArtifact(server.artifact, { cacheDir, env: {}, retryPauseMs: 0 })
    expect(BODY.equals(await readFile(path))).toBe(true)
    expect(await fetchArtifact(server.artifact, { cacheDir, env: {}, offline: true })).toBe(path)
    expect(server.requests).toHaveLength(1)
  })

  it('resumes a connection that was cut off', async () => {
    await using server = await serve(cutOff, ranged)
    const path = await fetchArtifact(server.artifact, { cacheDir, env: {}, retryPauseMs: 0 })
    expect(BODY.equals(await readFile(path))).toBe(true)
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      expect.stringMatching(/^bytes=[1-9]\d*-$/),
    ])
  })

  it('resumes what an earlier process left, and starts anew where the server cannot', async () => {
    await using server = await serve(ranged)
    const part = `${artifactPath(server.artifact, cacheDir)}.part`
    await mkdir(dirname(part), { recursive: true })
    await writeFile(part, BODY.subarray(0, 150_000))
    await fetchArtifact(server.artifact, { cacheDir, env: {}, retryPauseMs: 0 })
    expect(server.requests[0]?.headers.range).toBe('bytes=150000-')

    await using plain = await serve(whole)
    const other = `${artifactPath(plain.artifact, cacheDir)}.part`
    await rm(artifactPath(plain.artifact, cacheDir))
    await writeFile(other, BODY.subarray(0, 150_000))
    const path = await fetchArtifact(plain.artifact, { cacheDir, env: {} })
    expect(BODY.equals(await readFile(path))).toBe(true)
  })

  it('says how much came when every try is cut off', async () => {
    await using server = await serve(cutOff, (_, response) => {
      response.writeHead(206, { 'content-length': 100 })
      response.flushHeaders()
      setImmediate(() => response.destroy())
    })
    await expect(
      fetchArtifact(server.artifact, { cacheDir, env: {}, retryPauseMs: 0 }),
    ).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      exitCode: 3,
    })
    expect(server.requests).toHaveLength(3)
  })

  it('uses nothing of a file with another checksum, and starts anew afterwards', async () => {
    await using server = await serve((_, response) => response.end('something else'), whole)
    await expect(
      fetchArtifact(server.artifact, { cacheDir, env: {}, retryPauseMs: 0 }),
    ).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      message: expect.stringContaining(SHA256),
    })
    expect(existsSync(artifactPath(server.artifact, cacheDir))).toBe(false)
    await fetchArtifact(server.artifact, { cacheDir, env: {}, retryPauseMs: 0 })
    expect(server.requests[1]?.headers.range).toBeUndefined()
  })

  it('says that a web page came in its place', async () => {
    await using server = await serve((_, response) => response.end('<html>Log in first</html>'))
    await expect(fetchArtifact(server.artifact, { cacheDir, env: {} })).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      message: expect.stringMatching(/, a web page$/),
    })
  })

  it('says what a server without a word means', async () => {
    await using server = await serve((_, response) => response.writeHead(407).end())
    await expect(fetchArtifact(server.artifact, { cacheDir, env: {} })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('HTTP 407'),
    })
    expect(server.requests).toHaveLength(1)
  })

  it('does not try a missing file again', async () => {
    await using server = await serve((_, response) => response.writeHead(404).end())
    await expect(
      fetchArtifact(server.artifact, { cacheDir, env: {}, retryPauseMs: 0 }),
    ).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('HTTP 404'),
    })
    expect(server.requests).toHaveLength(1)
  })

  it('downloads again when the file in the cache was changed', async () => {
    await using server = await serve(whole)
    const path = await fetchArtifact(server.artifact, { cacheDir, env: {}, retryPauseMs: 0 })
    await writeFile(path, 'tampered with')
    await fetchArtifact(server.artifact, { cacheDir, env: {}, retryPauseMs: 0 })
    expect(BODY.equals(await readFile(path))).toBe(true)
  })

  it('goes through the proxy of the environment', async () => {
    await using proxy = await serve(whole)
    const artifact = { ...proxy.artifact, url: 'http://downloads.invalid/v1/tool' }
    await fetchArtifact(artifact, { cacheDir, env: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` } })
    expect(proxy.requests.length).toBeGreaterThan(0)
  })

  it('takes files from a local mirror, by address or by name, also offline', async () => {
    const mirror = join(cacheDir, 'mirror')
    const artifact = { title: 'tool', url: 'https://example.com/releases/v1/tool', sha256: SHA256 }
    const options = { cacheDir, env: { DEVENV_MIRROR: mirror }, offline: true }
    await expect(fetchArtifact(artifact, options)).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      fix: expect.stringContaining(join(mirror, 'example.com/releases/v1/tool')),
    })
    await mkdir(join(mirror, 'example.com/releases/v1'), { recursive: true })
    await writeFile(join(mirror, 'example.com/releases/v1/tool'), BODY)
    expect(BODY.equals(await readFile(await fetchArtifact(artifact, options)))).toBe(true)
  })

  it('asks a mirror on the web by host and path', async () => {
    await using server = await serve(whole)
    const artifact = { title: 'tool', url: 'https://example.com/releases/v1/tool', sha256: SHA256 }
    await fetchArtifact(artifact, {
      cacheDir,
      env: { DEVENV_MIRROR: `http://127.0.0.1:${server.port}/files/` },
    })
    expect(server.requests[0]?.url).toBe('/files/example.com/releases/v1/tool')
  })

  it('refuses the network when offline', async () => {
    await using server = await serve(whole)
    await expect(fetchArtifact(server.artifact, { cacheDir, env: {}, offline: true })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('--offline'),
    })
    expect(server.requests).toHaveLength(0)
  })
})
