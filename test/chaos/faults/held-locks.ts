import { openKafkaCoordination } from '../../../src/lib/adapters/kafka/coordination/open-kafka-coordination.js'
import { systemClock } from '../../../src/lib/adapters/system/clock.js'
import type { Coordination } from '../../../src/lib/ports/coordination.js'
import { ELSEWHERE, held, operator } from '../../live/coordination-scenarios.js'
import type { Fault } from './fault.js'
import { exited, fail, same, type World } from './world.js'

/** The lock of the cluster as another host takes it. */
function elsewhere(world: World): Coordination {
  const connection = {
    bootstrapServers: world.lab.bootstrapServers.split(','),
    clientId: 'elsewhere',
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 10_000,
  }
  return openKafkaCoordination({
    connection,
    stateConnection: connection,
    stateTopic: 'klinic.state',
    clusterId: world.clusterId,
    clock: systemClock,
    witness: ELSEWHERE,
  })
}

/** Somebody else works on the cluster: whatever changes it is refused, with who that is, and no broker is stopped. */
async function refuseUnderLock(world: World): Promise<string> {
  const topic = await world.topic([[1, 2]])
  const file = await world.planFile(topic, [[2, 1]])
  const pids = world.lab.brokers.map(({ pid }) => pid)
  const host = elsewhere(world)
  const lock = held(await host.lock(operator(4711)))
  try {
    const roll = ['roll', 'restart', '--brokers', '1', '--service', 'kafka']
    for (const command of [roll, ['reassign', 'execute', file], ['heal', 'run']]) {
      const ran = await world.operator().run([...command, ...world.at, '--json'])
      exited(ran, 75)
      for (const part of ['operator4711', 'host-4711'])
        if (!ran.stdout.includes(part)) fail(`${command.join(' ')} does not name ${part}`)
    }
    await lock.prove()
  } finally {
    await lock.release()
    await host.close()
  }
  same(
    'processes of the brokers',
    world.lab.brokers.map(({ pid }) => pid),
    pids,
  )
  same('places', await world.places(topic), ['1,2 led by 1'])
  await world.settle()
  return 'roll restart, reassign execute and heal run: exit 75'
}

export const heldLocks: Fault = {
  id: 'LOCK',
  what: 'somebody else holds the lock of the cluster: every command that changes something is refused, with who that is',
  times: 3,
  run: refuseUnderLock,
}
