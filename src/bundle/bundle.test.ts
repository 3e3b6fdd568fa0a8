import { existsSync, statSync } from 'node:fs'
import { appendFile, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../lib/exec.ts'
import { type BundleIndex, indexEntry } from './index-file.ts'
import { layoutOf } from './layout.ts'
import { openBundle } from './read.ts'
import { CONTENTS, contentOf, FILE, INDEX } from './testing-bundle.ts'
import { checkTarget, writeBundle } from './write.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dv-bundle-'))
  path = join(folder, 'team1.tar')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const { signal } = new AbortController()
const quiet = { onProgress: () => undefined, signal }

function write(index: BundleIndex = INDEX, source = contentOf) {
  return writeBundle(path, index, { source, ...quiet })
}

async function verify() {
  await using bundle = await openBundle(path)
  await bundle.verify(() => undefined, signal)
}

async function change(at: number): Promise<void> {
  await using file = await open(path, 'r+')
  await file.write(Buffer.from('!'), 0, 1, at)
}

describe('a bundle', () => {
  it('comes back as it went in, part by part', async () => {
    const { bytes, kept } = await write()
    expect({ bytes, kept }).toEqual({ bytes: statSync(path).size, kept: 0 })
    await using bundle = await openBundle(path)
    await bundle.verify(() => undefined, signal)
    expect(bundle.index).toEqual(INDEX)
    for (const [sha256, content] of CONTENTS) expect(await buffer(bundle.read(sha256))).toEqual(content)
    expect(existsSync(`${path}.part`)).toBe(false)
  })

  it('is a tar file like any other, and the same for the same contents', async () => {
    await write()
    const first = await readFile(path)
    const { stdout } = await run('tar', ['-tf', path])
    expect(stdout.split('\n')).toEqual(['index.json', ...INDEX.parts.map(({ sha256 }) => `parts/${sha256}`)])
    await write()
    expect((await readFile(path)).equals(first)).toBe(true)
  })

  it('that was interrupted goes on behind its last whole part', async () => {
    const read: string[] = []
    const failing = (part: { sha256: string }) => {
      if (part.sha256 === INDEX.parts[2]!.sha256) return Promise.reject(new Error('the network is gone'))
      return contentOf(part)
    }
    await expect(write(INDEX, failing)).rejects.toThrow('the network is gone')
    expect(existsSync(path)).toBe(false)
    const { kept } = await write(INDEX, (part) => {
      read.push(part.sha256)
      return contentOf(part)
    })
    expect(kept).toBe(2)
    expect(read).toEqual(INDEX.parts.slice(2).map(({ sha256 }) => sha256))
    await verify()
  })

  it('takes over what an earlier try with another index has whole, and leaves nothing of it', async () => {
    const read: string[] = []
    const other = { ...INDEX, size: 'full' as const }
    const failing = (part: { sha256: string }) =>
      part.sha256 === INDEX.parts[3]!.sha256 ? Promise.reject(new Error('gone')) : contentOf(part)
    await expect(write(other, failing)).rejects.toThrow('gone')
    const { kept } = await write(INDEX, (part) => {
      read.push(part.sha256)
      return contentOf(part)
    })
    expect({ kept, read }).toEqual({ kept: 3, read: [INDEX.parts[3]!.sha256] })
    await verify()
    expect(await readdir(folder)).toEqual(['team1.tar'])
  })

  it('does not go on with damaged parts', async () => {
    await write()
    const whole = await readFile(path)
    await writeFile(`${path}.part`, whole)
    whole[layoutOf(INDEX).parts[1]!.at + 600]! ^= 1
    await writeFile(`${path}.part`, whole)
    expect((await write()).kept).toBe(1)
    await verify()
  })

  it('tries a part again, and gives up on one with the wrong bytes', async () => {
    let tries = 0
    await write(INDEX, async (part) => {
      tries++
      return tries === 1 ? Readable.from([Buffer.from('cut')]) : contentOf(part)
    })
    expect(tries).toBe(INDEX.parts.length + 1)
    await verify()
    await rm(path)
    const other = async () => Readable.from([Buffer.alloc(FILE.length, 'x')])
    await expect(write(INDEX, other)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    expect(existsSync(path)).toBe(false)
  })

  it('that meets a full disk has begun, which is no preflight’s refusal', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    const source = async () => Promise.reject(full)
    await expect(write(INDEX, source)).rejects.toMatchObject({
      code: 'STATE_UNWRITABLE',
      exitCode: 1,
      message: expect.stringContaining('ENOSPC'),
    })
  })

  it('says so where it cannot be written', async () => {
    const nowhere = join(folder, 'absent', 'team1.tar')
    await expect(writeBundle(nowhere, INDEX, { source: contentOf, ...quiet })).rejects.toMatchObject({
      code: 'STATE_UNWRITABLE',
      exitCode: 3,
    })
    // And before anything is fetched for it.
    const refused = { code: 'STATE_UNWRITABLE', exitCode: 3 }
    await expect(checkTarget(nowhere)).rejects.toMatchObject(refused)
    await expect(checkTarget(folder)).rejects.toMatchObject(refused)
    await checkTarget(path)
  })

  it('is not begun where its disk has no room', async () => {
    const size = Number.MAX_SAFE_INTEGER / 2
    const index = { ...INDEX, parts: [...INDEX.parts, { sha256: 'f'.repeat(64), size, of: 'too much' }] }
    await expect(write(index)).rejects.toMatchObject({
      code: 'STATE_UNWRITABLE',
      exitCode: 3,
      message: expect.stringMatching(/MB free; \d+\.\d MB of the bundle are to be written$/),
    })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('what is refused', () => {
  it('a file that is cut off, wherever', async () => {
    const { bytes } = await write()
    for (const length of [bytes - 1, layoutOf(INDEX).parts[3]!.at + 100, 700]) {
      await truncate(path, length)
      await expect(verify()).rejects.toMatchObject({
        code: 'BUNDLE_INVALID',
        message: expect.stringContaining('cut off'),
      })
    }
  })

  it('a part that is not what the index says, by the name of what needs it', async () => {
    await write()
    await change(layoutOf(INDEX).parts[3]!.at + 5000)
    await expect(verify()).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      message: expect.stringContaining('ghcr.io/team/api:sha-1234567'),
    })
  })

  it('more than the index tells of, and parts that are elsewhere', async () => {
    await write()
    await appendFile(path, 'more')
    await expect(verify()).rejects.toMatchObject({ code: 'BUNDLE_INVALID' })
    await write()
    await change(layoutOf(INDEX).parts[1]!.at)
    await expect(verify()).rejects.toThrow(/packed anew/)
  })

  it.each([
    ['nothing', Buffer.alloc(0), /is empty/],
    ['text', Buffer.from('hello '.repeat(200)), /does not begin with an index/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), /is compressed/],
    ['a newer format', archiveOf({ ...INDEX, format: 2 }), /format 2, this devenv reads format 1/],
    ['another index', archiveOf({ ...INDEX, kind: 'Backup' as never }), /something else/],
    ['a damaged index', archiveOf({ ...INDEX, platform: 1 as never }), /platform/],
    [
      'an index that names what is not there',
      archiveOf({ ...INDEX, parts: INDEX.parts.slice(1) }),
      /no part of it/,
    ],
  ])('%s', async (_what, content, message) => {
    await writeFile(path, content)
    await expect(openBundle(path)).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringMatching(message),
    })
  })

  it('a file that is not there, as a mistake in the command', async () => {
    await expect(openBundle(path)).rejects.toMatchObject({ code: 'USAGE' })
  })
})

function archiveOf(index: BundleIndex): Buffer {
  const { header, content } = indexEntry(index)
  return Buffer.concat([header, content])
}
