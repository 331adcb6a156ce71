import { boolean, custom } from '@oclif/core/flags'

const JOURNAL = 'JOURNAL'

const topicFlag = custom({
  parse: (input) => {
    if (/^[A-Za-z0-9._-]{1,249}$/.test(input)) return Promise.resolve(input)
    throw new Error(`expected a topic name, got ${JSON.stringify(input)}`)
  },
})

/** `--actions-topic`: where other hosts' actions are read from, and ours written to. */
export const actionsTopicFlag = {
  'actions-topic': topicFlag({
    summary: 'topic of the action log (default for clusters of klinic.yaml: klinic.actions)',
    helpGroup: JOURNAL,
  }),
}

/** Flags of commands that write to the action log. */
export const auditFlags = {
  ...actionsTopicFlag,
  'require-audit': boolean({
    summary: 'do nothing before the actions topic has acknowledged that it will be done',
    helpGroup: JOURNAL,
  }),
}
