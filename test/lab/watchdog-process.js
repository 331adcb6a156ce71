// Ends a lab when its owner dies: plain JavaScript, because it must start in milliseconds and stay small.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const labDir = process.argv[2]
const USERDEL = '/usr/sbin/userdel'
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => {})
for await (const chunk of process.stdin) void chunk

/** @param {number} pid */
function startTicks(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // A zombie whose other threads still run holds its ports: it is not gone yet.
    if (fields[0] === 'Z' && readdirSync(`/proc/${pid}/task`).length <= 1) return undefined
    return fields[19]
  } catch {
    return undefined
  }
}

function livingChildren() {
  const folder = `${labDir}/processes`
  try {
    return readdirSync(folder)
      .filter((name) => !name.endsWith('.new'))
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8').trim().split(' '))
      .filter(([pid, ticks]) => startTicks(Number(pid)) === ticks)
      .map(([pid]) => Number(pid))
  } catch {
    return []
  }
}

// A broker that was being started when the owner died may appear a moment later: look more than once.
let quietRounds = 0
for (let round = 0; round < 100 && quietRounds < 4; round++) {
  const living = livingChildren()
  for (const pid of living) {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It ended by itself in between.
    }
  }
  quietRounds = living.length === 0 ? quietRounds + 1 : 0
  await sleep(50)
}

/** @param {string} folder @param {string} beginning @param {string[]} words */
function removeAll(folder, beginning, words) {
  try {
    for (const name of readdirSync(folder).filter((found) => found.startsWith(beginning)))
      execFileSync('ip', [...words, name], {
        env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' },
        stdio: 'ignore',
      })
  } catch {
    // It is gone, or it never was.
  }
}
removeAll('/sys/class/net', `kl${labDir.slice(-6)}`, ['link', 'del'])
removeAll('/run/netns', `klinic-${labDir.slice(-6)}-`, ['netns', 'del'])
/** The login of a lab with hosts, and what it was allowed. */
function removeAccount() {
  try {
    const user = readFileSync(`${labDir}/hosts/account`, 'utf8')
    rmSync(`/etc/sudoers.d/${user}`, { force: true })
    execFileSync(USERDEL, ['-f', user], { stdio: 'ignore' })
  } catch {
    // The lab had none.
  }
}
removeAccount()
rmSync(labDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
