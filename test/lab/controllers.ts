import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** One node of the KRaft quorum that is no broker. */
export interface ControllerLayout {
  readonly id: number
  readonly port: number
  /** Where its own sshd listens; null unless the lab has several controllers. */
  readonly sshPort: number | null
  /** The folder that `sv` takes for it; null unless the lab has several controllers. */
  readonly serviceDir: string | null
  readonly supervised: false
  readonly dir: string
}

const MAX_CONTROLLERS = 5

/** Works out the controllers: the first listens on the base port, the others from +111 on; their sshds from +120 on. */
export function layOutControllers(
  labDir: string,
  firstId: number,
  options: { readonly count: number; readonly basePort: number; readonly hosts: boolean },
): readonly ControllerLayout[] {
  const { count, basePort, hosts } = options
  if (count < 1 || count > MAX_CONTROLLERS)
    throw new Error(`a lab has 1 to ${MAX_CONTROLLERS} controllers, not ${count}`)
  if (count > 1 && !hosts) throw new Error('only a lab with hosts has several controllers')
  return Array.from({ length: count }, (_, index) => {
    const dir = index === 0 ? `${labDir}/controller` : `${labDir}/controller-${firstId + index}`
    return {
      id: firstId + index,
      port: index === 0 ? basePort : basePort + 110 + index,
      sshPort: count > 1 ? basePort + 120 + index : null,
      serviceDir: count > 1 ? `${labDir}/controllers/${firstId + index}` : null,
      supervised: false,
      dir,
    }
  })
}

/** `controller.quorum.voters` */
export function quorumVoters(
  host: string,
  controllers: readonly Pick<ControllerLayout, 'id' | 'port'>[],
): string {
  return controllers.map(({ id, port }) => `${id}@${host}:${port}`).join(',')
}

/** What `kafka-storage format` made for the first controller, for another one: without another JVM's two seconds. */
export function copyFormatted(
  from: ControllerLayout,
  to: ControllerLayout,
  directoryId: string,
): void {
  cpSync(`${from.dir}/log`, `${to.dir}/log`, { recursive: true })
  const file = `${to.dir}/log/meta.properties`
  if (!readdirSync(`${to.dir}/log`).includes('meta.properties')) throw new Error('not formatted')
  const text = readFileSync(file, 'utf8')
    .replace(/^node\.id=.*$/m, `node.id=${to.id}`)
    .replace(/^directory\.id=.*$/m, `directory.id=${directoryId}`)
  writeFileSync(file, text)
}
