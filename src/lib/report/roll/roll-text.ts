import type { RollReport, RollReportBroker } from '../../plan/roll-report.js'
import { formatSeconds } from '../../units/format-seconds.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { renderTable } from '../table.js'

const RESULTS: Readonly<Record<RollReportBroker['result'], string>> = {
  restarted: 'restarted',
  failed: 'FAILED',
  'not-started': 'not touched',
  'done-before': 'restarted by an earlier run',
  'not-needed': 'new enough already',
}

function verdict(report: RollReport): string {
  const restarted = report.brokers.filter(
    ({ result }) => result !== 'failed' && result !== 'not-started',
  )
  const counts = `${restarted.length} of ${report.brokers.length} brokers restarted`
  const rest =
    report.etaSeconds === undefined
      ? ''
      : ` The others would take about ${formatSeconds(report.etaSeconds)}.`
  if (report.complete)
    return `Roll ${report.planId} is complete: ${counts}, and the cluster is whole.`
  if (report.abandoned === true) return `Roll ${report.planId} is given up: ${counts}.`
  if (report.failure === undefined)
    return `Roll ${report.planId} stopped as asked: ${counts}.${rest}`
  return `Roll ${report.planId} stopped: ${counts}.${rest}`
}

function outageText({ outage }: RollReportBroker): string {
  if (outage === undefined) return ''
  const { partitions, seconds } = outage
  return `${partitions} partition${partitions === 1 ? '' : 's'} that a flag gave up away for ${seconds} s at most`
}

/** The end of a roll for people: verdict, a row for each broker, why it stopped. */
export function renderRollReport(report: RollReport, style: Style): string {
  const rows = report.brokers.map((broker) => [
    String(broker.broker),
    broker.result === 'failed' ? style.red(RESULTS.failed) : RESULTS[broker.result],
    broker.seconds === 0 ? '' : `${broker.seconds} s`,
    sanitiseLine(broker.message ?? outageText(broker)),
  ])
  const columns = [
    { title: 'BROKER', align: 'right' },
    { title: 'RESULT' },
    { title: 'TOOK', align: 'right' },
    { title: '' },
  ] as const
  const why =
    report.failure === undefined
      ? []
      : ['', `${style.red(report.failure.code)}: ${sanitiseLine(report.failure.message)}`]
  return [style.bold(verdict(report)), '', renderTable(columns, rows), ...why].join('\n')
}
