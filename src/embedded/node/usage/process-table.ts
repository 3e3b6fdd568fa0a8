/** CPU time and resident memory of process trees, from /proc or ps. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'

export interface ProcessEntry {
  pid: number
  parent: number
  /** CPU time used so far, waited-for children included, in ms. */
  cpuMs: number
  rssBytes: number
}

export interface TreeUsage {
  cpuMs: number
  rssBytes: number
}

// USER_HZ is 100 and pages are 4 KiB on every Linux that Node runs on, but for some arm64 kernels' pages.
const MS_PER_TICK = 10
const PAGE_BYTES = 4096

/** All processes of the machine, by pid. */
export async function readProcesses(): Promise<Map<number, ProcessEntry>> {
  const entries = process.platform === 'linux' ? fromProc() : await fromPs()
  return new Map(entries.map((entry) => [entry.pid, entry]))
}

/** What the process `root` and all below it use together. */
export function treeUsage(processes: Map<number, ProcessEntry>, root: number): TreeUsage {
  const children = new Map<number, ProcessEntry[]>()
  for (const entry of processes.values()) {
    const siblings = children.get(entry.parent)
    if (siblings) siblings.push(entry)
    else children.set(entry.parent, [entry])
  }
  const total = { cpuMs: 0, rssBytes: 0 }
  const pending = [processes.get(root)]
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    total.cpuMs += entry.cpuMs
    total.rssBytes += entry.rssBytes
    pending.push(...(children.get(entry.pid) ?? []))
  }
  return total
}

function fromProc(): ProcessEntry[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return [parseStat(readFileSync(`/proc/${name}/stat`, 'latin1'))]
    } catch {
      // Ended meanwhile.
      return []
    }
  })
}

/** proc(5): the command name in parentheses may hold anything, so fields count from the last one. */
export function parseStat(line: string): ProcessEntry {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const field = (number: number) => Number(fields[number - 3])
  return {
    pid: Number.parseInt(line, 10),
    parent: field(4),
    cpuMs: (field(14) + field(15) + field(16) + field(17)) * MS_PER_TICK,
    rssBytes: field(24) * PAGE_BYTES,
  }
}

async function fromPs(): Promise<ProcessEntry[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,rss=,time='])
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, rss, time] = line.trim().split(/\s+/)
    if (!pid || !time) return []
    const seconds = time.split(/[:-]/).reduce((total, part) => total * 60 + Number(part), 0)
    return [{ pid: Number(pid), parent: Number(parent), cpuMs: seconds * 1000, rssBytes: Number(rss) * 1024 }]
  })
}
