import { expect, test } from 'vitest'
import { parseAssignments } from './assignments.ts'

const sources = {
  readFile: async (path: string) => {
    if (path === 'gone') throw new Error("ENOENT: no such file or directory, open 'gone'")
    return `from ${path}\n`
  },
  readStdin: async () => 'line one\nline two\n',
}

test('values come from the argument, a file or standard input; one newline at the end goes', async () => {
  expect(await parseAssignments(['A=x=y', 'B=@b.txt', 'C=-', 'D='], sources)).toEqual({
    A: 'x=y',
    B: 'from b.txt',
    C: 'line one\nline two',
    D: '',
  })
})

test.each([
  [['hunter2'], 'an argument has no "="'],
  [['bad key=hunter2'], 'a key may have letters, digits, ".", "_" and "-"'],
  [['A=hunter2', 'A=hunter2'], 'A is given twice'],
  [['A=-', 'B=-'], 'only one value can come from standard input'],
  [['A=@gone'], "A: ENOENT: no such file or directory, open 'gone'"],
])('%j is a usage error that repeats no value', async (args, message) => {
  const error: Error = await parseAssignments(args, sources).then(
    () => new Error('accepted'),
    (thrown) => thrown,
  )
  expect(error).toMatchObject({ code: 'USAGE', message })
  expect(error.message).not.toContain('hunter2')
})
