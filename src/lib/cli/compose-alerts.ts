import { hostname } from 'node:os'
import { dirname, join } from 'node:path'

import {
  stateDirectory,
  preparePrivateDirectory,
  fileNameOf,
} from '../adapters/journal/state-directory.js'
import type { Settings } from '../config/settings.js'
import type { IsOurs } from '../execution/alerts/owners.js'
import type { AlertDeps } from '../execution/alerts/raise-alerts.js'
import type { AlertChannel, AlertMessage } from '../ports/alerts.js'
import type { StateStore } from '../ports/coordination.js'
import { completeSteps } from './complete-steps.js'
import { connectionWords } from './connection-words.js'
import { openContextParts, type ContextInput, type ReadContext } from './read-context.js'

/** What alerts need of the process: its stderr, and what is secret. */
export interface AlertTools {
  /** Writes to stderr, also under --quiet. */
  readonly say: (text: string) => void
  readonly warn: (text: string) => void
  readonly redact: (text: string) => string
}

/** Everything that alerts of one cluster are raised with; secrets are resolved, nothing was connected. */
export async function openAlerts(
  input: ContextInput,
  context: Pick<ReadContext, 'clusterName' | 'settings' | 'clock'>,
  tools: AlertTools,
  cluster: { readonly id: string; readonly state: StateStore; readonly isOurs: IsOurs },
): Promise<AlertDeps> {
  const { clusterName, settings, clock } = context
  return {
    channels: [
      ...(await openOwn(tools, cluster.id)),
      ...(await openConfigured(settings.alerts, input)),
    ],
    state: cluster.state,
    isOurs: cluster.isOurs,
    clock,
    cooldownMs: settings.alerts.cooldown,
    cluster: { id: cluster.id, ...(clusterName === undefined ? {} : { name: clusterName }) },
    host: hostname(),
    redact: tools.redact,
    completeSteps: (steps) => completeSteps(steps, connectionWords(input.flags)),
    warn: tools.warn,
  }
}

/** Memory of this host alone, for alerts on a cluster that does not answer. */
export async function openLocalAlertState(name: string): Promise<StateStore> {
  const { openLocalState } = await import('../adapters/alerts/local-state.js')
  return openLocalState(join(await alertDirectory(), `${fileNameOf(name)}.told.json`))
}

async function alertDirectory(): Promise<string> {
  const base = stateDirectory(process.env)
  const directory = join(base, 'alerts')
  await preparePrivateDirectory(base)
  await preparePrivateDirectory(directory)
  return directory
}

/** The two that are always there: stderr and the journal of this host. */
async function openOwn({ say }: AlertTools, clusterId: string): Promise<readonly AlertChannel[]> {
  const { openAlertJournal } = await import('../adapters/alerts/journal.js')
  const { describeAlert } = await import('../adapters/alerts/describe-alert.js')
  const deliver = (message: AlertMessage): Promise<void> => {
    const { title, lines } = describeAlert(message)
    say([title, ...lines.map((line) => `  ${line}`)].join('\n'))
    return Promise.resolve()
  }
  const path = join(await alertDirectory(), `${fileNameOf(clusterId)}.jsonl`)
  return [{ name: 'stderr', deliver }, openAlertJournal(path)]
}

async function openConfigured(
  alerts: Settings['alerts'],
  input: ContextInput,
): Promise<readonly AlertChannel[]> {
  const limits = { timeoutMs: alerts.timeout, retries: alerts.retries }
  const channels: AlertChannel[] = []
  const resolver = await openResolver(input)
  if (alerts.webhook !== undefined) {
    const { openWebhook } = await import('../adapters/alerts/webhook.js')
    channels.push(openWebhook(await resolver.url(alerts.webhook.url, 'alerts.webhook.url'), limits))
  }
  if (alerts.slack !== undefined) {
    const { openSlack } = await import('../adapters/alerts/slack.js')
    channels.push(openSlack(await resolver.url(alerts.slack.url, 'alerts.slack.url'), limits))
  }
  if (alerts.mail !== undefined) {
    const { openMail } = await import('../adapters/alerts/mail.js')
    channels.push(openMail(await resolver.mail(alerts.mail), limits))
  }
  if (alerts.command !== undefined) {
    const { openCommand } = await import('../adapters/alerts/command.js')
    const { runProgram } = await import('../adapters/local/run-program.js')
    channels.push(openCommand(alerts.command, limits, runProgram))
  }
  return channels
}

/** Secrets and files are named relative to the configuration file. Nobody is asked: cron has no terminal. */
async function openResolver(input: ContextInput) {
  const { readAlertUrl, readMailSettings } = await import('../config/alert-settings.js')
  const { cluster } = await openContextParts(input)
  const baseDir = cluster.file === undefined ? process.cwd() : dirname(cluster.file.path)
  const from = { baseDir, shell: { ...input.secrets, prompt: null } }
  return {
    url: (reference: Parameters<typeof readAlertUrl>[0], what: string) =>
      readAlertUrl(reference, what, from),
    mail: (mail: Parameters<typeof readMailSettings>[0]) => readMailSettings(mail, from),
  }
}
