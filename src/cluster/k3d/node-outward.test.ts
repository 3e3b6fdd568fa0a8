import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { issueCertificates } from '../../embedded/api/tls/issue.ts'
import { certificatesFile, outdatedNode } from './node-outward.ts'
import { proxyVariables } from './outward.ts'

const INSIDE = ['10.1.1.0/24']
const proxied = (proxy: string) => proxyVariables({ HTTPS_PROXY: proxy, NO_PROXY: 'corp' }, INSIDE)
const node = (proxies: Record<string, string>, certificates?: string, running = true) => ({
  running,
  variables: ['PATH=/bin', ...Object.entries(proxies).map(([name, value]) => `${name}=${value}`)],
  certificates,
})

describe('a node that was made behind other proxies', () => {
  it('is told with the variables, and not with their values', () => {
    const wanted = { proxies: proxied('http://me:word@new:3128'), certificates: undefined }
    const told = outdatedNode('n', node(proxied('http://old:3128')), wanted)
    expect(told).toBe(
      'HTTPS_PROXY changed since node n was made: what it pulls past the mirrors goes by the old; npm run down, then npm run up makes one with the new',
    )
    expect(outdatedNode('n', node(wanted.proxies), wanted)).toBeUndefined()
  })

  it('or behind one where there is none now, and the other way round', () => {
    const none = { proxies: {}, certificates: undefined }
    expect(outdatedNode('n', node(proxied('http://old:3128')), none)).toMatch(
      /^HTTPS_PROXY, NO_PROXY changed/,
    )
    const some = { proxies: proxied('http://new:3128'), certificates: undefined }
    expect(outdatedNode('n', node({}), some)).toMatch(/^HTTPS_PROXY, NO_PROXY changed/)
    expect(outdatedNode('n', node({}), none)).toBeUndefined()
  })
})

describe('a node with other certificates', () => {
  const wanted = { proxies: {}, certificates: 'new' }

  it('reads the file that it mounts at its next start', () => {
    expect(outdatedNode('n', node({}, 'new'), wanted)).toBeUndefined()
    expect(outdatedNode('n', node({}, 'old'), wanted)).toMatch(
      /^the certificates of NODE_EXTRA_CA_CERTS changed since node n started: .*npm run stop, then npm run up/,
    )
    expect(outdatedNode('n', node({}, 'old', false), wanted)).toBeUndefined()
  })

  it('must be made anew where it mounts none', () => {
    for (const running of [true, false])
      expect(outdatedNode('n', node({}, undefined, running), wanted)).toMatch(/npm run down, then npm run up/)
    const both = { proxies: proxied('http://new:3128'), certificates: 'new' }
    expect(outdatedNode('n', node({}, 'old'), both)).toMatch(/npm run down, then npm run up/)
  })
})

describe('the file that nodes mount', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dv-node-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('stays what a running node has read, and is renewed for one that starts', async () => {
    const mine = join(folder, 'mine.pem')
    const env = { NODE_EXTRA_CA_CERTS: mine }
    const set = async (running: boolean) => {
      await writeFile(mine, (await issueCertificates([], Date.now())).ca)
      return readFile((await certificatesFile(folder, env, running))!, 'utf8')
    }
    const first = await set(false)
    expect(await set(true)).toBe(first)
    expect(await set(false)).not.toBe(first)
    expect(await certificatesFile(folder, {}, false)).toBeUndefined()
  })
})
