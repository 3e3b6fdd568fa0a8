/** Issues the API server's certificates with ECDSA P-256 keys. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { Certificates } from './bundle.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const YEARS_MS = 10 * 365 * 24 * 3600 * 1000
// The clocks of clients may be behind.
const BACKDATE_MS = 3600 * 1000

const DNS_NAMES = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
]

type Issued = Omit<Certificates, 'adminToken'>

/** A CA, a server certificate for loopback and `addresses`, and the administrator's certificate. */
export async function issueCertificates(addresses: string[], nowMs: number): Promise<Issued> {
  const [caKeys, serverKeys, clientKeys, tokenKeys] = await Promise.all([
    newKeys(),
    newKeys(),
    newKeys(),
    newKeys(),
  ])
  const validity = { notBefore: new Date(nowMs - BACKDATE_MS), notAfter: new Date(nowMs + YEARS_MS) }
  const sign = async (subject: string, keys: webcrypto.CryptoKeyPair, extensions: Extension[]) => {
    const certificate = await X509CertificateGenerator.create({
      ...validity,
      subject,
      issuer: CA_SUBJECT,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions,
    })
    return certificate.toString('pem')
  }
  const ips = [...new Set(['127.0.0.1', ...addresses])]
  const names = new SubjectAlternativeNameExtension([
    ...DNS_NAMES.map((value) => ({ type: 'dns' as const, value })),
    ...ips.map((value) => ({ type: 'ip' as const, value })),
  ])
  const [ca, cert, clientCert] = await Promise.all([
    sign(CA_SUBJECT, caKeys, CA_EXTENSIONS),
    sign('CN=kube-apiserver', serverKeys, [...leaf(ExtendedKeyUsage.serverAuth), names]),
    sign('O=system:masters, CN=kubernetes-admin', clientKeys, leaf(ExtendedKeyUsage.clientAuth)),
  ])
  return {
    ca,
    cert,
    clientCert,
    key: await privatePem(serverKeys),
    clientKey: await privatePem(clientKeys),
    tokenKey: await privatePem(tokenKeys),
  }
}

const CA_SUBJECT = 'CN=kubernetes'
const CA_EXTENSIONS = [
  new BasicConstraintsExtension(true, undefined, true),
  new KeyUsagesExtension(
    KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
    true,
  ),
]

function leaf(usage: ExtendedKeyUsage): Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([usage]),
  ]
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

async function privatePem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')
}
