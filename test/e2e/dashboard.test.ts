/** The dashboard in a real browser, against a real environment. Needs Chromium on PATH; skipped, and says so, without. */
import axe, { type AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RolloutView } from '../../src/rollout/view.ts'
import { findChromium, launch } from './browser.ts'
import { type Sandbox, sandbox } from './devenv.ts'

const chromium = findChromium()
if (!chromium)
  process.stderr.write('skipped: the dashboard in a browser (no chromium or google-chrome on PATH)\n')

const CORE_API = 'team1-project-core-api'
const WORKER = 'team1-project-question-worker'
const QUEUE = 'question_generation_task'
const PATIENT = { timeout: 60_000 }

describe.skipIf(!chromium)('the dashboard in a browser', () => {
  let box: Sandbox
  let served: AsyncDisposable & { printed: { url: string } }
  let browser: Browser
  let page: Page
  const troubles: string[] = []

  beforeAll(async () => {
    box = await sandbox()
    // team1's own pauses of two minutes: what goes on sooner was promoted by the page.
    const up = await box.devenv('up', '--cluster', 'embedded', '--profile', 'team')
    expect(up.code, up.stderr).toBe(0)
    served = await box.start('dashboard', '--no-open')
    browser = await launch(chromium!)
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
    page.on('pageerror', (error) => troubles.push(error.message))
    await page.goto(served.printed.url, PATIENT)
    await page.waitForSelector(`[data-workload="${CORE_API}"]`, PATIENT)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await served?.[Symbol.asyncDispose]()
    await box?.[Symbol.asyncDispose]()
  }, 120_000)

  it('shows the workloads, and takes the token out of the address', async () => {
    expect(await page.locator('[data-workload]').count()).toBe(6)
    expect(await replicas(CORE_API)).toBe('1/1')
    expect(await replicas(WORKER)).toBe('0/0')
    expect(page.url()).not.toContain('token')
    await page.reload(PATIENT)
    await page.waitForSelector(`[data-workload="${CORE_API}"]`, PATIENT)
  })

  it('does not let in who lacks the token', async () => {
    const stranger = await browser.newContext()
    const other = await stranger.newPage()
    await other.goto(new URL('/', served.printed.url).href, PATIENT)
    await other.getByRole('heading', { name: 'lacks its token' }).waitFor(PATIENT)
    await stranger.close()
  })

  it.each(['light', 'dark'] as const)('has no accessibility violation in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 })
      expect(await violations(), `${width} px`).toEqual([])
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect(overflow, `${width} px scrolls sideways`).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  it('explains a workload and shows its log, from the keyboard, and gives the focus back', async () => {
    const why = page.getByRole('button', { name: 'Why question-worker' })
    await why.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(`a message comes to ${QUEUE}`).waitFor(PATIENT)
    expect(await violations()).toEqual([])
    await page.keyboard.press('Escape')
    await expect
      .poll(() => why.evaluate((button) => button === button.ownerDocument.activeElement))
      .toBe(true)

    await page.getByRole('button', { name: 'Logs of core-api' }).press('Enter')
    await expect.poll(() => dialog.getByLabel('Log', { exact: true }).textContent(), PATIENT).toMatch(/\S/)
    await page.keyboard.press('Escape')
  })

  it('fills a queue, and shows it move and the worker come', async () => {
    const load = page.getByRole('region', { name: 'Load' })
    await load.getByLabel('Queue').selectOption('question')
    await load.getByLabel('Messages').fill('40')
    await load.getByLabel('Task, ms').fill('50')
    await load.getByRole('button', { name: 'Start' }).press('Enter')
    const ready = page.locator(`[data-queue="${QUEUE}"] td`).first()
    await expect.poll(() => ready.textContent(), PATIENT).toBe('40')
    await expect.poll(() => replicas(WORKER), { timeout: 120_000 }).toMatch(/^[1-5]\//)
    await load.getByText('Answered 40 of 40').waitFor({ timeout: 120_000 })
    // What is left is the way back to rest, which takes five minutes in this profile.
    await load.getByRole('button', { name: 'Stop' }).click()
    await load.getByText('40 sent, 40 answered, 0 lost').waitFor(PATIENT)
  })

  it('promotes, aborts and retries a canary for real', async () => {
    const canary = page.locator(`[data-rollout="${CORE_API}"]`)
    const step = canary.locator('[aria-current="step"]')
    const press = (name: string) => canary.getByRole('button', { name, exact: true }).click()
    expect((await box.devenv('release', 'core-api', 'sha-1234567')).code).toBe(0)
    await expect.poll(() => step.textContent(), PATIENT).toBe('pause 2m')
    expect((await rollout()).canary).toMatchObject({ step: 1 })
    await press('Promote core-api')
    await expect.poll(rollout, PATIENT).toMatchObject({ canary: { step: 3 } })
    await press('Abort core-api')
    await expect
      .poll(rollout, PATIENT)
      .toMatchObject({ phase: 'Degraded', message: expect.stringContaining('aborted') })
    await press('Retry core-api')
    await expect.poll(rollout, PATIENT).not.toMatchObject({ phase: 'Degraded' })
    await step.waitFor(PATIENT)
    await press('Promote fully core-api')
    await expect.poll(rollout, PATIENT).toMatchObject({ phase: 'Healthy' })
    await canary.getByText('sha-1234567').waitFor(PATIENT)
    await expect.poll(() => step.count(), PATIENT).toBe(0)
  })

  it('had nothing to complain about in its console', () => {
    expect(troubles).toEqual([])
  })

  async function replicas(name: string): Promise<string | null> {
    return await page.locator(`[data-workload="${name}"] .replicas b`).textContent()
  }

  /** What the cluster itself says, past the page. */
  function rollout(): Promise<RolloutView> {
    return box.json<RolloutView>('rollout', 'get')
  }

  async function violations(): Promise<string[]> {
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  }
})
