/** Which steps run: those asked for, with what they build on. Pure. */
import { DevenvError } from '../lib/errors.ts'
import type { DemoStep } from './step.ts'

/** `only` holds numbers (from 1) or ids; undefined means all. USAGE names the steps that there are. */
export function chooseSteps(steps: readonly DemoStep[], only: string | undefined): DemoStep[] {
  if (only === undefined) return [...steps]
  const chosen = new Set<string>()
  const add = (step: DemoStep) => {
    if (chosen.has(step.id)) return
    chosen.add(step.id)
    for (const need of step.needs) add(steps.find(({ id }) => id === need)!)
  }
  for (const word of only.split(',').map((part) => part.trim())) add(find(steps, word))
  return steps.filter(({ id }) => chosen.has(id))
}

function find(steps: readonly DemoStep[], word: string): DemoStep {
  const found = steps.find(({ id }, place) => id === word || String(place + 1) === word)
  if (found) return found
  throw new DevenvError('USAGE', `--only: there is no step "${word}"`, {
    fix: `There are ${steps.map(({ id }, place) => `${place + 1} ${id}`).join(', ')}.`,
  })
}
