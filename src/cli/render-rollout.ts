/** A Rollout's tree as lines of text, laid out as the kubectl plugin lays it out. Pure. */
import { ageOf, shortDuration } from '../rollout/age.ts'
import type { RolloutHistory } from '../rollout/history.ts'
import type { PodView } from '../rollout/pod-view.ts'
import type {
  AnalysisRunView,
  ExperimentView,
  ReplicaSetView,
  RevisionView,
  RolloutView,
  Tag,
} from '../rollout/view.ts'
import type { Paint, Style } from './io.ts'

const TAG_STYLE: Record<Tag, Style> = { stable: 'green', active: 'green', canary: 'yellow', preview: 'cyan' }

/** Icon and colour of a state, the plugin's own. */
const STATES: [RegExp, string, Style | undefined][] = [
  [/^(Healthy|Running|Completed|Successful)$/, '✔', 'green'],
  [/^(Degraded|Failed|ReplicaFailure|CrashLoopBackOff|InvalidImageName|Signal:.*|ExitCode:.*)$/, '✖', 'red'],
  [/^(Progressing|Pending|Terminating|ContainerCreating|PodInitializing|Init:.*)$/, '◌', 'cyan'],
  [/^(ImagePullBackOff|Err.*|.*Error)$/, '⚠', 'red'],
  [/^(Paused|Suspended)$/, '॥', undefined],
  [/^ScaledDown$/, '•', undefined],
  [/^(Unknown|Inconclusive)$/, '?', 'yellow'],
]

/** Lines without their ends. `now` in milliseconds since the epoch, for ages. */
export function renderRollout(view: RolloutView, paint: Paint, now: number): string[] {
  const { canary, replicas } = view
  const field = (name: string, value: string | number) => `${name.padEnd(17)}${value}`
  const images = view.images.map(
    ({ image, tags }) => `${image}${tags.length > 0 ? ` (${tags.map(painted(paint)).join(', ')})` : ''}`,
  )
  return [
    field('Name:', view.name),
    field('Namespace:', view.namespace),
    field('Status:', `${iconOf(view.phase, paint)} ${view.phase}`),
    ...(view.message ? [field('Message:', view.message)] : []),
    field('Strategy:', view.strategy),
    ...(canary
      ? [
          field('  Step:', canary.step === undefined ? '' : `${canary.step}/${canary.steps}`).trimEnd(),
          field('  SetWeight:', canary.setWeight),
          field('  ActualWeight:', canary.actualWeight),
        ]
      : []),
    ...images.map((image, index) => field(index === 0 ? 'Images:' : '', image)),
    'Replicas:',
    field('  Desired:', replicas.desired),
    field('  Current:', replicas.current),
    field('  Updated:', replicas.updated),
    field('  Ready:', replicas.ready),
    field('  Available:', replicas.available),
    '',
    ...table(treeOf(view, now), paint),
  ]
}

/** One line of the tree: text for measuring, styles for painting. */
interface Row {
  name: string
  nameStyle?: Style
  kind: string
  state: string
  age: string
  info: { text: string; style?: Style }[]
}

function treeOf(view: RolloutView, now: number): Row[] {
  const root: Row = {
    name: `⟳ ${view.name}`,
    kind: 'Rollout',
    state: view.phase,
    age: ageOf(view.createdAt, now),
    info: [],
  }
  return [root, ...branches(view.revisions, '', (revision, branch) => revisionRows(revision, branch, now))]
}

/** Prefixes of a node and of what is below it. */
interface Branch {
  own: string
  below: string
}

function branches<T>(items: T[], prefix: string, rows: (item: T, branch: Branch) => Row[]): Row[] {
  return items.flatMap((item, index) => {
    const last = index === items.length - 1
    return rows(item, {
      own: `${prefix}${last ? '└──' : '├──'}`,
      below: `${prefix}${last ? '   ' : '│  '}`,
    })
  })
}

function revisionRows(
  { revision, replicaSets, experiments, analysisRuns }: RevisionView,
  branch: Branch,
  now: number,
): Row[] {
  const node: Row = { name: `${branch.own}# revision:${revision}`, kind: '', state: '', age: '', info: [] }
  const children = [
    ...replicaSets.map((view) => (own: Branch) => replicaSetRows(view, own, now)),
    ...experiments.map((view) => (own: Branch) => experimentRows(view, own, now)),
    ...analysisRuns.map((view) => (own: Branch) => analysisRows(view, own, now)),
  ]
  return [node, ...branches(children, branch.below, (rows, own) => rows(own))]
}

function experimentRows(view: ExperimentView, { own, below }: Branch, now: number): Row[] {
  const row: Row = {
    name: `${own}Σ ${view.name}`,
    kind: 'Experiment',
    state: view.state,
    age: ageOf(view.createdAt, now),
    info: [],
  }
  const children = [
    ...view.replicaSets.map((set) => (branch: Branch) => replicaSetRows(set, branch, now)),
    ...view.analysisRuns.map((run) => (branch: Branch) => analysisRows(run, branch, now)),
  ]
  return [row, ...branches(children, below, (rows, branch) => rows(branch))]
}

