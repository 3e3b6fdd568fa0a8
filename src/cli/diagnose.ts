/** `devenv diagnose`: state, objects, events and logs in one zip, secrets left out. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { writeFileAtomic } from '../lib/paths.ts'
import { requireRecord } from '../lib/record.ts'
import { type Io, printResult, progress } from './io.ts'

const EXAMPLES = `
Values of Vault (all versions) and of Secrets are replaced wherever they stand, plain, encoded or in base64, and so
is what looks like a token, a password in a URL or a private key. It works on an environment that does not answer,
too: problems.txt in the archive says what could not be had. Nothing is sent anywhere.

Examples:
  npm run diagnose
  npm run diagnose -- --output /tmp/report.zip
  npm run diagnose -- --json | jq -r .file`

export function register(program: Command, io: Io): void {
  program
    .command('diagnose')
    .description('collect state, objects, events and logs in a zip without secrets')
    .option('-o, --output <file>', 'where to write it (default: devenv-NAME-TIME.zip in this folder)')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: { output?: string }) => {
      const record = await requireRecord(io.name, io.env)
      progress(io, `devenv diagnose: environment ${io.name}`)
      const [{ collect }, { zipOf }] = await Promise.all([
        import('../diagnose/collect.ts'),
        import('../diagnose/archive.ts'),
      ])
      const now = new Date()
      const folder = `devenv-${io.name}-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`
      const { files, redactions, problems } = await collect(record, (what) => progress(io, `  ${what}`))
      const archive = zipOf(folder, files, now)
      const file = resolve(flags.output ?? `${folder}.zip`)
      await writeFileAtomic(file, archive)
      const found = { file, bytes: archive.length, files: files.size, redactions, problems }
      printResult(io, { apiVersion: 'devenv/v1', kind: 'Diagnosis', name: io.name, ...found }, () =>
        [
          `${file}: ${files.size} files, ${Math.ceil(archive.length / 1024)} kB; secrets were left out in ${redactions} places`,
          ...problems.map((problem) => `  could not be had: ${problem}`),
        ].join('\n'),
      )
    })
}
