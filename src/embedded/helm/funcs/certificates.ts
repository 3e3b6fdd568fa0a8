/** X.509 certificates as Sprig's genCA, genSelfSignedCert and genSignedCert make them. */
import { createHash, createPublicKey, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { valueText } from '../go/format.ts'
import { type Int, Struct } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { bitString, element, integer, oid, pem, readElements, readPem, sequence, TAG, time } from './der.ts'
import { keyPem, newRsaKey, parsePrivateKey } from './keys.ts'

const OID = {
  commonName: '2.5.4.3',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const
const TRUE = element(TAG.boolean, Buffer.of(0xff))
const DAY = 86_400_000

/** What templates get: .Cert and .Key, both PEM. */
function certificateValue(cert: string, key: string): Struct {
  return new Struct('sprig.certificate', [
    { name: 'Cert', value: cert, json: 'Cert' },
    { name: 'Key', value: key, json: 'Key' },
  ])
}

interface Subject {
  commonName: string
  ips: unknown[]
  dnsNames: unknown[]
  days: Int
  isCa: boolean
}

interface Issuer {
  key: KeyObject
  /** The name as DER. */
  name: Buffer
  keyId?: Buffer
}

export function generateCa(commonName: string, days: Int, keyText?: string): Struct {
  const key = keyText === undefined ? newRsaKey(2048) : parseKey(keyText)
  return selfSigned({ commonName, ips: [], dnsNames: [], days, isCa: true }, key)
}

export function generateSelfSigned(
  cn: string,
  ips: unknown[],
  dns: unknown[],
  days: Int,
  keyText?: string,
): Struct {
  const key = keyText === undefined ? newRsaKey(2048) : parseKey(keyText)
  return selfSigned({ commonName: cn, ips, dnsNames: dns, days, isCa: false }, key)
}

export function generateSigned(
  cn: string,
  ips: unknown[],
  dns: unknown[],
  days: Int,
  ca: Struct,
  keyText?: string,
): Struct {
  const key = keyText === undefined ? newRsaKey(2048) : parseKey(keyText)
  const issuer = issuerOf(String(ca.fields.get('Cert')?.value), String(ca.fields.get('Key')?.value))
  return certificateValue(
    issue({ commonName: cn, ips, dnsNames: dns, days, isCa: false }, key, issuer),
    keyPem(key),
  )
}

/** A certificate and key that the chart's user gives, checked. */
export function buildCustom(cert: string, key: string): Struct {
  const text = Buffer.from(cert, 'base64').toString('utf8')
  const keyText = Buffer.from(key, 'base64').toString('utf8')
  if (!readPem(text)) throw new FuncError('unable to decode certificate')
  try {
    new X509Certificate(text)
  } catch (error) {
    throw new FuncError(`error parsing certificate: decodedCert.Bytes: ${(error as Error).message}`)
  }
  try {
    parsePrivateKey(keyText)
  } catch (error) {
    throw new FuncError(`error parsing private key: ${(error as Error).message}`)
  }
  return certificateValue(text, keyText)
}

function parseKey(text: string): KeyObject {
  try {
    return parsePrivateKey(text)
  } catch (error) {
    throw new FuncError(`parsing private key: ${(error as Error).message}`)
  }
}

function selfSigned(subject: Subject, key: KeyObject): Struct {
  return certificateValue(issue(subject, key, { key, name: nameOf(subject.commonName) }), keyPem(key))
}

/** Takes the issuer's name and key id out of its certificate. */
function issuerOf(cert: string, key: string): Issuer {
  const block = readPem(cert)
  if (!block) throw new FuncError('unable to decode certificate')
  const [outer] = readElements(block.der)
  const [body] = readElements(outer?.content ?? Buffer.alloc(0))
  const parts = readElements(body?.content ?? Buffer.alloc(0))
  // version [0], serial, algorithm, issuer, validity, subject
  const subject = parts[parts[0]?.tag === 0xa0 ? 5 : 4]
  if (!subject)
    throw new FuncError('error parsing certificate: decodedSignerCert.Bytes: malformed certificate')
  let signer: KeyObject
  try {
    signer = parsePrivateKey(key)
  } catch (error) {
    throw new FuncError(`error parsing private key: ${(error as Error).message}`)
  }
  const keyId = subjectKeyIdOf(parts.find((part) => part.tag === 0xa3)?.content)
  return { key: signer, name: subject.raw, ...(keyId ? { keyId } : {}) }
}

function subjectKeyIdOf(extensions: Buffer | undefined): Buffer | undefined {
  if (!extensions) return undefined
  const wanted = oid(OID.subjectKeyId)
  for (const extension of readElements(readElements(extensions)[0]?.content ?? Buffer.alloc(0))) {
    const [id, value] = readElements(extension.content)
    if (id?.raw.equals(wanted)) return readElements(value?.content ?? Buffer.alloc(0))[0]?.content
  }
  return undefined
}

function nameOf(commonName: string): Buffer {
  const printable = /^[A-Za-z0-9 '()+,\-./:=?*&]*$/.test(commonName)
  const text = element(printable ? TAG.printable : TAG.utf8, Buffer.from(commonName))
  return sequence(element(TAG.set, sequence(oid(OID.commonName), text)))
}

function issue(subject: Subject, key: KeyObject, issuer: Issuer): string {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const algorithm = signatureAlgorithm(issuer.key)
  const now = new Date()
  const body = sequence(
    element(0xa0, integer(2n)),
    integer(BigInt(`0x${randomBytes(16).toString('hex')}`)),
    algorithm,
    issuer.name,
    sequence(time(now), time(new Date(now.getTime() + Number(subject.days.value) * DAY))),
    nameOf(subject.commonName),
    publicKey,
    element(0xa3, sequence(...extensions(subject, publicKey, issuer))),
  )
  const digest = issuer.key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return pem('CERTIFICATE', sequence(body, algorithm, bitString(sign(digest, body, issuer.key))))
}

function signatureAlgorithm(key: KeyObject): Buffer {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return sequence(oid('1.2.840.113549.1.1.11'), Buffer.of(0x05, 0x00))
    case 'ec':
      return sequence(oid('1.2.840.10045.4.3.2'))
    case 'ed25519':
      return sequence(oid('1.3.101.112'))
    default:
      throw new FuncError('error creating certificate: x509: only RSA, ECDSA and Ed25519 keys supported')
  }
}

function extension(id: string, value: Uint8Array, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [TRUE] : []), element(TAG.octetString, value))
}