function replicaSetRows(view: ReplicaSetView, { own, below }: Branch, now: number): Row[] {
  const deadline = view.scaleDownDeadline
  const left = deadline === undefined ? 0 : Date.parse(deadline) - now
  const tag = view.tags.at(-1)
  const row: Row = {
    name: `${own}⧉ ${view.name}`,
    ...(tag ? { nameStyle: TAG_STYLE[tag] } : {}),
    kind: 'ReplicaSet',
    state: view.state,
    age: ageOf(view.createdAt, now),
    info: [
      ...view.tags.map((text) => ({ text, style: TAG_STYLE[text] })),
      ...(deadline ? [{ text: `delay:${left < 0 ? 'passed' : shortDuration(left)}` }] : []),
    ],
  }
  return [row, ...branches(view.pods, below, (pod, branch) => [podRow(pod, branch, now)])]
}

function podRow(pod: PodView, { own }: Branch, now: number): Row {
  const restarts = pod.restarts > 0 ? [{ text: `restarts:${pod.restarts}` }] : []
  return {
    name: `${own}□ ${pod.name}`,
    kind: 'Pod',
    state: pod.state,
    age: ageOf(pod.createdAt, now),
    info: [{ text: `ready:${pod.ready}` }, ...restarts],
  }
}

function analysisRows(run: AnalysisRunView, { own, below }: Branch, now: number): Row[] {
  const counts: [string, number, Style][] = [
    ['✔', run.successful, 'green'],
    ['✖', run.failed, 'red'],
    ['?', run.inconclusive, 'yellow'],
    ['⚠', run.errors, 'red'],
  ]
  const row: Row = {
    name: `${own}α ${run.name}`,
    kind: 'AnalysisRun',
    state: run.state,
    age: ageOf(run.createdAt, now),
    info: counts
      .filter(([, count]) => count > 0)
      .map(([icon, count, style]) => ({ text: `${icon} ${count}`, style })),
  }
  const jobs = branches(run.jobs, below, ({ name, state, startedAt }, { own: branch }) => [
    { name: `${branch}⊞ ${name}`, kind: 'Job', state, age: ageOf(startedAt, now), info: [] },
  ])
  return [row, ...jobs]
}

const HEADER = { name: 'NAME', kind: 'KIND', state: 'STATUS', age: 'AGE', info: 'INFO' }

function table(rows: Row[], paint: Paint): string[] {
  const stateText = ({ state }: Row) => (state === '' ? '' : `${stateOf(state).icon} ${state}`)
  const width = (header: string, texts: string[]) =>
    Math.max(header.length, ...texts.map((text) => [...text].length)) + 2
  const widths = {
    name: width(
      HEADER.name,
      rows.map(({ name }) => name),
    ),
    kind: width(
      HEADER.kind,
      rows.map(({ kind }) => kind),
    ),
    state: width(HEADER.state, rows.map(stateText)),
    age: width(
      HEADER.age,
      rows.map(({ age }) => age),
    ),
  }
  const pad = (text: string, to: number) => text + ' '.repeat(Math.max(0, to - [...text].length))
  const head = `${pad(HEADER.name, widths.name)}${pad(HEADER.kind, widths.kind)}${pad(HEADER.state, widths.state)}${pad(HEADER.age, widths.age)}${HEADER.info}`
  return [
    paint('bold', head),
    ...rows.map((row) => {
      const name = pad(row.name, widths.name)
      const state = pad(stateText(row), widths.state)
      const { icon, style } = stateOf(row.state)
      const paintedState = style && row.state ? `${paint(style, icon)}${state.slice(icon.length)}` : state
      const info = row.info.map(({ text, style: own }) => (own ? paint(own, text) : text)).join(',')
      return `${row.nameStyle ? paint(row.nameStyle, name) : name}${pad(row.kind, widths.kind)}${paintedState}${pad(row.age, widths.age)}${info}`.trimEnd()
    }),
  ]
}

function stateOf(state: string): { icon: string; style: Style | undefined } {
  const [, icon, style] = STATES.find(([pattern]) => pattern.test(state)) ?? [undefined, ' ', undefined]
  return { icon, style }
}

function iconOf(state: string, paint: Paint): string {
  const { icon, style } = stateOf(state)
  return style ? paint(style, icon) : icon
}

function painted(paint: Paint): (tag: string) => string {
  return (tag) => {
    const style = (TAG_STYLE as Record<string, Style>)[tag]
    return style ? paint(style, tag) : tag
  }
}

/** The revisions as a table. */
export function renderHistory({ revisions }: RolloutHistory, paint: Paint, now: number): string[] {
  const rows = revisions.map(({ revision, replicaSet, images, tags, createdAt }) => [
    String(revision),
    replicaSet,
    images.join(','),
    ageOf(createdAt, now),
    tags.join(','),
  ])
  const all = [['REVISION', 'REPLICASET', 'IMAGES', 'AGE', 'INFO'], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)) + 2)
  const [head, ...body] = all.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join('')
      .trimEnd(),
  )
  return [paint('bold', head!), ...body]
}
