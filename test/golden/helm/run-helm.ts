/** Runs the real helm, where this machine has one. */
import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { KUBE_VERSION } from './render-case.ts'

export const hasHelm = (process.env.PATH ?? '').split(delimiter).some((folder) => {
  try {
    accessSync(join(folder, 'helm'), constants.X_OK)
    return true
  } catch {
    return false
  }
})

/** Output of `helm template`, or its error message without the hint that follows it. */
export function runHelm(folder: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const all = ['template', 'chart', '--kube-version', KUBE_VERSION, ...args]
    execFile('helm', all, { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const at = stderr.indexOf('Error: ')
      resolve(
        stderr
          .slice(at + 'Error: '.length)
          .replace(/\n\nUse --debug[\s\S]*$/, '')
          .trimEnd(),
      )
    })
  })
}
