import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startChild } from '../lab/children.js'
import { destroyLab } from '../lab/lab-folder.js'
import { layOutNetwork, layOutPlace, networkId } from '../lab/network/addresses.js'
import { requireNetworking } from '../lab/network/ip.js'
import { buildNetwork, inside, limitCable } from '../lab/network/network.js'
import { isListening, waitListening } from '../lab/probe.js'
import { startWatchdog } from '../lab/watchdog.js'

const BASE_PORT = 24_900
const PORT = 24_901
const MEGABYTES = 3
const SEND = `require('net').createServer((s) => s.on('error', () => 0).end(Buffer.alloc(${MEGABYTES}e6))).listen(${PORT}, process.argv[1])`
const mayNetwork = await requireNetworking().then(
  () => true,
  () => false,
)

/** Folders of this file's labs, removed in the end by whatever test did not. */
const made: string[] = []
afterEach(async () => {
  for (const dir of made.splice(0)) await destroyLab(dir)
})

const namesOf = (dir: string): string[] =>
  [...readdirSync('/sys/class/net'), ...readdirSync('/run/netns')].filter((name) =>
    name.includes(networkId(dir)),
  )

async function makeNetwork(): Promise<{ dir: string; place: ReturnType<typeof layOutPlace> }> {
  const dir = mkdtempSync(join(tmpdir(), 'klinic-net-'))
  made.push(dir)
  mkdirSync(`${dir}/processes`)
  const place = layOutPlace(dir, BASE_PORT, 0)
  await buildNetwork(layOutNetwork(dir, BASE_PORT), [place])
  const command = [...inside(place.namespace), process.execPath, '-e', SEND, place.address]
  await startChild(dir, 'sender', command, `${dir}/sender.log`)
  await waitListening(PORT, 30_000, place.address)
  return { dir, place }
}

async function receive(host: string): Promise<{ bytes: number; seconds: number }> {
  const startMs = performance.now()
  let bytes = 0
  for await (const chunk of connect(PORT, host)) bytes += (chunk as Buffer).length
  return { bytes, seconds: (performance.now() - startMs) / 1000 }
}

// Network namespaces need root and iproute2: elsewhere no lab can have them.
describe.skipIf(!mayNetwork)('a lab whose brokers have a network', { timeout: 120_000 }, () => {
  it('reaches a broker in its own namespace over the bridge, and nobody else has its ports', async () => {
    const { place } = await makeNetwork()
    expect((await receive(place.address)).bytes).toBe(MEGABYTES * 1e6)
    expect(await isListening(PORT)).toBe(false)
  })

  it('caps a link to the rate that was asked for, and lifts the cap while it is up', async () => {
    const { place } = await makeNetwork()
    await limitCable(place, 1e6)
    const capped = await receive(place.address)
    expect(capped.bytes).toBe(MEGABYTES * 1e6)
    expect(capped.seconds).toBeGreaterThan(MEGABYTES * 0.8)
    await limitCable(place, null)
    await limitCable(place, null)
    expect((await receive(place.address)).seconds).toBeLessThan(capped.seconds)
  })

  it('leaves no interface and no namespace when it goes down', async () => {
    const { dir } = await makeNetwork()
    expect(namesOf(dir)).toHaveLength(3)
    await destroyLab(dir)
    expect(namesOf(dir)).toEqual([])
  })

  it('leaves none when its owner dies either', async () => {
    const { dir } = await makeNetwork()
    // Its death closes this pipe to the watchdog, and so does its release.
    await startWatchdog(dir).release()
    expect(namesOf(dir)).toEqual([])
  })
})
