import { boolean, custom, string } from '@oclif/core/flags'

import { isHostAndPort } from '../units/host-and-port.js'
import { parseBytes, parseDurationMs, parseShare } from '../units/parse-quantity.js'

type Parse = (text: string) => number | null

const quantity = (parse: Parse, what: string) =>
  custom<number>({
    parse: (input) => {
      const value = parse(input)
      if (value === null) throw new Error(`expected ${what}, got ${JSON.stringify(input)}`)
      return Promise.resolve(value)
    },
  })

/** A duration in milliseconds: `--observe 60s`. */
export const durationFlag = quantity(parseDurationMs, 'a duration such as 500ms, 60s, 15m or 24h')
/** A size in bytes: `--max-bytes 20GB`. */
export const bytesFlag = quantity(parseBytes, 'a size such as 500MB or 20GiB')
/** A share from 0 to 1: `--band 10%`. */
export const shareFlag = quantity(parseShare, 'a share such as 10% or 0.1')
/** A broker id, a count: a whole number from 0 on, in decimal digits only. */
export const wholeNumberFlag = quantity(
  (text) => (/^\d{1,9}$/.test(text) ? Number(text) : null),
  'a whole number',
)

/** `HOST:PORT[,HOST:PORT]`, each checked for its form. */
const addressesFlag = custom({
  parse: (input) => {
    const wrong = input.split(',').find((server) => !isHostAndPort(server.trim()))
    if (wrong === undefined) return Promise.resolve(input)
    throw new Error(`expected HOST:PORT[,HOST:PORT], got ${JSON.stringify(wrong)}`)
  },
})

const GLOBAL = 'COMMON'
const CONNECTION = 'CONNECTION'

/** Flags that every command has. */
export const globalFlags = {
  json: boolean({ summary: 'print one JSON document on stdout', helpGroup: GLOBAL }),
  quiet: boolean({
    summary: 'no progress, no hints; silent when nothing changed',
    helpGroup: GLOBAL,
  }),
  verbose: boolean({ summary: 'say more on stderr, stack traces included', helpGroup: GLOBAL }),
  'no-color': boolean({ summary: 'no colour (NO_COLOR does the same)', helpGroup: GLOBAL }),
  'no-input': boolean({ summary: 'never ask; fail where a question would be', helpGroup: GLOBAL }),
  config: string({ summary: 'configuration file (default: klinic.yaml)', helpGroup: GLOBAL }),
}

/** Flags of every command that talks to a cluster; hand them to `openReadContext`. */
export const connectionFlags = {
  cluster: string({
    char: 'c',
    summary: 'name of a cluster in the configuration file',
    helpGroup: CONNECTION,
  }),
  'bootstrap-server': addressesFlag({
    char: 'b',
    aliases: ['bootstrap'],
    summary: 'HOST:PORT[,HOST:PORT], no configuration file needed',
    helpGroup: CONNECTION,
  }),
  'command-config': string({
    aliases: ['conf'],
    summary: 'client properties (Java or librdkafka, or JSON of the latter): TLS and SASL',
    helpGroup: CONNECTION,
  }),
  timeout: durationFlag({
    summary: 'longest wait for one answer of a broker (default 5s)',
    helpGroup: CONNECTION,
  }),
  'allow-plaintext-sasl': boolean({
    summary: 'log in without TLS, where the network is trusted',
    helpGroup: CONNECTION,
  }),
}

/** `--confirm NAME`: stands for typing the cluster's name. Never taken from the environment. */
export const confirmFlag = {
  confirm: string({ summary: "the cluster's name (or id), instead of typing it when asked" }),
}

/** `--from-snapshot FILE` of every plan command. */
export const snapshotFlag = {
  'from-snapshot': string({
    summary: 'read the cluster from a snapshot file (.json or .json.gz), not from Kafka',
    helpGroup: CONNECTION,
  }),
}
