/**
 * Headers of tar files (POSIX ustar), for files that are written and read at places that are known beforehand:
 * archives that go on where they were cut off, and parts that are read without reading what is before them.
 */

const BLOCK = 512
/** What stands before a file's content. */
export const HEADER_BYTES = BLOCK
const END_BLOCKS = 2
const NAME_BYTES = 100
const LARGEST = 8 ** 11 - 1
/** Where the fields of a header are. */
const AT = { name: 0, mode: 100, uid: 108, gid: 116, size: 124, mtime: 136, sum: 148, type: 156, magic: 257 }

export interface TarEntry {
  name: string
  size: number
}

/** Bytes that a file of this size takes, with its header and padding. */
export function entryBytes(size: number): number {
  return BLOCK + size + paddingBytes(size)
}

/** Zero bytes after a file's content. */
export function padding(size: number): Buffer {
  return Buffer.alloc(paddingBytes(size))
}

/** What ends an archive. */
export function ending(): Buffer {
  return Buffer.alloc(BLOCK * END_BLOCKS)
}

/** The 512 bytes before a regular file, the same for the same file. Names are short ones of ours. */
export function tarHeader({ name, size }: TarEntry): Buffer {
  if (Buffer.byteLength(name) > NAME_BYTES || size > LARGEST) throw new RangeError(`no ustar entry: ${name}`)
  const header = Buffer.alloc(BLOCK)
  header.write(name, AT.name)
  header.write('0000644\0', AT.mode)
  header.write('0000000\0', AT.uid)
  header.write('0000000\0', AT.gid)
  header.write(`${octal(size, 11)}\0`, AT.size)
  header.write(`${octal(0, 11)}\0`, AT.mtime)
  header.write('0', AT.type)
  header.write('ustar\u000000', AT.magic)
  header.write(`${octal(checksum(header), 6)}\0 `, AT.sum)
  return header
}

/** The entry that a header tells of; undefined for the zeros at the end, and for what is no header. */
export function parseHeader(header: Buffer): TarEntry | undefined {
  if (header.length < BLOCK || header[0] === 0) return undefined
  const told = Number.parseInt(header.toString('latin1', AT.sum, AT.sum + 8), 8)
  if (told !== checksum(header)) return undefined
  const name = header.toString('utf8', AT.name, AT.name + NAME_BYTES).replace(/\0.*$/s, '')
  return { name, size: Number.parseInt(header.toString('latin1', AT.size, AT.size + 12), 8) }
}

/** A whole archive in memory, for small files. */
export function tarOf(files: { name: string; content: Uint8Array }[]): Buffer {
  const parts = files.flatMap(({ name, content }) => [
    tarHeader({ name, size: content.length }),
    content,
    padding(content.length),
  ])
  return Buffer.concat([...parts, ending()])
}

function paddingBytes(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

/** The sum of the header's bytes, its own field read as spaces. */
function checksum(header: Buffer): number {
  let sum = 0
  for (let at = 0; at < BLOCK; at++) sum += at >= AT.sum && at < AT.sum + 8 ? 32 : header[at]!
  return sum
}
