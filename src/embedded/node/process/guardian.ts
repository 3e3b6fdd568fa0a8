/** The guardian of the `groups` tier: a shell that ends the recorded process groups when its pipe closes. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'

const SCRIPT = [
  "trap '' INT TERM HUP",
  'groups=',
  'while read -r verb id; do',
  '  if [ "$verb" = add ]; then groups="$groups $id"; continue; fi',
  '  left=; for other in $groups; do [ "$other" = "$id" ] || left="$left $other"; done; groups=$left',
  'done',
  // dash knows no `--` here.
  'for id in $groups; do kill -9 "-$id"; done 2>/dev/null',
].join('\n')

/** Ends process groups when this process ends, however it ends. */
export class Guardian implements Disposable {
  readonly #child: ChildProcess
  readonly #pipe: Writable

  constructor() {
    // In a session of its own, so that a signal to the supervisor's group does not reach it.
    this.#child = spawn('sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
    this.#child.on('error', () => {})
    this.#child.unref()
    this.#pipe = this.#child.stdin!
    this.#pipe.on('error', () => {})
    ;(this.#pipe as Writable & { unref?: () => void }).unref?.()
  }

  add(group: number): void {
    this.#pipe.write(`add ${group}\n`)
  }

  remove(group: number): void {
    this.#pipe.write(`remove ${group}\n`)
  }

  /** Ends the guardian, and with it whatever is still recorded. */
  [Symbol.dispose](): void {
    this.#pipe.end()
  }
}
