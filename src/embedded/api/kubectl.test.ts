/** The API server as the real kubectl uses it; skipped where there is none on PATH. */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fakeAgent } from './testing/fake-agent.ts'
import { type RealServer, realServer } from './testing/real-server.ts'

function kubectlExists(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: app, image: "app:1", ports: [{containerPort: 80}]}]}
`
const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget, shortNames: [wd]}
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
    schema:
      openAPIV3Schema:
        type: object
        properties: {spec: {type: object, properties: {size: {type: integer, minimum: 1, default: 3}}}}
`

let server: RealServer
let env: NodeJS.ProcessEnv

/** Runs kubectl; answers what it printed, errors too. */
async function kubectl(args: string, input?: string): Promise<string> {
  return new Promise((resolve) => {
    const words = args.match(/'[^']*'|\S+/g)!.map((word) => word.replaceAll("'", ''))
    const child = execFile('kubectl', words, { env, timeout: 15_000 }, (error, stdout, stderr) => {
      resolve(error ? `${stdout}${stderr}` : stdout)
    })
    child.stdin?.end(input)
  })
}

/** What comes back through a forwarded port. */
async function forwarded(): Promise<string> {
  const forward = spawn('kubectl', ['port-forward', 'pod/web', ':80'], { env })
  const first = await createInterface({ input: forward.stdout })[Symbol.asyncIterator]().next()
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(String(first.value))?.[1])
  const socket = connect(port, '127.0.0.1')
  socket.write('ping')
  const [answer] = await once(socket, 'data')
  socket.destroy()
  forward.kill()
  return String(answer)
}

