import type { Lab } from '../lab.js'

/** One line for each process of the lab, and what a client needs to reach it. */
export function printStatus(lab: Lab): void {
  const { layout, quorum } = lab
  const lines = [
    `cluster            ${lab.clusterId} (${layout.mode}, Kafka ${layout.version})`,
    `folder             ${lab.dir}`,
    `bootstrap servers  ${lab.bootstrapServers}`,
  ]
  if (lab.zookeeperConnect !== null) lines.push(`zookeeper          ${lab.zookeeperConnect}`)
  if (lab.clientProperties !== null) lines.push(`command config     ${lab.clientProperties}`)
  const name = layout.mode === 'kraft' ? 'controller' : 'zookeeper'
  lines.push(`${name.padEnd(18)} port ${quorum.port}  pid ${quorum.pid}  ${quorum.state}`)
  for (const broker of lab.brokers) {
    const rack = broker.rack === null ? '' : `  rack ${broker.rack}`
    const agents = [
      broker.jolokiaPort === null ? '' : `  jolokia ${broker.jolokiaPort}`,
      broker.prometheusPort === null ? '' : `  prometheus ${broker.prometheusPort}`,
    ].join('')
    const label = `broker ${broker.id}`.padEnd(18)
    lines.push(`${label} port ${broker.port}  pid ${broker.pid}  ${broker.state}${rack}${agents}`)
  }
  console.log(lines.join('\n'))
}