function extensions(subject: Subject, publicKey: Buffer, issuer: Issuer): Buffer[] {
  // digitalSignature and keyEncipherment; a CA also signs certificates.
  const usage = subject.isCa ? bitString(Buffer.of(0b1010_0100), 2) : bitString(Buffer.of(0b1010_0000), 5)
  const out = [
    extension(OID.keyUsage, usage, true),
    extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth), oid(OID.clientAuth))),
    extension(OID.basicConstraints, subject.isCa ? sequence(TRUE) : sequence(), true),
  ]
  if (subject.isCa) out.push(extension(OID.subjectKeyId, element(TAG.octetString, keyIdOf(publicKey))))
  if (issuer.keyId) out.push(extension(OID.authorityKeyId, sequence(element(0x80, issuer.keyId))))
  const names = [...subject.dnsNames.map(dnsName), ...subject.ips.map(ipAddress)]
  if (names.length > 0) out.push(extension(OID.subjectAltName, sequence(...names)))
  return out
}

/** The hash of the key's bits, without the wrapping that names its algorithm. */
function keyIdOf(publicKey: Buffer): Buffer {
  const bits = readElements(readElements(publicKey)[0]?.content ?? Buffer.alloc(0))[1]
  return createHash('sha256')
    .update(bits?.content.subarray(1) ?? Buffer.alloc(0))
    .digest()
    .subarray(0, 20)
}

function dnsName(value: unknown): Buffer {
  if (typeof value !== 'string') {
    throw new FuncError(`error processing alternate dns name: ${valueText(value)} is not a string`)
  }
  return element(0x82, Buffer.from(value))
}

function ipAddress(value: unknown): Buffer {
  if (typeof value !== 'string') throw new FuncError(`error parsing ip: ${valueText(value)} is not a string`)
  const version = isIP(value)
  if (version === 0) throw new FuncError(`error parsing ip: ${value}`)
  return element(0x87, version === 4 ? Buffer.from(value.split('.').map(Number)) : ipv6Bytes(value))
}

function ipv6Bytes(text: string): Buffer {
  // A trailing IPv4 form counts as two groups.
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  const hex = (a = '0', b = '0') => (Number(a) * 256 + Number(b)).toString(16)
  const plain = dotted
    ? `${text.slice(0, dotted.index)}${hex(dotted[1], dotted[2])}:${hex(dotted[3], dotted[4])}`
    : text
  const [head = '', tail] = plain.split('::')
  const groups = (part: string | undefined) => (part ? part.split(':') : [])
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(zeros).fill('0'), ...groups(tail)]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}