describe.skipIf(!kubectlExists())('kubectl', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    server = await realServer(fakeAgent())
    env = { ...process.env, KUBECONFIG: server.kubeconfig, HOME: server.folder }
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  it('applies, shows no difference, and applies a change', async () => {
    expect(await kubectl('apply -f -', DEPLOYMENT)).toBe('deployment.apps/web created\n')
    expect(await kubectl('apply -f -', DEPLOYMENT)).toBe('deployment.apps/web unchanged\n')
    expect(await kubectl('diff -f -', DEPLOYMENT)).toBe('')
    const changed = DEPLOYMENT.replace('app:1', 'app:2')
    expect(await kubectl('diff -f -', changed)).toContain('image: app:2')
    expect(await kubectl('apply -f -', changed)).toBe('deployment.apps/web configured\n')
    expect(await kubectl('get deployment web')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +0\/2 /,
    )
  })

  it('applies on the server, with conflicts', async () => {
    const apply = 'apply --server-side -f -'
    expect(await kubectl(apply, DEPLOYMENT)).toBe('deployment.apps/web serverside-applied\n')
    const other = DEPLOYMENT.replace('replicas: 2', 'replicas: 7')
    expect(await kubectl(`${apply} --field-manager=other`, other)).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas',
    )
    await kubectl(`${apply} --field-manager=other --force-conflicts`, other)
    expect(await kubectl('get deployment web -o jsonpath={.spec.replicas}')).toBe('7')
  })

  it('scales, labels, annotates, patches and replaces', async () => {
    expect(await kubectl('scale deployment web --current-replicas=7 --replicas=3')).toContain('scaled')
    expect(await kubectl('label deployment web tier=x')).toContain('labeled')
    expect(await kubectl('annotate deployment web note=y')).toContain('annotated')
    expect(await kubectl(`patch deployment web -p '{"spec":{"paused":true}}'`)).toContain('patched')
    expect(await kubectl('set image deployment/web app=app:9')).toContain('image updated')
    const json = JSON.parse(await kubectl('get deployment web -o json'))
    expect(json).toMatchObject({
      metadata: { labels: { tier: 'x' }, annotations: { note: 'y' } },
      spec: { replicas: 3, paused: true, template: { spec: { containers: [{ image: 'app:9' }] } } },
    })
    json.spec.replicas = 4
    expect(await kubectl('replace -f -', JSON.stringify(json))).toBe('deployment.apps/web replaced\n')
    expect(await kubectl('replace -f -', JSON.stringify(json))).toContain('the object has been modified')
  })

  it('creates with protobuf bodies', async () => {
    expect(await kubectl('create configmap made --from-literal=a=1')).toBe('configmap/made created\n')
    expect(await kubectl('create deployment made --image=x:1 --replicas=2')).toContain('created')
    expect(await kubectl('get deployment made -o jsonpath={.spec.replicas}')).toBe('2')
    expect(await kubectl('create secret generic made --from-literal=a=b')).toContain('created')
    expect(await kubectl('get secret made -o jsonpath={.data.a}')).toBe('Yg==')
    expect(await kubectl('create serviceaccount made')).toContain('created')
    expect((await kubectl('create token made')).split('.')).toHaveLength(3)
    expect(await kubectl('auth can-i delete nodes')).toBe('yes\n')
    expect(await kubectl('auth whoami')).toContain('kubernetes-admin')
  })

  it('describes, explains and lists what there is', async () => {
    expect(await kubectl('describe deployment web')).toMatch(/Replicas: +4 desired/)
    expect(await kubectl('explain deployment.spec.replicas')).toContain('FIELD: replicas <integer>')
    const resources = await kubectl('api-resources')
    expect(resources).toMatch(/deployments +deploy +apps\/v1 +true +Deployment/)
    expect(await kubectl('get apiservices v1beta1.metrics.k8s.io')).toMatch(
      /kube-system\/metrics-server +True/,
    )
    const raw = '/apis/external.metrics.k8s.io/v1beta1/namespaces/default/s0-rabbitmq?labelSelector=a'
    expect(JSON.parse(await kubectl(`get --raw ${raw}`)).items).toMatchObject([
      { metricName: 's0-rabbitmq', value: '33' },
    ])
  })

  it('defines types, waits for them and uses them', async () => {
    expect(await kubectl('apply -f -', DEFINITION)).toContain('created')
    expect(await kubectl('wait --for=condition=Established crd/widgets.example.com --timeout=10s')).toContain(
      'condition met',
    )
    const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {}\n'
    expect(await kubectl('apply -f -', widget)).toBe('widget.example.com/w created\n')
    expect(await kubectl('get wd')).toMatch(/^NAME +SIZE\nw +3\n$/)
    expect(await kubectl(`patch wd w --type=merge -p '{"spec":{"size":0}}'`)).toContain(
      'should be greater than or equal to 1',
    )
    expect(await kubectl('delete crd widgets.example.com')).toContain('deleted')
  })

  it('says what is wrong', async () => {
    expect(await kubectl('get configmap none')).toBe(
      'Error from server (NotFound): configmaps "none" not found\n',
    )
    expect(
      await kubectl(
        'create -f -',
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"extra":1}',
      ),
    ).toContain(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "extra"',
    )
    expect(
      await kubectl('create -f -', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"Bad"}}'),
    ).toContain(
      'The ConfigMap "Bad" is invalid: metadata.name: Invalid value: "Bad": a lowercase RFC 1123 subdomain',
    )
  })

  it('watches and waits for deletion', async () => {
    await kubectl('create configmap watched')
    const watch = spawn('kubectl', ['get', 'configmap', 'watched', '--watch', '--output-watch-events'], {
      env,
    })
    const lines = createInterface({ input: watch.stdout })[Symbol.asyncIterator]()
    expect((await lines.next()).value).toMatch(/^EVENT +NAME +DATA +AGE$/)
    expect((await lines.next()).value).toMatch(/^ADDED +watched /)
    // kubectl delete waits for the end by a watch of its own.
    await kubectl(
      `patch configmap watched --type=merge -p '{"metadata":{"finalizers":["example.com/hold"]}}'`,
    )
    expect((await lines.next()).value).toMatch(/^MODIFIED +watched /)
    const deleted = kubectl('delete configmap watched')
    expect((await lines.next()).value).toMatch(/^MODIFIED +watched /)
    await kubectl(`patch configmap watched --type=json -p '[{"op":"remove","path":"/metadata/finalizers"}]'`)
    expect(await deleted).toContain('configmap "watched" deleted')
    expect((await lines.next()).value).toMatch(/^DELETED +watched /)
    watch.kill()
  })

  it('reads logs, runs commands and forwards ports', async () => {
    const manifest = join(server.folder, 'pod.yaml')
    await writeFile(
      manifest,
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {nodeName: n1, containers: [{name: app, image: x}]}\n',
    )
    await kubectl(`apply -f ${manifest}`)
    await kubectl(`patch pod web --subresource=status --type=merge -p '{"status":{"phase":"Running"}}'`)
    expect(await kubectl('logs web --tail=7')).toBe('default/web/app\ntail 7\n')
    expect(await kubectl('exec web -- echo a b')).toBe('a b\n')
    expect(await kubectl('exec -i web -- cat', 'typed')).toBe('typed')
    env = { ...env, KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' }
    expect(await kubectl('exec -i web -- cat', 'over SPDY')).toBe('over SPDY')
    expect(await kubectl('exec web -- exit 4')).toContain('command terminated with exit code 4')
    expect(await forwarded()).toBe('ping')
    delete env.KUBECTL_REMOTE_COMMAND_WEBSOCKETS
    delete env.KUBECTL_PORT_FORWARD_WEBSOCKETS
    expect(await kubectl('exec web -- exit 3')).toContain('command terminated with exit code 3')
    expect(await kubectl('top pod web')).toMatch(/web +12m +33Mi/)
    expect(await forwarded()).toBe('ping')
  })

  it('evicts as budgets allow', async () => {
    await kubectl('label pod web app=web --overwrite')
    await kubectl('create poddisruptionbudget web --selector=app=web --min-available=1')
    const eviction = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'web', namespace: 'default' },
    }
    const file = join(server.folder, 'eviction.json')
    await writeFile(file, JSON.stringify(eviction))
    const evict = `create --raw /api/v1/namespaces/default/pods/web/eviction -f ${file}`
    expect(await kubectl(evict)).toContain('Cannot evict pod')
    await kubectl('delete poddisruptionbudget web')
    expect(await kubectl(evict)).toContain('"status":"Success"')
  })
})
